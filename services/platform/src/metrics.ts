/** Prometheus metrics of one process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  /** The helpers make a metric at first use and return the same one after. Names end in a unit: `_total`, `_seconds`, `_bytes`. */
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[]): Gauge<L>
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>
  readonly contentType: string
  /** The exposition text of `/metrics`. */
  text(): Promise<string>
}

/** @param options.process also exports CPU, memory and event-loop figures of the process; once a process. */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const once = <M>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make()
  const registers = [registry]
  return {
    counter: (name, help, labelNames = []) =>
      once(name, () => new Counter({ name, help, labelNames: [...labelNames], registers })),
    gauge: (name, help, labelNames = []) =>
      once(name, () => new Gauge({ name, help, labelNames: [...labelNames], registers })),
    histogram: (name, help, buckets, labelNames = []) =>
      once(name, () => new Histogram({ name, help, buckets: [...buckets], labelNames: [...labelNames], registers })),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}

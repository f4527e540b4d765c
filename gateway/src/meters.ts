/** What the parts count, as Prometheus reads it: set anew at each scrape from a part's own figures. */
import type { Metrics } from '@hub/platform'

export interface Meters {
  gauge(name: string, help: string, value: number): void
  counter(name: string, help: string, value: number): void
  /** One counter for each value of a label. */
  counters(name: string, help: string, label: string, values: Iterable<readonly [string, number]>): void
}

export const metersOf = (metrics: Metrics): Meters => ({
  gauge: (name, help, value) => metrics.gauge(name, help).set(value),
  counter(name, help, value) {
    const metric = metrics.counter(name, help)
    metric.reset()
    metric.inc(value)
  },
  counters(name, help, label, values) {
    const metric = metrics.counter(name, help, [label])
    metric.reset()
    for (const [of, value] of values) metric.inc({ [label]: of }, value)
  },
})

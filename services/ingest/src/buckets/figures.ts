/** Probe figures of one bucket, read from the raw batches: nothing to keep in memory, nothing to lose in a crash. */
import type { Observation } from '@hub/contracts'
import type { UptimeBucket } from '@hub/platform'

export type ProbeFigures = Pick<UptimeBucket, 'probes' | 'p50Ms' | 'p95Ms'>

export class ProbeTimes {
  readonly #times = new Map<string, { probes: number; ms: number[] }>()

  add({ device, kind, ms }: Observation): void {
    if (kind !== 'probe') return
    let entry = this.#times.get(device)
    if (!entry) {
      entry = { probes: 0, ms: [] }
      this.#times.set(device, entry)
    }
    entry.probes++
    if (ms !== undefined) entry.ms.push(ms)
  }

  of(device: string): ProbeFigures {
    const entry = this.#times.get(device)
    if (!entry) return { probes: 0 }
    if (entry.ms.length === 0) return { probes: entry.probes }
    const sorted = entry.ms.sort((a, b) => a - b)
    return { probes: entry.probes, p50Ms: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95) }
  }
}

/** Nearest rank, of values in ascending order. */
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!

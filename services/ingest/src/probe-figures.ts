/** Probe figures of buckets, read from the raw batches: nothing to keep in memory, nothing to lose in a crash. */
import type { Observation } from '@hub/contracts'
import { bucketStart, type ProbeBucket, type ProbeStep } from '@hub/platform'
import type { Directory } from './directory.ts'

type Probes = { device: string; at: number; probes: number; ms: number[]; offsets: number[] }

export class ProbeFigures {
  readonly step: ProbeStep
  readonly #probes = new Map<string, Probes>()

  constructor(step: ProbeStep) {
    this.step = step
  }

  add({ device, at, kind, ms, values }: Observation): void {
    if (kind !== 'probe') return
    const start = bucketStart(this.step, at)
    const key = `${device} ${start}`
    let figures = this.#probes.get(key)
    if (!figures) {
      figures = { device, at: start, probes: 0, ms: [], offsets: [] }
      this.#probes.set(key, figures)
    }
    figures.probes++
    if (ms !== undefined) figures.ms.push(ms)
    if (values?.clockOffsetMs !== undefined) figures.offsets.push(values.clockOffsetMs)
  }

  /** One for each device and bucket with a probe in it. */
  *buckets(directory: Pick<Directory, 'device'>): Generator<ProbeBucket> {
    for (const { device, at, probes, ms, offsets } of this.#probes.values()) {
      const listed = directory.device(device)
      if (!listed) continue
      const { district, application, carrier } = listed
      ms.sort(ascending)
      offsets.sort(ascending)
      yield {
        device,
        district,
        application,
        carrier,
        at,
        probes,
        ...(ms.length > 0 && { p50Ms: quantile(ms, 0.5), p95Ms: quantile(ms, 0.95) }),
        ...(offsets.length > 0 && { clockOffsetMs: quantile(offsets, 0.5) }),
      }
    }
  }
}

const ascending = (a: number, b: number) => a - b

/** Nearest rank, of values in ascending order. */
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!

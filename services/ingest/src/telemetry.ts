/**
 * Sensors' values on their way to the History. What is committed is queued; when the History does not keep up the queue is
 * dropped and read again from the raw batches, so memory is bounded and nothing is skipped: but raw batches that grew too old
 * before the History took anything again, which are counted.
 */
import type { Observation } from '@hub/contracts'
import type { History, RecordStore, TelemetryPoint } from '@hub/platform'
import type { Directory } from './directory.ts'
import type { IngestMetrics } from './metrics.ts'
import { unpack } from './raw-batches.ts'
import type { Store } from './store.ts'

/** Points in memory. */
const queueLimit = 50_000
/** Raw batches read at once when catching up. */
const catchUp = 50
const key = 'telemetry:cursor'

export type TelemetryDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  directory: Pick<Directory, 'device'>
  history: Pick<History, 'writeTelemetry'>
  metrics: Pick<IngestMetrics, 'telemetryLost'>
}

export class TelemetryWriter {
  readonly #deps: TelemetryDeps
  /** All values up to this batch are in the History. */
  #cursor = 0
  #saved = 0
  /** The queue holds the values of every batch after this one. */
  #queueAfter = 0
  #newest = 0
  #queue: TelemetryPoint[] = []

  constructor(deps: TelemetryDeps) {
    this.#deps = deps
  }

  load(): void {
    this.#cursor = Number(this.#deps.store.settings.get(key) ?? 0)
    this.#saved = this.#cursor
    this.#newest = Math.max(this.#cursor, this.#deps.store.newestBatch())
    this.#queueAfter = this.#newest
  }

  offer(batch: number, observations: readonly Observation[]): void {
    this.#newest = Math.max(this.#newest, batch)
    for (const o of observations) this.#pointsOf(o, this.#queue)
    if (this.#queue.length <= queueLimit) return
    this.#queue = []
    this.#queueAfter = this.#newest
  }

  /** Writes what waits. Throws what History throws: call again later. */
  async write(): Promise<void> {
    const { store, history, metrics } = this.#deps
    while (this.#cursor < this.#queueAfter) {
      const rows = store.batchesAfter(this.#cursor, catchUp).filter((row) => row.id <= this.#queueAfter)
      const last = rows.at(-1)
      // Their ids have no gaps but at the old end. Before the first value there was nothing to lose.
      const gap = (rows[0]?.id ?? this.#queueAfter + 1) - this.#cursor - 1
      if (this.#cursor > 0) metrics.telemetryLost.inc(gap)
      const points: TelemetryPoint[] = []
      for (const row of rows)
        if (row.count > 0) for (const o of unpack(row.payload).observations) this.#pointsOf(o, points)
      if (points.length > 0) await history.writeTelemetry(points)
      this.#cursor = last?.id ?? this.#queueAfter
      await new Promise((resolve) => setImmediate(resolve))
    }
    const points = this.#queue
    const newest = this.#newest
    this.#queue = []
    this.#queueAfter = newest
    if (points.length > 0) await history.writeTelemetry(points)
    this.#cursor = newest
  }

  /** All values up to this batch are in the History, and that is written down. */
  get saved(): number {
    return this.#saved
  }

  /** Writes down how far it has come. Values after it are written again after a crash, which is harmless. */
  async save(): Promise<void> {
    if (this.#cursor === this.#saved) return
    const cursor = this.#cursor
    await this.#deps.record.commit(() => this.#deps.store.settings.put(key, String(cursor)))
    this.#saved = cursor
  }

  #pointsOf(o: Observation, into: TelemetryPoint[]): void {
    if (o.kind !== 'telemetry' || !o.values) return
    const district = this.#deps.directory.device(o.device)?.district
    if (!district) return
    for (const measure in o.values)
      into.push({ device: o.device, district, measure, at: o.at, value: o.values[measure]! })
  }
}

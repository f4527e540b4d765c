/**
 * The rollups follow the intervals. Problem: a year of 20,000 devices must be answered at once, and the past changes: late data,
 * approvals, registry entries. So each day that is over is rolled up device by device, and what changed afterwards waits in a durable
 * queue. Invariant at every commit: the sums are the sums of the day rows; a day row before the frontier is what the intervals and
 * adjustments say, or its device is in the queue. Killed anywhere, it goes on where it was.
 */
import type { DatabaseSync } from 'node:sqlite'
import { dayStart } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import { dayNumber, startOfDay } from '../calendar.ts'
import { createExemptions } from '../exemptions.ts'
import { rollupMarks } from '../marks.ts'
import { dirtyQueue } from '../pending.ts'
import { Days } from './days.ts'
import type { UptimeMetrics } from './metrics.ts'
import { Sums } from './sums.ts'

/** Length of one transaction: acknowledgements wait no longer. */
const sliceMs = 10
const peekSize = 64
/** Of one device: what has been in service for years is derived in parts. */
const daysAtOnce = 100
/**
 * After a transaction that leaves work, so many times its length: catching up (a file of devices that have been in service for years)
 * takes a quarter of this thread and of the disk, and acknowledgements have the rest.
 */
const restTimes = 3
const longestRestMs = 500

/** @returns what is done in one transaction; true when there is nothing left of its kind. */
type Slice = (until: number) => boolean

export class Rollup {
  readonly #record: Pick<RecordStore, 'commit'>
  readonly #clock: Clock
  readonly #metrics: UptimeMetrics
  readonly #sums: Sums
  readonly #days: Days
  readonly #index
  readonly #queue
  readonly #marks
  readonly #devicesAfter
  readonly #movedFirst
  readonly #rest
  #stopped = false

  constructor(deps: {
    record: Pick<RecordStore, 'commit'> & { sqlite: DatabaseSync }
    clock: Clock
    metrics: UptimeMetrics
    rest?(ms: number): Promise<unknown>
  }) {
    const { record, clock, metrics, rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) } = deps
    const { sqlite } = record
    this.#record = record
    this.#clock = clock
    this.#rest = rest
    this.#metrics = metrics
    this.#sums = new Sums(sqlite)
    this.#index = createExemptions(sqlite)
    this.#days = new Days(sqlite, this.#index, this.#sums)
    this.#queue = dirtyQueue(sqlite, 'days')
    this.#marks = rollupMarks(sqlite)
    this.#devicesAfter = sqlite.prepare('SELECT id FROM registry_device WHERE id > ? ORDER BY id LIMIT ?')
    this.#movedFirst = sqlite.prepare('SELECT device FROM uptime_moved LIMIT ?')
  }

  /** Brings the rollups up to date; between two transactions the event loop has its turn, and more. */
  async run(): Promise<void> {
    await this.#record.commit(() => this.#begin())
    await this.#each((until) => this.#requeued(until))
    await this.#each((until) => this.#moves(until))
    await this.#each((until) => this.#pass(until))
    this.#metrics.pendingDays.set(this.#queue.size())
  }

  /** Ends a run after its present transaction; the rest is for the next start. */
  stop(): void {
    this.#stopped = true
  }

  async #each(slice: Slice): Promise<void> {
    for (let done = false; !done && !this.#stopped; ) {
      const began = performance.now()
      done = await this.#record.commit(() => {
        try {
          this.#index.reload()
          const all = slice(performance.now() + sliceMs)
          this.#sums.write()
          return all
        } finally {
          this.#sums.forget()
        }
      })
      if (!done) await this.#rest(Math.min(longestRestMs, restTimes * (performance.now() - began)))
    }
  }

  /** Days that are over since: from here on their changes are queued. */
  #begin(): void {
    this.#metrics.pendingDays.set(this.#queue.size())
    const today = dayStart(this.#clock.now())
    const tracked = this.#marks.tracked()
    if (this.#marks.frontier() < tracked || today <= tracked) return
    this.#marks.setTracked(today)
    this.#marks.setCursor('')
  }

  #requeued(until: number): boolean {
    const waiting = this.#queue.peek('', peekSize)
    const end = dayNumber(this.#marks.tracked())
    let left = waiting.length === peekSize
    for (const [i, dirty] of waiting.entries()) {
      const first = dayNumber(dirty.from)
      const last = Math.min(end, dayNumber(dirty.to - 1) + 1)
      const cut = Math.min(last, first + daysAtOnce)
      this.#days.derive(dirty.device, first, cut)
      this.#queue.settle(dirty)
      if (cut < last) {
        this.#queue.mark({ ...dirty, from: startOfDay(cut) })
        left = true
      }
      if (performance.now() > until) return !left && i === waiting.length - 1
    }
    return !left
  }

  #moves(until: number): boolean {
    const waiting = this.#movedFirst.all(peekSize) as { device: string }[]
    for (const { device } of waiting) {
      this.#days.derive(device, 0, 0)
      if (performance.now() > until) return false
    }
    return waiting.length < peekSize
  }

  /** Rolls up the days between frontier and tracked, device by device; after the last one the frontier moves. */
  #pass(until: number): boolean {
    const [frontier, tracked] = [this.#marks.frontier(), this.#marks.tracked()]
    this.#metrics.rolledUpTo.set(frontier / 1_000)
    if (frontier === tracked) return true
    const waiting = this.#devicesAfter.all(this.#marks.cursor(), peekSize) as { id: string }[]
    for (const { id } of waiting) {
      this.#days.derive(id, dayNumber(frontier), dayNumber(tracked))
      this.#marks.setCursor(id)
      if (performance.now() > until) return false
    }
    if (waiting.length === peekSize) return false
    this.#marks.setFrontier(tracked)
    this.#metrics.rolledUpTo.set(tracked / 1_000)
    return true
  }
}

/**
 * Runs items when they are due: any number of them behind one timer, one at a time at each host, and a bounded number in all. What is
 * run, and when next, is for the owner of the item to say.
 */
import type { Clock } from '@hub/platform'
import type { Background } from './background.ts'
import { Lanes } from './lanes.ts'
import { TimingWheel } from './wheel.ts'

export type Scheduled = { readonly id: string; readonly host: string }

/** An item's place in the schedule. */
export interface Slot<T> {
  readonly item: T
  /** When it is run next; 0 before that is known. */
  readonly dueAt: number
  /** False once it was removed, or all has been stopped. */
  readonly active: boolean
}

export type SchedulerStats = {
  running: number
  parked: number
  waiting: number
  /** Runs by lateness of their start: the n-th counts those below 2^n × 25 ms, the last all others. */
  lateness: readonly number[]
}

const tickMs = 25
const latenessBuckets = 12

/** `generation`: of the slot's entry in the wheel; an older one is void. */
class Entry<T> implements Slot<T> {
  readonly item: T
  dueAt = 0
  active = true
  generation = 0

  constructor(item: T) {
    this.item = item
  }
}

export class Scheduler<T extends Scheduled> {
  readonly #clock: Clock
  readonly #background: Background
  readonly #run: (slot: Slot<T>) => Promise<void>
  readonly #wheel: TimingWheel<{ entry: Entry<T>; generation: number }>
  readonly #lanes: Lanes
  readonly #lateness = new Array<number>(latenessBuckets).fill(0)
  readonly #cancel: () => void
  readonly #entries = new Set<Entry<T>>()

  /** @param options.concurrency runs under way that are not slow. */
  constructor(options: {
    clock: Clock
    background: Background
    concurrency: number
    run(slot: Slot<T>): Promise<void>
  }) {
    const { clock, concurrency } = options
    this.#clock = clock
    this.#background = options.background
    this.#run = options.run
    this.#wheel = new TimingWheel(tickMs, clock.now())
    this.#lanes = new Lanes({ now: () => clock.now(), concurrency, parkAfterMs: 250, maxParked: 4_096 })
    this.#cancel = clock.every(tickMs, () => this.#tick())
  }

  add(item: T): Slot<T> {
    const entry = new Entry(item)
    this.#entries.add(entry)
    return entry
  }

  /** Says when it is run next, instead of what was said before. Nothing once it was removed. */
  schedule(slot: Slot<T>, at: number): void {
    const entry = slot as Entry<T>
    if (!entry.active) return
    entry.generation++
    entry.dueAt = at
    this.#wheel.add(at, { entry, generation: entry.generation })
  }

  /** Not later than now, unless it is due within a tick anyway. */
  hasten(slot: Slot<T>): void {
    const now = this.#clock.now()
    if (slot.dueAt > now + tickMs) this.schedule(slot, now)
  }

  remove(slot: Slot<T>): void {
    const entry = slot as Entry<T>
    entry.active = false
    this.#entries.delete(entry)
  }

  /** Other work at a host, in order with the runs there. `urgent` goes first and needs no place. */
  atHost<R>(host: string, work: () => Promise<R>, urgent = false): Promise<R> {
    return this.#lanes.run(host, work, urgent)
  }

  stats(): SchedulerStats {
    const { running, parked, waiting } = this.#lanes
    return { running, parked, waiting, lateness: [...this.#lateness] }
  }

  stop(): void {
    this.#cancel()
    for (const entry of this.#entries) entry.active = false
  }

  #tick(): void {
    for (const { entry, generation } of this.#wheel.due(this.#clock.now())) {
      if (!entry.active || entry.generation !== generation) continue
      this.#background.begin()
      this.#lanes.enter({ host: entry.item.host, start: () => this.#start(entry, generation) })
    }
    this.#lanes.tick()
  }

  async #start(entry: Entry<T>, generation: number): Promise<void> {
    try {
      // It may have been run, or scheduled anew, while it waited for its host.
      if (!entry.active || entry.generation !== generation) return this.#background.end()
      const late = Math.max(0, this.#clock.now() - entry.dueAt)
      this.#lateness[Math.min(latenessBuckets - 1, Math.max(0, Math.ceil(Math.log2((late + 1) / tickMs))))]!++
      await this.#run(entry)
      this.#background.end()
    } catch (error) {
      this.#background.end(error, entry.item.id)
    }
  }
}

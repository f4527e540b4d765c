/**
 * The devices' health in memory. Problem: at thousands of observations a second most only extend what is known, and a row
 * for each would cost more than all the rest. So a steady device is written down lazily; a device whose state changed is
 * written in the transaction of the batch that changed it. Invariant: a device's rows are its standing after batch
 * `applied`, and every later batch is on disk, so that replay makes up the rest exactly.
 */
import type { DeviceState, Interval, Observation, Rule } from '@hub/contracts'
import {
  type DeviceHealth,
  type Effect,
  expire,
  type HealthPolicy,
  inOrder,
  neverSeen,
  observe,
  type Run,
} from '@hub/core'
import type { Listed } from './directory.ts'
import type { StandingRow, Store } from './store.ts'

export const recentKept = 10

export type Tracked = {
  readonly id: string
  health: DeviceHealth
  /** Oldest first; a few more than are kept, so that trimming is rare. */
  recent: Observation[]
  /** Last batch in `health`. */
  applied: number
  /** First batch in `health` that the device's rows do not have; 0 when they have all. */
  unwritten: number
  /** Closed runs that are not written yet. */
  closed: Run[]
  /** What the registry says of it, as of version `listedIn` of the directory. */
  listed: Listed | undefined
  listedIn: number
}

const track = (id: string, health: DeviceHealth, recent: Observation[], applied: number): Tracked => ({
  ...{ id, health, recent, applied, unwritten: 0, closed: [], listed: undefined, listedIn: -1 },
})

export type Change = { from: DeviceState; to: DeviceState; at: number; rule: Rule }

/** What one group of batches does to the devices, until it is committed. */
export type Changes = {
  /** Upserts by `from`, for each device whose intervals changed. */
  intervals: Map<Tracked, Interval[]>
  late: Map<Tracked, Observation[]>
  transitions: { device: string; change: Change }[]
  corrections: { device: string; from: number; to: number }[]
}

export const noChanges = (): Changes => ({ intervals: new Map(), late: new Map(), transitions: [], corrections: [] })

export class Projection {
  readonly #policy: HealthPolicy
  readonly #devices = new Map<string, Tracked>()
  /** Devices with something unwritten, longest waiting first. */
  readonly #unwritten = new Set<Tracked>()

  constructor(policy: HealthPolicy) {
    this.#policy = policy
  }

  load({ device, health, recent, applied }: StandingRow): void {
    this.#devices.set(device, track(device, health, recent.reverse(), applied))
  }

  /** Undefined for a device that has never been looked at. */
  find = (id: string): Tracked | undefined => this.#devices.get(id)

  device(id: string): Tracked {
    let tracked = this.#devices.get(id)
    if (!tracked) {
      tracked = track(id, neverSeen, [], 0)
      this.#devices.set(id, tracked)
    }
    return tracked
  }

  /** One observation of batch `batch`. A late one is only put aside: `amend` needs the rows. */
  take(tracked: Tracked, o: Observation, batch: number, changes: Changes): void {
    // What a camera noticed says nothing about how the camera is.
    if (o.kind === 'event') return
    this.touch(tracked, batch)
    if (!inOrder(tracked.health, o)) {
      const late = changes.late.get(tracked)
      if (late) late.push(o)
      else changes.late.set(tracked, [o])
      return
    }
    remember(tracked, o)
    const { health, effects } = observe(tracked.health, o, this.#policy)
    tracked.health = health
    if (effects.length > 0) this.#collect(tracked, effects, changes)
  }

  /** Whether `expire` has anything to do. A scan of 20,000 numbers is cheaper than a heap kept at each observation. */
  isAnyStale(now: number, notBefore: number): boolean {
    if (now < notBefore) return false
    for (const { health } of this.#devices.values()) if (isStale(health, now)) return true
    return false
  }

  /** Devices whose evidence has gone stale by `now` become unknown. */
  expire(now: number, notBefore: number, changes: Changes): void {
    for (const tracked of this.#devices.values()) {
      if (!isStale(tracked.health, now)) continue
      const { health, effects } = expire(tracked.health, now, this.#policy, notBefore)
      tracked.health = health
      this.#collect(tracked, effects, changes)
    }
  }

  #collect(tracked: Tracked, effects: readonly Effect[], changes: Changes): void {
    const transitions: Change[] = []
    for (const effect of effects) {
      if (effect.kind === 'run') {
        // The open run is in `health`; only closed ones would be lost.
        if (effect.run.firstAt !== tracked.health.run?.firstAt) tracked.closed.push(effect.run)
      } else if (effect.kind === 'interval') {
        const intervals = changes.intervals.get(tracked)
        if (intervals) intervals.push(effect.interval)
        else changes.intervals.set(tracked, [effect.interval])
      } else transitions.push(effect)
    }
    const [first] = transitions
    const last = transitions.at(-1)
    // A gap that is found only when it is over: unknown was never the present state, it is the past that is corrected.
    if (first && last && first.from === last.to)
      changes.corrections.push({ device: tracked.id, from: first.at, to: last.at })
    else for (const change of transitions) changes.transitions.push({ device: tracked.id, change })
  }

  touch(tracked: Tracked, batch: number): void {
    tracked.applied = batch
    if (tracked.unwritten !== 0) return
    tracked.unwritten = batch
    this.#unwritten.add(tracked)
  }

  /** Writes a device's rows: its standing is then as of batch `applied`. */
  write(store: Store, tracked: Tracked): void {
    this.writeRuns(store, tracked)
    store.putState(tracked.id, tracked.health, tracked.recent.slice(-recentKept).reverse(), tracked.applied)
    tracked.unwritten = 0
    this.#unwritten.delete(tracked)
  }

  /** Only the runs, for who reads them in this transaction. */
  writeRuns(store: Store, { id, health, closed }: Tracked): void {
    for (const run of closed.splice(0)) store.putRun(id, run)
    if (health.run) store.putRun(id, health.run)
  }

  /** The devices that wait longest for being written, at most `limit`. */
  waiting(limit: number): Tracked[] {
    const first: Tracked[] = []
    for (const tracked of this.#unwritten) {
      if (first.length === limit) break
      first.push(tracked)
    }
    return first
  }

  get unwritten(): number {
    return this.#unwritten.size
  }

  /** The last batch that every device's rows have, when `newest` is the last one applied. */
  checkpoint(newest: number): number {
    const [oldest] = this.#unwritten
    return oldest ? oldest.unwritten - 1 : newest
  }
}

/** A device of which nothing was decided yet is unknown for want of looks; stale, it is unknown from a known instant. */
const isStale = ({ freshUntil, state, rule }: DeviceHealth, now: number): boolean =>
  freshUntil !== null && freshUntil < now && (state !== 'unknown' || rule.id === 'never-seen')

/** Keeps the newest by event time. */
export function remember(tracked: Tracked, o: Observation): void {
  const { recent } = tracked
  const newest = recent.at(-1)
  recent.push(o)
  if (newest && newest.at > o.at) recent.sort((a, b) => a.at - b.at)
  if (recent.length > 2 * recentKept) recent.splice(0, recent.length - recentKept)
}

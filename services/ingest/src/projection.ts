/**
 * The devices' health in memory. Problem: at thousands of observations a second most only extend what is known, and a row
 * for each would cost more than all the rest. So a steady device is written down lazily; a device whose state changed is
 * written in the transaction of the batch that changed it. Invariant: a device's rows are its standing after batch
 * `applied`, and every later batch is on disk, so that replay makes up the rest exactly. Late looks wait in memory for the same
 * reason: the past of a device is derived again once for all that have gathered.
 */
import type { DeviceState, Observation } from '@hub/contracts'
import { type DeviceHealth, type Effect, expire, type HealthPolicy, inOrder, neverSeen, observe } from '@hub/core'
import type { Changes, Tracked } from './changes.ts'
import { isRecent, tell, Withheld } from './present.ts'
import { noReadings, type Readings, read } from './readings.ts'
import type { StandingRow, Store } from './store.ts'

export const recentKept = 10

type Standing = { health: DeviceHealth; recent: Observation[]; applied: number; readings: Readings }
const track = (id: string, { health, recent, applied, readings }: Standing): Tracked => ({
  ...{ id, health, told: health.state, recent, applied, readings },
  ...{ unwritten: 0, closed: [], late: [], lateSince: 0, listed: undefined, listedIn: -1 },
})

export class Projection {
  readonly #policy: HealthPolicy
  readonly #devices = new Map<string, Tracked>()
  /** Devices with something unwritten, longest waiting first. */
  readonly #unwritten = new Set<Tracked>()
  /** Devices with late looks that wait, longest first. */
  readonly #late = new Set<Tracked>()
  #lateLooks = 0
  readonly #withheld = new Withheld()

  constructor(policy: HealthPolicy) {
    this.#policy = policy
  }

  load({ device, recent, ...row }: StandingRow): void {
    this.#devices.set(device, track(device, { ...row, recent: recent.reverse() }))
  }

  /** What `takeWithheld` gave at the last run of the hub, after all standings. */
  loadWithheld(told: Readonly<Record<string, DeviceState>>, now: number): void {
    for (const [id, state] of Object.entries(told)) {
      const tracked = this.device(id)
      tracked.told = state
      this.#withheld.set(tracked, state !== tracked.health.state, now)
    }
  }

  /** What was told of the devices whose change waits, to be kept on disk; undefined when nothing has changed. */
  takeWithheld = (): Record<string, DeviceState> | undefined => this.#withheld.takeChanged()

  /** Undefined for a device that has never been looked at. */
  find = (id: string): Tracked | undefined => this.#devices.get(id)

  device(id: string): Tracked {
    let tracked = this.#devices.get(id)
    if (!tracked) {
      tracked = track(id, { health: neverSeen, recent: [], applied: 0, readings: noReadings() })
      this.#devices.set(id, tracked)
    }
    return tracked
  }

  /** One observation of batch `batch`. A late one is only put aside: `amendLate` needs the rows. */
  take(tracked: Tracked, o: Observation, batch: number, changes: Changes): void {
    // What a camera noticed says nothing about how the camera is.
    if (o.kind === 'event') return
    this.touch(tracked, batch)
    read(tracked.readings, o)
    if (!inOrder(tracked.health, o)) {
      if (tracked.late.push(o) === 1) {
        tracked.lateSince = changes.now
        this.#late.add(tracked)
      }
      this.#lateLooks++
      // It may say something of the present.
      if (isRecent(o, changes.now)) changes.amended.add(tracked)
      return
    }
    remember(tracked, o)
    const { health, effects } = observe(tracked.health, o, this.#policy)
    tracked.health = health
    if (effects.length > 0 || tracked.told !== health.state)
      this.#collect(tracked, effects, changes, isRecent(o, changes.now))
  }

  /** Late looks that wait. */
  get lateLooks(): number {
    return this.#lateLooks
  }

  /** The devices whose late looks have waited since `before`, longest first, at most `limit`. */
  behind(before: number, limit: number): Tracked[] {
    const found: Tracked[] = []
    for (const tracked of this.#late) {
      if (found.length === limit || tracked.lateSince > before) break
      found.push(tracked)
    }
    return found
  }

  /** The late looks of a device, which then no longer wait. */
  takeLate(tracked: Tracked): Observation[] {
    const looks = tracked.late
    tracked.late = []
    this.#late.delete(tracked)
    this.#lateLooks -= looks.length
    return looks
  }

  /** The present of a device may be another one after late looks. */
  amended(tracked: Tracked, looks: readonly Observation[], changes: Changes): void {
    const recent = looks.some((o) => isRecent(o, changes.now))
    if (tracked.told !== tracked.health.state || changes.steps.has(tracked)) this.#collect(tracked, [], changes, recent)
  }

  /** The last word on a group: what of it is told, and how. */
  tell(changes: Changes): void {
    tell(changes, this.#withheld)
  }

  /** Whether `expire` may have anything to do. A scan of 20,000 numbers is cheaper than a heap kept at each observation. */
  isAnyStale(now: number, notBefore: number): boolean {
    if (this.#withheld.due(now).length > 0) return true
    if (now < notBefore) return false
    for (const { health } of this.#devices.values()) if (isStale(health, now)) return true
    return false
  }

  /** Devices whose evidence has gone stale become unknown, and what has waited long enough for a newer look is told. */
  expire(notBefore: number, changes: Changes): void {
    const { now } = changes
    for (const tracked of this.#devices.values()) {
      if (now < notBefore || !isStale(tracked.health, now)) continue
      const { health, effects } = expire(tracked.health, now, this.#policy, notBefore)
      tracked.health = health
      this.#collect(tracked, effects, changes, true)
    }
    for (const tracked of this.#withheld.due(now))
      if (!isStale(tracked.health, now)) this.#collect(tracked, [], changes, true)
  }

  /** @param recent whether what is said here may be told as the present */
  #collect(tracked: Tracked, effects: readonly Effect[], changes: Changes, recent: boolean): void {
    const steps = changes.steps.get(tracked) ?? { changes: [], recent: false }
    changes.steps.set(tracked, { changes: steps.changes, recent: steps.recent || recent })
    for (const effect of effects) {
      if (effect.kind === 'run') {
        // The open run is in `health`; only closed ones would be lost.
        if (effect.run.firstAt !== tracked.health.run?.firstAt) tracked.closed.push(effect.run)
      } else if (effect.kind === 'interval') {
        const intervals = changes.intervals.get(tracked)
        if (intervals) intervals.push(effect.interval)
        else changes.intervals.set(tracked, [effect.interval])
      } else steps.changes.push(effect)
    }
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
    const { id, health, applied, readings } = tracked
    store.putState(id, { health, recent: tracked.recent.slice(-recentKept).reverse(), applied, readings })
    tracked.unwritten = 0
    this.#unwritten.delete(tracked)
  }

  /** Only the runs, for who reads them in this transaction. */
  writeRuns(store: Store, { id, health, closed }: Tracked): void {
    for (const run of closed.splice(0)) store.putRun(id, run)
    if (health.run) store.putRun(id, health.run)
  }

  /** The devices that wait longest for being written, at most `limit`. Those with late looks are written when these are taken in. */
  waiting(limit: number): Tracked[] {
    const found: Tracked[] = []
    for (const tracked of this.#unwritten) {
      if (found.length === limit) break
      if (tracked.late.length === 0) found.push(tracked)
    }
    return found
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

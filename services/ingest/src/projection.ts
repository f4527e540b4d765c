/**
 * The devices' health in memory. Problem: at thousands of observations a second most only extend what is known, and a row
 * for each would cost more than all the rest. So a steady device is written down lazily; a device whose state changed is
 * written in the transaction of the batch that changed it. Invariant: a device's rows are its standing after batch
 * `applied`, and every later batch is on disk, so that replay makes up the rest exactly. Late observations wait in memory for the same
 * reason: the past of a device is derived again once for all that have gathered.
 */
import type { DeviceState, Observation } from '@hub/contracts'
import { type DeviceHealth, type Effect, expire, type HealthPolicy, inOrder, neverSeen, observe } from '@hub/core'
import type { Changes, Tracked } from './changes.ts'
import { type LatestValues, noLatestValues, read } from './latest-values.ts'
import { isRecent, publish, Withheld, type WithheldChange } from './publication.ts'
import type { StandingRow, Store } from './store.ts'

export const recentKept = 10

/** The instant up to which silence of a device is known: the hub may have been deaf, or be behind. At most `now`. */
export type HeardUntil = (device: string, health: DeviceHealth, now: number) => number

type Standing = { health: DeviceHealth; recent: Observation[]; applied: number; latest: LatestValues }
const track = (id: string, { health, recent, applied, latest }: Standing): Tracked => ({
  id,
  health,
  told: health.state,
  recent,
  applied,
  latest,
  unwritten: 0,
  closed: [],
  late: [],
  lateSince: 0,
})

export class Projection {
  readonly #policy: HealthPolicy
  readonly #heardUntil: HeardUntil
  readonly #devices = new Map<string, Tracked>()
  /** Devices with something unwritten, longest waiting first. */
  readonly #unwritten = new Set<Tracked>()
  /** Devices with late observations that wait, longest first. */
  readonly #late = new Set<Tracked>()
  #lateObservations = 0
  readonly #withheld = new Withheld()

  constructor(policy: HealthPolicy, heardUntil: HeardUntil = (_device, _health, now) => now) {
    this.#policy = policy
    this.#heardUntil = heardUntil
  }

  load({ device, recent, ...row }: StandingRow): void {
    this.#devices.set(device, track(device, { ...row, recent: recent.reverse() }))
  }

  /** What `takeWithheld` gave at the last run of the hub, after all standings. */
  loadWithheld(told: Iterable<readonly [string, DeviceState]>, now: number): void {
    for (const [id, state] of told) {
      const tracked = this.device(id)
      tracked.told = state
      this.#withheld.load(tracked, state !== tracked.health.state, now)
    }
  }

  /** Of the devices whose change waits, what has changed since the last call: to be kept on disk. */
  takeWithheld = (): WithheldChange[] => this.#withheld.takeChanged()

  /** Undefined for a device that has never been probed. */
  find = (id: string): Tracked | undefined => this.#devices.get(id)

  device(id: string): Tracked {
    let tracked = this.#devices.get(id)
    if (!tracked) {
      tracked = track(id, { health: neverSeen, recent: [], applied: 0, latest: noLatestValues() })
      this.#devices.set(id, tracked)
    }
    return tracked
  }

  /** One observation of batch `batch`. A late one is only put aside: `amendLate` needs the rows. */
  apply(tracked: Tracked, o: Observation, batch: number, changes: Changes): void {
    // What a camera noticed says nothing about how the camera is.
    if (o.kind === 'event') return
    this.touch(tracked, batch)
    read(tracked.latest, o)
    if (!inOrder(tracked.health, o)) {
      if (tracked.late.push(o) === 1) {
        tracked.lateSince = changes.now
        this.#late.add(tracked)
      }
      this.#lateObservations++
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

  /** Late observations that wait. */
  get lateObservations(): number {
    return this.#lateObservations
  }

  /** The devices whose late observations have waited since `before`, longest first, at most `limit`. */
  behind(before: number, limit: number): Tracked[] {
    const found: Tracked[] = []
    for (const tracked of this.#late) {
      if (found.length === limit || tracked.lateSince > before) break
      found.push(tracked)
    }
    return found
  }

  /** The late observations of a device, which then no longer wait. */
  takeLate(tracked: Tracked): Observation[] {
    const late = tracked.late
    tracked.late = []
    this.#late.delete(tracked)
    this.#lateObservations -= late.length
    return late
  }

  /** The present of a device may be another one after late observations. */
  amended(tracked: Tracked, late: readonly Observation[], changes: Changes): void {
    const recent = late.some((o) => isRecent(o, changes.now))
    if (tracked.told !== tracked.health.state || changes.steps.has(tracked)) this.#collect(tracked, [], changes, recent)
  }

  /** The end of a group: what of it is published, and how. */
  publish(changes: Changes): void {
    publish(changes, this.#withheld)
  }

  /** Whether `expire` may have anything to do. A scan of 20,000 numbers is cheaper than a heap kept at each observation. */
  isAnyStale(now: number, notBefore: number): boolean {
    if (this.#withheld.due(now).length > 0) return true
    if (now < notBefore) return false
    for (const tracked of this.#devices.values()) if (this.#isStale(tracked, now)) return true
    return false
  }

  /**
   * Devices whose evidence has gone stale become unknown, and what has waited long enough for a newer observation is published.
   * @param most of the stale; of a gateway that was cut off thousands are stale at once
   * @returns whether there may be more
   */
  expire(notBefore: number, changes: Changes, most: number): boolean {
    const { now } = changes
    let expired = 0
    for (const tracked of this.#devices.values()) {
      if (now < notBefore || !this.#isStale(tracked, now)) continue
      if (expired++ === most) return true
      const { health, effects } = expire(tracked.health, now, this.#policy, notBefore)
      tracked.health = health
      this.#collect(tracked, effects, changes, true)
    }
    for (const tracked of this.#withheld.due(now))
      if (!this.#isStale(tracked, now)) this.#collect(tracked, [], changes, true)
    return false
  }

  heardUntil = ({ id }: Tracked, health: DeviceHealth, now: number): number => this.#heardUntil(id, health, now)

  /** Few are stale by the clock alone: only of these it is asked what was heard. */
  #isStale({ id, health }: Tracked, now: number): boolean {
    return isStale(health, now) && isStale(health, this.#heardUntil(id, health, now))
  }

  /** @param recent whether what is said here may be published as the present */
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
    const { id, health, applied, latest } = tracked
    store.putState(id, { health, recent: tracked.recent.slice(-recentKept).reverse(), applied, latest })
    tracked.unwritten = 0
    this.#unwritten.delete(tracked)
  }

  /** Only the runs, for who reads them in this transaction. */
  writeRuns(store: Store, { id, health, closed }: Tracked): void {
    for (const run of closed.splice(0)) store.putRun(id, run)
    if (health.run) store.putRun(id, health.run)
  }

  /** The devices that wait longest for being written, at most `limit`. Those with late observations are written when these are merged. */
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

/** A device of which nothing was decided yet is unknown for want of observations; stale, it is unknown from a known instant. */
const isStale = ({ freshUntil, state, rule }: DeviceHealth, now: number): boolean =>
  freshUntil !== null && freshUntil < now && (state !== 'unknown' || rule.id === 'never-seen')

/** It is kept where people look for it, and not with each device. */
const withoutLetter = ({ deadLetter: _, ...o }: Observation): Observation => o

/** Keeps the newest by event time. */
export function remember(tracked: Tracked, o: Observation): void {
  const { recent } = tracked
  const newest = recent.at(-1)
  recent.push(o.deadLetter ? withoutLetter(o) : o)
  if (newest && newest.at > o.at) recent.sort((a, b) => a.at - b.at)
  if (recent.length > 2 * recentKept) recent.splice(0, recent.length - recentKept)
}

/**
 * What is published of the present. The observations of a backlog come one after another and change states as they once changed, but they
 * are the past: published as they come they would raise alarms of outages that are over. So a change is published when an observation that was
 * only just made says it, or the clock does (stale evidence). What an older one says is a correction, and waits for the next.
 */
import type { DeviceState, Observation } from '@hub/contracts'
import type { Changes, Tracked } from './changes.ts'

/** A gateway gathers for a second; the rest is for a busy centre. */
const deliveryMs = 3_000
/** So long a change waits for an observation that is newer: under a flood all of them are old. */
const patienceMs = 5_000

/** Whether it was only just made: `at` is when it began, and a sensor's missed data is reported half an interval after it was due. */
export const isRecent = ({ at, ms = 0, every }: Observation, now: number): boolean =>
  now - at - ms <= every / 2 + deliveryMs

/** `told`: what was published of a device whose change waits; null when it waits no more. */
export type WithheldChange = { device: string; told: DeviceState | null }

/** Devices whose state the bus does not know yet. */
export class Withheld {
  readonly #since = new Map<Tracked, number>()
  /** Of which the disk does not know yet that they wait, or that they do no more. */
  readonly #changed = new Set<Tracked>()

  has = (tracked: Tracked): boolean => this.#since.has(tracked)

  /** Those that have waited long enough. */
  due = (now: number): Tracked[] => [...this.#since].flatMap(([t, since]) => (since + patienceMs <= now ? [t] : []))

  set(tracked: Tracked, withheld: boolean, now: number): void {
    if (withheld === this.#since.has(tracked)) return
    if (withheld) this.#since.set(tracked, now)
    else this.#since.delete(tracked)
    this.#changed.add(tracked)
  }

  /** It is on disk that this one waits. */
  load(tracked: Tracked, withheld: boolean, now: number): void {
    this.set(tracked, withheld, now)
    this.#changed.add(tracked)
  }

  /** What has changed since the last call, to be kept with the rows. Under a flood very many wait: only the changes are written. */
  takeChanged(): WithheldChange[] {
    const changed = [...this.#changed].map((tracked) => ({
      device: tracked.id,
      told: this.#since.has(tracked) ? tracked.told : null,
    }))
    this.#changed.clear()
    return changed
  }
}

/** Turns the steps of a group into transitions of the present and corrections of the past. */
export function publish(changes: Changes, withheld: Withheld): void {
  const { now } = changes
  for (const [tracked, { changes: steps, recent }] of changes.steps) {
    const { id, told, health } = tracked
    const { state, since, rule } = health
    const waited = withheld.has(tracked)
    const isNews = state !== told && since !== null
    if (isNews && recent) {
      changes.transitions.push({ device: id, change: { from: told, to: state, at: since, rule } })
      tracked.told = state
    }
    withheld.set(tracked, isNews && !recent, now)
    const [first] = steps
    const last = steps.at(-1)
    const quiet = waited || withheld.has(tracked)
    if (!first || !last || (steps.length === 1 && !quiet)) continue
    const to = quiet ? now : last.at
    if (to > first.at) changes.corrections.push({ device: id, from: first.at, to })
  }
}

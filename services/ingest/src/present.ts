/**
 * What the bus is told of the present. The looks of a backlog come one after another and change states as they once changed, but they
 * are the past: told as they come they would raise alarms of outages that are over. So a change is told when a look that was only just
 * taken says it, or the clock does (stale evidence). What an older look says is a correction, and waits for the next look.
 */
import type { DeviceState, Observation } from '@hub/contracts'
import type { Changes, Tracked } from './changes.ts'

/** A gateway gathers for a second; the rest is for a busy centre. */
const deliveryMs = 3_000
/** So long a change waits for a look that is newer: under a flood all of them are old. */
const patienceMs = 5_000

/** Whether a look was only just taken: `at` is when it began, and a sensor's missed data is told half an interval after it was due. */
export const isRecent = ({ at, ms = 0, every }: Observation, now: number): boolean =>
  now - at - ms <= every / 2 + deliveryMs

/** Devices whose state the bus does not know yet. */
export class Withheld {
  readonly #since = new Map<Tracked, number>()
  #changed = false

  has = (tracked: Tracked): boolean => this.#since.has(tracked)

  /** Those that have waited long enough. */
  due = (now: number): Tracked[] => [...this.#since].flatMap(([t, since]) => (since + patienceMs <= now ? [t] : []))

  set(tracked: Tracked, withheld: boolean, now: number): void {
    if (withheld === this.#since.has(tracked)) return
    if (withheld) this.#since.set(tracked, now)
    else this.#since.delete(tracked)
    this.#changed = true
  }

  /** What has been told of each, to be kept with the rows; undefined when that is on disk already. */
  takeChanged(): Record<string, DeviceState> | undefined {
    if (!this.#changed) return undefined
    this.#changed = false
    return Object.fromEntries([...this.#since.keys()].map(({ id, told }) => [id, told]))
  }
}

/** Turns the steps of a group into transitions of the present and corrections of the past. */
export function tell(changes: Changes, withheld: Withheld): void {
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

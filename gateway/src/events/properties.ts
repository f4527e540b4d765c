/**
 * What is known of a camera's properties, so that what it repeats after a synchronization point makes no event: an event
 * is a change. Pure but for its own memory.
 */
import type { Notification } from './notification.ts'

/** Beyond this a camera invents sources: its further properties are not kept, and so not told. */
const maxProperties = 256
/** Events of one camera in a minute; the rest of the minute is skipped and the state asked for afterwards. */
const perMinute = 600

export type Change = Notification & { at: number }

export class Properties {
  readonly #known = new Map<string, boolean>()
  #lastAt = 0
  #minute = 0
  #inMinute = 0

  /** @param active properties that are so, by what was written down. */
  constructor(active: readonly string[] = []) {
    for (const property of active) this.#keep(property, true)
  }

  get active(): string[] {
    return [...this.#known].filter(([, active]) => active).map(([property]) => property)
  }

  /** Whether this says something new. `over`: it does, but the camera has said too much this minute. */
  weigh(said: Notification, now: number): 'new' | 'same' | 'over' {
    const known = this.#known.get(said.property)
    // How things stand when they are first heard of is no event, unless something is the matter.
    if (known !== undefined ? known === said.active : said.initial && !said.active) {
      if (known === undefined) this.#keep(said.property, false)
      return 'same'
    }
    if (known === undefined && this.#known.size >= maxProperties) return 'over'
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#inMinute = 0
    }
    return this.#inMinute >= perMinute ? 'over' : 'new'
  }

  /** Each event of a camera has an instant of its own, in the order in which it sent them. */
  dated(said: Notification, now: number): Change {
    return { ...said, at: Math.max(this.#lastAt + 1, now) }
  }

  /** It has been reported: from now on it is known. */
  reported({ property, active, at }: Change): void {
    this.#inMinute++
    this.#lastAt = at
    this.#keep(property, active)
  }

  #keep(property: string, active: boolean): void {
    if (this.#known.has(property) || this.#known.size < maxProperties) this.#known.set(property, active)
  }
}

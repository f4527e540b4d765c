/**
 * When cameras are identified: first when they answer, again when something of them has changed, and now and then all the same. A few at
 * a time, in the background of the probes, so that a whole fleet that is assigned at once is not identified at once.
 */
import type { Clock, Log } from '@hub/platform'
import { OnvifFault } from '../onvif/fault.ts'
import type { Background } from './background.ts'
import { spread } from './schedule.ts'

export type Identifiable = {
  readonly id: string
  readonly host: string
  /** Milliseconds from probe to probe. */
  readonly every: number
  /** False once its login was refused as often as it may be. */
  readonly canLogIn: boolean
  /** Part of what it says could not be read: it is asked again as one that could not be identified. */
  readonly incomplete: boolean
}

/** What is kept of one camera. */
export interface Identification {
  /** Whether it was identified since it was assigned. */
  readonly known: boolean
}

/** Identifications at a time. */
const concurrency = 16

class Entry<T> implements Identification {
  readonly item: T
  known = false
  active = true
  /** One that failed is not tried again before this instant. */
  after = 0
  /** When it is identified though nothing points to a change: not all of it shows in a probe. */
  againAt = 0

  constructor(item: T) {
    this.item = item
  }
}

export type IdentifierOptions<T, R> = {
  clock: Clock
  log: Log
  background: Background
  /** In order with what else is asked at a host. */
  atHost(host: string, work: () => Promise<void>): Promise<void>
  /** @throws OnvifFault */
  identify(item: T): Promise<R>
  /** Probes of a camera until one that failed is tried again. */
  retryAfterProbes: number
  /** From half of it to one and a half, milliseconds: a fleet that was identified together parts. */
  againMs: number
}

export class Identifier<T extends Identifiable, R> {
  readonly #options: IdentifierOptions<T, R>
  readonly #waiting = new Set<Entry<T>>()
  #running = 0
  #stopped = false

  constructor(options: IdentifierOptions<T, R>) {
    this.#options = options
  }

  add(item: T): Identification {
    return new Entry(item)
  }
  remove(of: Identification): void {
    const entry = of as Entry<T>
    entry.active = false
    this.#waiting.delete(entry)
  }

  /** It answers a probe and has not refused its login. */
  answered(of: Identification): void {
    const entry = of as Entry<T>
    if (entry.againAt <= this.#options.clock.now()) this.#want(entry)
  }
  /** It says something else of itself than before. */
  changed(of: Identification): void {
    const entry = of as Entry<T>
    entry.after = 0
    this.#want(entry)
  }
  /** What is known of it may be out of date. */
  stale(of: Identification): void {
    ;(of as Entry<T>).againAt = 0
  }

  /** At once, where an operator asks. @throws OnvifFault */
  async now(of: Identification): Promise<R> {
    const entry = of as Entry<T>
    const { clock, identify, againMs } = this.#options
    const identity = await identify(entry.item)
    entry.known = true
    const restMs = entry.item.incomplete ? 0 : (0.5 + spread(`${entry.item.id} identity`)) * againMs
    entry.againAt = clock.now() + restMs
    return identity
  }

  stop(): void {
    this.#stopped = true
  }

  #want(entry: Entry<T>): void {
    const { clock, retryAfterProbes } = this.#options
    const now = clock.now()
    if (!entry.active || !entry.item.canLogIn || now < entry.after) return
    entry.after = now + retryAfterProbes * entry.item.every
    this.#waiting.add(entry)
    this.#fill()
  }

  #fill(): void {
    for (const entry of this.#waiting) {
      if (this.#running >= concurrency || this.#stopped) return
      this.#waiting.delete(entry)
      this.#running++
      this.#options.background.run(
        this.#begin(entry).finally(() => {
          this.#running--
          this.#fill()
        }),
        entry.item.id,
      )
    }
  }

  async #begin(entry: Entry<T>): Promise<void> {
    const { log, atHost } = this.#options
    const { id, host } = entry.item
    try {
      await atHost(host, async () => {
        if (entry.active && !this.#stopped) await this.now(entry)
      })
    } catch (error) {
      if (!(error instanceof OnvifFault)) throw error
      log.debug({ device: id, reason: error.reason, detail: error.message }, 'a camera could not be identified')
    }
  }
}

/** What a kind of scenario is written with: failures of devices as the field would show them, and their truth beside. */
import { createDraw, type Draw } from '../draw.ts'
import type { Cause, Device, FieldEvent, Name, Placement, Scenario, Works } from './types.ts'
import { behind, buildWorld, type Site, type World } from './world.ts'

export const second = 1_000
export const minute = 60_000
export const hour = 60 * minute
/** A working day, ten in the morning in Hengyang. */
const dayZero = Date.UTC(2026, 2, 4, 2)
const probeEveryMs = 30_000

export type Failure = {
  /** When it fails. */
  at: number
  /** When it comes back; null: not within the scenario. */
  to: number | null
  sign?: FieldEvent['sign']
  state?: 'down' | 'unknown'
  rung?: FieldEvent['rung']
  reason?: FieldEvent['reason']
  expected?: boolean
  /** Ahead of true time by so much: the clock of its gateway. */
  skew?: number
  /** What is seen is told no sooner: a gateway that could not reach the centre. */
  heldUntil?: number
}

export type CauseWords = Pick<Cause, 'what' | 'names'> & {
  /** Absent: from five devices on, from the first failure. */
  due?: boolean | Cause['due']
  mayTell?: boolean
  lone?: boolean
}

export class Stage {
  readonly draw: Draw
  readonly world: World
  readonly record: Record<string, Partial<Device>> = {}
  readonly events: FieldEvent[] = []
  readonly causes: Cause[] = []
  readonly works: Works[] = []
  readonly start = dayZero
  /** Background noise falls until here. */
  length = 75 * minute
  noise = 0.012
  /** Devices that a cause has: noise leaves them alone. */
  readonly taken = new Set<string>()
  /** Whole sites that noise leaves alone. */
  readonly #used = new Set<Site>()

  constructor(seed: number, size: number) {
    this.draw = createDraw(seed)
    this.world = buildWorld(this.draw, size, dayZero)
    this.noise = 0.01 + this.draw.next() * 0.01
  }

  /** Minutes after the start, to the millisecond. */
  at(minutes: number): number {
    return this.start + Math.round(minutes * minute)
  }

  /** A site that no cause has yet. */
  site(fits: (site: Site) => boolean = () => true): Site {
    const from = this.draw.between(0, this.world.sites.length - 1)
    for (let n = 0; n < this.world.sites.length; n++) {
      const site = this.world.sites[(from + n) % this.world.sites.length]!
      if (this.#used.has(site) || !fits(site)) continue
      this.#used.add(site)
      return site
    }
    throw new Error('no site is left that fits')
  }

  /** The largest group behind one thing of that kind in the site. */
  largest(site: Site, kind: 'switch' | 'feed' | 'recorder' | 'pole'): [key: string, devices: Device[]] {
    return [...behind(site.devices, kind)].sort((a, b) => b[1].length - a[1].length)[0]!
  }

  /** One stretch of a device being gone, as events. */
  fail(device: Device, failure: Failure): void {
    const { at, to, sign = 'path', state = 'down', skew = 0, heldUntil = 0, expected = false } = failure
    const say = (to: FieldEvent['to'], seen: number, decided: number) =>
      this.events.push({
        device: device.id,
        to,
        at: seen + skew,
        decidedAt: Math.max(decided, heldUntil ? heldUntil + this.draw.between(0, 20_000) : 0),
        sign,
        expected,
        rung: failure.rung ?? 'reachable',
        reason: failure.reason ?? 'timeout',
      })
    const seen = at + this.draw.between(200, probeEveryMs)
    // A failure shorter than the way to the next probe and its confirmation is never seen.
    const decided = seen + (state === 'down' ? this.draw.between(11_000, 24_000) : 1_500)
    if (to !== null && to <= decided) return
    say(state, seen, decided)
    if (to === null) return
    const back = to + this.draw.between(200, probeEveryMs)
    say('up', back, back + this.draw.between(600, 2_500))
  }

  /** A cause with its members, each given by its failures. */
  cause(words: CauseWords, members: readonly (readonly [Device, Failure | readonly Failure[]])[]): Cause {
    const placements: Placement[] = []
    for (const [device, given] of members) {
      const failures = Array.isArray(given) ? (given as readonly Failure[]) : [given as Failure]
      for (const failure of failures) this.fail(device, failure)
      this.taken.add(device.id)
      const last = failures.at(-1)!
      const skew = failures[0]!.skew ?? 0
      placements.push({
        device: device.id,
        from: failures[0]!.at + skew,
        to: last.to === null ? null : last.to + skew,
        ...(failures[0]!.state === 'unknown' && { ungraded: true as const }),
      })
    }
    return this.truth(words, placements)
  }

  /** A cause whose events are made elsewhere. */
  truth(words: CauseWords, members: Placement[]): Cause {
    const { mayTell = false, lone = members.length === 1, what, names } = words
    const from = Math.min(...members.map((m) => m.from))
    const to = members.some((m) => m.to === null) ? null : Math.max(...members.map((m) => m.to!))
    const owed = words.due ?? (!lone && members.filter((m) => !m.ungraded).length >= 5)
    const due = owed === true ? { notBefore: from, from } : owed || null
    const cause: Cause = { what, lone, names, members, from, to, due, mayTell }
    this.causes.push(cause)
    return cause
  }

  /** Everything behind one thing goes at once and comes back at once, each device some seconds off. */
  group(
    names: Name[],
    what: string,
    devices: readonly Device[],
    failure: Failure,
    { spread = 3_000, words = {} }: { spread?: number; words?: Partial<CauseWords> } = {},
  ): Cause {
    return this.cause(
      { what, names, ...words },
      devices.map((d) => [d, this.shifted(failure, spread)]),
    )
  }

  shifted(failure: Failure, spread: number): Failure {
    const back = failure.to === null ? null : failure.to + this.draw.between(0, 20_000)
    return { ...failure, at: failure.at + this.draw.between(0, spread), to: back }
  }

  alone(device: Device, failure: Failure, what = 'a device by itself'): void {
    this.cause({ what, names: [{ kind: 'device' }], lone: true }, [[device, failure]])
  }

  flapping(device: Device, at: number, rounds: number): void {
    const failures: Failure[] = []
    for (let n = 0; n < rounds; n++) {
      const to = at + this.draw.between(60_000, 150_000)
      failures.push({ at, to })
      at = to + this.draw.between(60_000, 180_000)
    }
    this.cause({ what: 'a device comes and goes', names: [{ kind: 'flapping' }, { kind: 'device' }], lone: true }, [
      [device, failures],
    ])
  }

  /** What goes on in any city beside: lone failures, some that flap, some of which nothing is known for a while. */
  background(): void {
    const wanted = Math.round(this.world.devices.length * this.noise)
    for (let n = 0; n < wanted; n++) {
      const device = this.draw.pick(this.world.devices)
      if (this.taken.has(device.id)) continue
      const at = this.start + this.draw.between(0, this.length - 5 * minute)
      const what = this.draw.next()
      if (what < 0.7) {
        const lasts = 2 * minute * Math.exp(this.draw.next() * 4)
        const to = at + lasts < this.start + this.length - 3 * minute ? at + Math.round(lasts) : null
        this.alone(device, { at, to, sign: this.draw.next() < 0.2 ? 'device' : 'path' }, 'background')
      } else if (what < 0.85) {
        if (at < this.start + this.length - 45 * minute) this.flapping(device, at, this.draw.between(3, 8))
      } else {
        this.taken.add(device.id)
        this.fail(device, { at, to: at + this.draw.between(2, 15) * minute, sign: 'silent', state: 'unknown' })
      }
    }
  }

  finish(kind: string, seed: number): Scenario {
    this.background()
    this.events.sort((a, b) => a.decidedAt - b.decidedAt || a.device.localeCompare(b.device))
    const last = this.events.at(-1)?.decidedAt ?? this.start
    return {
      name: `${kind}-${seed}`,
      kind,
      seed,
      devices: this.world.devices,
      record: this.record,
      events: this.events,
      causes: this.causes,
      works: this.works,
      from: this.start,
      to: Math.max(last, this.start + this.length) + 5 * minute,
    }
  }
}

/** The names of a parent as the record spells it. */
export const named = (kind: string, ...keys: string[]): Name => ({ kind, keys })
export const moment: Name = { kind: 'moment' }
export const place: Name = { kind: 'place' }
export const attribute = (...keys: string[]): Name => ({ kind: 'attribute', keys })

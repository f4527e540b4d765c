/**
 * What people say of outages, and how it holds. Problem: the correlation explains anew whenever there is news, and would take apart what
 * a person has just put together. Solution: what a person has touched is held. Invariant: of a held outage nothing is taken out, and its
 * cause stays, until a person says otherwise; a device of it that fails again while the outage is kept goes to it.
 */
import type { Cause, CauseKind } from '@hub/contracts'
import { evidenceOf } from './explanation.ts'
import type { Ledger } from './ledger.ts'
import type { CorrelatedOutage, Episode } from './types.ts'
import type { Young } from './young.ts'

/** Ids are given beforehand, so that what is done twice is done once. */
export type HandStep =
  /** Devices of one outage (null: all of them) go into another, which begins with them if there is none. */
  | { do: 'move'; from: string; into: string; devices: readonly string[] | null; orders: readonly string[] }
  | { do: 'name'; outage: string; cause: Cause }
  /** As it is now. */
  | { do: 'hold'; outage: string }

const nameable: readonly CauseKind[] = [
  'port',
  'pole',
  'place',
  'recorder',
  'switch',
  'feed',
  'subnet',
  'line',
  'gateway',
  'district',
]

export class Hand {
  readonly #ledger: Ledger
  readonly #young: Young
  readonly #open: ReadonlyMap<string, Episode>
  /** Where a device of a held outage belongs when it fails again. */
  readonly #homes = new Map<string, string>()

  /** @param open the open episode of each device */
  constructor(ledger: Ledger, young: Young, open: ReadonlyMap<string, Episode>) {
    this.#ledger = ledger
    this.#young = young
    this.#open = open
  }

  /** What fails of a device of which a person has said where it belongs. That nothing is known of it is another matter. */
  takeHome(e: Episode): boolean {
    const id = e.sign === 'path' || e.sign === 'device' ? this.#homes.get(e.device) : undefined
    const home = id === undefined ? undefined : this.#ledger.get(id)
    if (!home) return false
    this.#young.delete(e)
    for (const _ of this.#ledger.move([e], home, e.from));
    return true
  }

  /** What is held is explained no more. */
  settle(): void {
    if (!this.#ledger.holds) return
    for (const e of this.#young) if (this.#ledger.isHeld(e.outage)) this.#keep(e)
  }

  /** One that is long over, because a person speaks of it. */
  recall(outage: CorrelatedOutage): void {
    if (this.#ledger.get(outage.id) !== undefined) return
    this.#ledger.recall(outage)
    if (outage.held) for (const e of outage.episodes) this.#keep(e)
  }

  /** After a start. Of two outages that hold a device it belongs to the one in which it failed last. */
  restore(outages: readonly CorrelatedOutage[]): void {
    const held = outages.flatMap(({ held, episodes }) => (held ? episodes : []))
    for (const e of held.sort((a, b) => a.from - b.from)) this.#keep(e)
  }

  forget({ id, episodes }: CorrelatedOutage): void {
    for (const { device } of episodes) if (this.#homes.get(device) === id) this.#homes.delete(device)
  }

  /** @returns false when what it needs is not there any more: then nothing is done */
  obey(steps: readonly HandStep[], now: number): boolean {
    if (!this.#isPossible(steps)) return false
    for (const step of steps) {
      if (step.do === 'move') this.#move(step, now)
      else {
        const outage = this.#ledger.get(step.outage)!
        if (step.do === 'name') this.#name(outage, step.cause, now)
        this.#hold(outage)
      }
    }
    return true
  }

  #isPossible(steps: readonly HandStep[]): boolean {
    const begun = new Set<string>()
    return steps.every((step) => {
      if (step.do !== 'move') return begun.has(step.outage) || this.#ledger.get(step.outage) !== undefined
      begun.add(step.into)
      return this.#ledger.get(step.from) !== undefined || this.#ledger.get(step.into) !== undefined
    })
  }

  #move({ from, into, devices, orders }: Extract<HandStep, { do: 'move' }>, now: number): void {
    const source = this.#ledger.get(from)
    if (source) {
      const named = devices && new Set(devices)
      // The list of an outage may still name what has left it.
      const moving = source.episodes.filter((e) => e.outage === from && (!named || named.has(e.device)))
      const known = this.#ledger.get(into)
      if (moving.length > 0) {
        const target = known ?? this.#begin(moving, into, now)
        for (const _ of this.#ledger.move(moving, target, now));
        const gone = new Set(moving.map(({ device }) => device)).size
        this.#count(source, -gone)
        if (known) this.#count(known, gone)
        if (!known) this.#ledger.splitByHand(target, from, orders, now)
        this.#hold(target)
      }
    }
    for (const id of [from, into]) {
      const left = this.#ledger.get(id)
      if (left) this.#hold(left)
    }
  }

  /** What the hub had named instead is kept as not chosen. */
  #name(outage: CorrelatedOutage, cause: Cause, now: number): void {
    const { cause: before, evidence } = outage
    const own = outage.episodes.filter((e) => e.outage === outage.id)
    const { kind, key } = before
    const rejected = nameable.includes(kind) ? [{ kind, key, down: evidence.down, of: evidence.of }] : []
    const same = kind === cause.kind && key === cause.key
    if (!same) this.#ledger.prove(outage, evidenceOf(own, 0, cause.kind === 'device' ? [] : rejected))
    this.#ledger.name(outage, cause, now)
  }

  /** Its evidence is of what is in it now. @param more devices that are said to be behind its cause, or not to be */
  #count(outage: CorrelatedOutage, more: number): void {
    const own = outage.episodes.filter((e) => e.outage === outage.id)
    if (own.length === 0) return
    const { evidence } = outage
    this.#ledger.prove(outage, { ...evidence, ...evidenceOf(own, evidence.of + more, evidence.rejected) })
  }

  /** What is split off has no cause but the moment, until somebody names one. */
  #begin(episodes: readonly Episode[], id: string, now: number): CorrelatedOutage {
    const first = episodes.reduce((a, b) => (b.from < a.from ? b : a))
    const devices = new Set(episodes.map(({ device }) => device)).size
    const outage = this.#ledger.begin(first, id)
    if (devices < 2) return outage
    this.#ledger.prove(outage, evidenceOf(episodes, devices, []))
    this.#ledger.name(outage, { kind: 'moment', key: `@${first.from}`, mode: 'together' }, now)
    return outage
  }

  #hold(outage: CorrelatedOutage): void {
    this.#ledger.hold(outage)
    for (const e of outage.episodes) if (e.outage === outage.id) this.#keep(e)
  }

  /** What is out now in another outage is not what was meant. */
  #keep(e: Episode): void {
    this.#young.delete(e)
    const now = this.#open.get(e.device)
    if (now && now !== e && now.outage !== null && now.outage !== e.outage) return
    this.#homes.set(e.device, e.outage!)
    if (now && now.outage === null) this.takeHome(now)
  }
}

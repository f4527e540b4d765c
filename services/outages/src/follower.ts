/**
 * Follows the present states of devices and makes outages of them. Transitions may be lost with the bus, repeated, or told of what the
 * table of states does not hold yet; so the later word of the two counts, and both are compared at the end of the start-up grace
 * and whenever the registry changes. Later is what was decided later: what a gateway had spooled shows that a device is down since
 * before it was held to be silent.
 */
import type { Correction, Rule, Transition } from '@hub/contracts'
import {
  type CorrelatedOutage,
  type CorrelationPolicy,
  Correlator,
  defaultCorrelationPolicy,
  endOf,
  factsOf,
  type OutageEffect,
  type OutageEvent,
} from '@hub/core'
import { createAdjustmentIndex, type Deps, loadOutages, mendMembers } from '@hub/platform'
import { eventOf, type PresentState } from './events.ts'
import type { OutageMetrics } from './metrics.ts'
import type { Places } from './places.ts'
import { Writer, type Written } from './writer.ts'

/** States that are read at one stretch. */
const slice = 2_000
/** So long, at most, others wait for the explaining of failures. ms */
const turnMs = 15
/** Corrections that are followed up in one turn. */
const mendsMost = 500

type Of = Pick<Deps, 'clock' | 'record' | 'log'> & { places: Places; metrics: OutageMetrics; graceMs: number }

export class Follower {
  readonly #of: Of
  readonly #correlator: Correlator
  readonly #writer: Writer
  readonly #adjustments
  readonly #opensAt: number
  /** The last word of each device that has changed since the start. */
  readonly #told = new Map<string, PresentState & { decidedAt: number }>()
  /** When the centre decided that a device is down, until its outage is on disk. */
  readonly #decided = new Map<string, number>()
  #corrected: { device: string; from: number; to: number }[] = []
  #compared = false
  /** What was heard while an explanation was under way. */
  #heard: PresentState[] | null = null

  constructor(of: Of) {
    const { record, places, clock, graceMs } = of
    this.#of = of
    this.#adjustments = createAdjustmentIndex(record.sqlite)
    const policy: CorrelationPolicy = {
      ...defaultCorrelationPolicy,
      everyMs: places.everyMs ?? defaultCorrelationPolicy.everyMs,
    }
    this.#correlator = new Correlator(places.topology, policy)
    this.#writer = new Writer(record, (outage) => factsOf(outage, places.place))
    this.#opensAt = clock.now() + graceMs
    const open = loadOutages(record.sqlite, clock.now() - policy.reopenMs)
    this.#correlator.restore(open)
    this.#writer.restored(open)
  }

  /** One that was told before, or of a device that is not in service, is nothing new. */
  hear({ device, to: state, at: since, rule, decidedAt }: Transition): void {
    const known = this.#told.get(device)
    // By the beginning too: the clock of the centre may have been set back.
    if (
      known &&
      (known.decidedAt === decidedAt ? known.since > since : known.decidedAt > decidedAt && known.since >= since)
    )
      return
    const present = { device, state, since, rule }
    this.#told.set(device, { ...present, decidedAt })
    if (state === 'down' || state === 'unknown') this.#decided.set(device, decidedAt)
    if (this.#heard) this.#heard.push(present)
    else this.#take(present)
  }

  /** A corrected past opens nothing: what was a failure when it counted stays one. But its end becomes the true one. */
  correct({ device, from, to }: Correction): void {
    this.#corrected.push({ device, from, to })
  }

  registryChanged(): void {
    this.#correlator.setTopology(this.#of.places.topology)
    this.#compared = false
  }

  /** Once a second. @returns what is on disk now that was not before */
  async settle(): Promise<Written> {
    const { clock, metrics } = this.#of
    const now = clock.now()
    if (!this.#compared && now >= this.#opensAt) {
      this.#compared = true
      await this.#compare()
    }
    await this.#mend(now)
    const began = performance.now()
    const effects = await this.#explain(now)
    metrics.settleSeconds.observe((performance.now() - began) / 1_000)
    const written = await this.#writer.write(this.#correlator, effects, now)
    this.#observeLateness(written.opened)
    let open = 0
    for (const outage of this.#correlator.outages()) if (endOf(outage) === null) open++
    metrics.open.set(open)
    return written
  }

  /** In turns; what is heard between two of them is taken up after. */
  async #explain(now: number): Promise<OutageEffect[]> {
    this.#heard = []
    try {
      const steps = this.#correlator.settling(now)
      for (let began = performance.now(); ; ) {
        const { done, value } = steps.next()
        if (done) return value
        if (performance.now() - began < turnMs) continue
        await new Promise((resolve) => setImmediate(resolve))
        began = performance.now()
      }
    } finally {
      const heard = this.#heard
      this.#heard = null
      for (const present of heard) this.#take(present)
    }
  }

  /** Nothing is opened in the start-up grace; what ends, ends. */
  #take(present: PresentState): void {
    const ends = present.state === 'up' || present.state === 'degraded'
    if (!ends && this.#of.clock.now() < this.#opensAt) return
    const event = eventOf(present, !ends && this.#isExpected(present.device, present.since))
    // A device that is no longer in service may end its outage, and begins none.
    if (!event || (!ends && !this.#of.places.place(present.device))) return
    this.#of.metrics.events.inc()
    this.#correlator.apply(event)
  }

  async #mend(now: number): Promise<void> {
    const some = this.#corrected.slice(0, mendsMost)
    if (some.length === 0) return
    const mended = await this.#of.record.commit((sqlite) => some.flatMap((past) => mendMembers(sqlite, past, now)))
    this.#corrected = this.#corrected.slice(some.length)
    for (const { outage, device, from, to } of mended) this.#correlator.mend(outage, device, from, to)
  }

  #isExpected(device: string, at: number): boolean {
    const place = this.#of.places.place(device)
    if (!place) return false
    this.#adjustments.reload()
    return this.#adjustments.claims(place, { from: at, to: at + 1 }).some(({ countAs }) => countAs === 'exempt')
  }

  /** Against the states in the Record: what is down and in no outage, what is up and in one, what is no longer looked after. */
  async #compare(): Promise<void> {
    const { record, places, clock } = this.#of
    const page = record.sqlite.prepare(
      `SELECT device, state, since, rule FROM device_state WHERE device > ? ORDER BY device LIMIT ${slice}`,
    )
    const events: OutageEvent[] = []
    for (let after = ''; ; ) {
      const rows = page.all(after) as {
        device: string
        state: PresentState['state']
        since: number | null
        rule: string
      }[]
      for (const { device, state, since, rule } of rows) {
        const told = this.#told.get(device)
        if (!told && (state === 'up' || state === 'degraded') && !this.#correlator.isOut(device)) continue
        const stored = since === null ? null : { device, state, since, rule: JSON.parse(rule) as Rule }
        const present = told && (!stored || told.since >= stored.since) ? told : stored
        const event = present && eventOf(present, this.#isExpected(device, present.since))
        if (event && places.place(device) && (event.to !== 'up' || this.#correlator.isOut(device))) events.push(event)
      }
      if (rows.length < slice) break
      after = rows.at(-1)!.device
      await new Promise((resolve) => setImmediate(resolve))
    }
    events.sort((a, b) => a.at - b.at || (a.device < b.device ? -1 : 1))
    for (const event of events) this.#correlator.apply(event)
    for (const outage of this.#correlator.outages())
      for (const { device, to } of outage.episodes)
        if (to === null && !places.place(device))
          this.#correlator.apply({ device, to: 'up', at: clock.now(), sign: 'path', expected: false })
  }

  #observeLateness(opened: readonly CorrelatedOutage[]): void {
    const now = this.#of.clock.now()
    for (const { episodes } of opened) {
      const decided = episodes.flatMap(({ device }) => this.#decided.get(device) ?? [])
      if (decided.length > 0) this.#of.metrics.lateSeconds.observe((now - Math.min(...decided)) / 1_000)
    }
    for (const device of this.#decided.keys()) if (this.#correlator.isPlaced(device)) this.#decided.delete(device)
  }
}

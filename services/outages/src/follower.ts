/**
 * Follows the present states of devices and makes outages of them. Transitions may be lost with the bus, repeated, or told of what the
 * table of states does not hold yet; so the later word of the two counts, and both are compared at the end of the start-up grace,
 * and of a device whenever its record changes. Later is what was decided later: what a gateway had spooled shows that a device is down since
 * before it was held to be silent.
 */
import type { Correction, DataLag, Rule, Transition } from '@hub/contracts'
import {
  type CorrelatedOutage,
  type CorrelationPolicy,
  Correlator,
  countedFrom,
  defaultCorrelationPolicy,
  endOf,
  factsOf,
  hourMs,
  type Judgement,
  judgeFailure,
  nextEdge,
  type OutageEffect,
  type OutageEvent,
} from '@hub/core'
import { type Deps, inLists, tablesOf, yieldToEventLoop } from '@hub/platform'
import { eventOf, type PresentState } from './events.ts'
import type { Inventory } from './inventory.ts'
import type { OutageMetrics } from './metrics.ts'
import { notificationRequests } from './notifications.ts'
import { correctMembers, loadOutage, loadOutages, pendingJudgements } from './store.ts'
import type { OutagesDb } from './tables.ts'
import { Writer, type Written } from './writer.ts'

/** States that are read at one stretch. */
const slice = 2_000
/** So long, at most, others wait for the explaining of failures. ms */
const stretchMs = 15
/** Corrections that are followed up at one time. */
const correctionsMost = 500

type Of = Pick<Deps, 'clock' | 'record' | 'log' | 'audit' | 'outbox' | 'exemptions'> & {
  inventory: Inventory
  metrics: OutageMetrics
  graceMs: number
}

type StateRow = { device: string; state: string; since: number | null; rule: string }

type Failure = Judgement & { device: string; from: number }
const notExpected: Judgement = { expected: false, countsFrom: null }
const unjudged = ({ device, since }: PresentState, countsFrom: number | null = null): Failure => ({
  device,
  from: since,
  expected: false,
  countsFrom,
})

export class Follower {
  readonly #of: Of
  readonly #correlator: Correlator
  readonly #writer: Writer
  readonly #requests
  readonly #pending
  readonly #opensAt: number
  /** The last word of each device that has changed since the start. */
  readonly #latest = new Map<string, PresentState & { decidedAt: number }>()
  /** When the centre decided that a device is down, until its outage is on disk. */
  readonly #decided = new Map<string, number>()
  #corrected: { device: string; from: number; to: number }[] = []
  #compared = false
  /** Devices that the registry has changed since. */
  #changed: string[] = []
  /** As of which exemptions what is out has been judged, and until when none of them begins or ends. */
  #judged: { version: string | undefined; until: number } | null = null
  /** The hub is behind with its data. */
  #behind = false
  /** What people said that is done here, until it is on disk: whether it could be done. */
  readonly #obeyed = new Map<number, boolean>()
  /** What was heard while an explanation was under way. */
  #heard: PresentState[] | null = null

  constructor(of: Of) {
    const { record, inventory, clock, graceMs } = of
    this.#of = of
    const policy: CorrelationPolicy = {
      ...defaultCorrelationPolicy,
      everyMs: inventory.everyMs ?? defaultCorrelationPolicy.everyMs,
    }
    this.#correlator = new Correlator(inventory.topology, policy)
    this.#writer = new Writer(of, (outage) => factsOf(outage, inventory.place))
    this.#requests = notificationRequests(record.sqlite)
    this.#pending = pendingJudgements(record.sqlite)
    this.#opensAt = clock.now() + graceMs
    const open = loadOutages(record.sqlite, clock.now() - policy.reopenMs)
    this.#correlator.restore(open)
    this.#writer.restored(open)
  }

  /** One that was told before, or of a device that is not in service, is nothing new. */
  hear({ device, to: state, at: since, rule, decidedAt }: Transition): void {
    const known = this.#latest.get(device)
    // By the beginning too: the clock of the centre may have been set back.
    if (
      known &&
      (known.decidedAt === decidedAt ? known.since > since : known.decidedAt > decidedAt && known.since >= since)
    )
      return
    const present = { device, state, since, rule }
    this.#latest.set(device, { ...present, decidedAt })
    if (state === 'down' || state === 'unknown') this.#decided.set(device, decidedAt)
    if (this.#heard) this.#heard.push(present)
    else this.#take(present)
  }

  /** A corrected past opens nothing: what was a failure when it counted stays one. But its end becomes the true one. */
  correct({ device, from, to }: Correction): void {
    this.#corrected.push({ device, from, to })
  }

  /**
   * While the hub is behind nothing is opened: what it holds to be the present is the past. Once it has caught up, what is then down is
   * compared with what is open, and each is judged as of then: a ground that has gone meanwhile opens nothing.
   */
  lag({ since }: Pick<DataLag, 'since'>): void {
    if (this.#behind && since === null) this.#compared = false
    this.#behind = since !== null
  }

  /** The inventory has them already. @param devices null: it may be any */
  registryChanged(devices: readonly string[] | null): void {
    this.#judged = null
    if (devices === null) this.#compared = false
    else this.#changed = this.#changed.concat(devices)
  }

  /** Once a second. @returns what is on disk now that was not before */
  async settle(): Promise<Written> {
    const { clock, metrics } = this.#of
    const now = clock.now()
    if (now >= this.#opensAt && !this.#behind) {
      await this.#compare(now)
      await this.#judge(now)
    }
    await this.#correct(now)
    const judged = this.#obey(now)
    const began = performance.now()
    const effects = await this.#explain(now)
    metrics.settleSeconds.observe((performance.now() - began) / 1_000)
    const written = await this.#writer.write(this.#correlator, effects, now, this.#obeyed)
    this.#obeyed.clear()
    this.#observeLateness(written.opened)
    let open = 0
    for (const outage of this.#correlator.outages()) if (endOf(outage) === null) open++
    metrics.open.set(open)
    return { ...written, gone: [...written.gone, ...judged] }
  }

  /** What people have said since. @returns the outages that they spoke of */
  #obey(now: number): string[] {
    const { sqlite } = this.#of.record
    const said = this.#pending().filter(({ id }) => !this.#obeyed.has(id))
    for (const { id, steps } of said) {
      const named = steps.map((step) => (step.do === 'move' ? step.from : step.outage))
      const forgotten = named.flatMap((outage) =>
        this.#correlator.outage(outage) ? [] : (loadOutage(sqlite, outage) ?? []),
      )
      for (const outage of forgotten) this.#correlator.recall(outage)
      this.#writer.restored(forgotten)
      this.#obeyed.set(id, this.#correlator.obey(steps, now))
    }
    return said.map(({ outage }) => outage)
  }

  /** In stretches; what is heard between two of them is taken up after. */
  async #explain(now: number): Promise<OutageEffect[]> {
    this.#heard = []
    try {
      const steps = this.#correlator.settling(now)
      for (let began = performance.now(); ; ) {
        const { done, value } = steps.next()
        if (done) return value
        if (performance.now() - began < stretchMs) continue
        await new Promise((resolve) => setImmediate(resolve))
        began = performance.now()
      }
    } finally {
      const heard = this.#heard
      this.#heard = null
      for (const present of heard) this.#take(present)
    }
  }

  /** Nothing is opened in the start-up grace, nor while the hub is behind; what ends, ends. */
  #take(present: PresentState): void {
    const ends = present.state === 'up' || present.state === 'degraded'
    if (!ends && (this.#behind || this.#of.clock.now() < this.#opensAt)) return
    const event = eventOf(present, ends ? notExpected : this.#judgementOf(unjudged(present)))
    // A device that is no longer in service may end its outage, and begins none.
    if (!event || (!ends && !this.#of.inventory.place(present.device))) return
    this.#of.metrics.events.inc()
    this.#correlator.apply(event)
  }

  async #correct(now: number): Promise<void> {
    const some = this.#corrected.slice(0, correctionsMost)
    if (some.length === 0) return
    const { record, outbox } = this.#of
    const corrected = await record.commit((sqlite) => {
      const members = some.flatMap((past) => correctMembers(sqlite, past, now))
      outbox.appendAll(this.#requests(new Set(members.map(({ outage }) => outage)), now))
      return members
    })
    this.#corrected = this.#corrected.slice(some.length)
    for (const { outage, device, from, to } of corrected) this.#correlator.correct(outage, device, from, to)
  }

  #judgementOf(failure: Failure): Judgement {
    const { inventory, exemptions, clock } = this.#of
    const place = inventory.place(failure.device)
    if (!place) return notExpected
    exemptions.reload()
    const now = clock.now()
    return judgeFailure(failure, exemptions.claims(place, { from: countedFrom(failure), to: now + 1 }), now)
  }

  /** What is out, once a ground may have begun or ended since the last time. */
  async #judge(now: number): Promise<void> {
    const { exemptions } = this.#of
    const version = exemptions.reload()
    if (this.#judged?.version === version && this.#judged && now < this.#judged.until) return
    const within = { from: now, to: now + hourMs }
    this.#judged = { version, until: nextEdge(exemptions.touching(within), within) }
    let began = performance.now()
    for (const failure of [...this.#correlator.out()]) {
      this.#correlator.judge(failure.device, this.#judgementOf(failure))
      if (performance.now() - began < stretchMs) continue
      await yieldToEventLoop()
      began = performance.now()
    }
  }

  /** Against the states in the Record: what is down and in no outage, what is up and in one, what is no longer in service. */
  async #compare(now: number): Promise<void> {
    const all = !this.#compared
    const changed = this.#changed
    if (!all && changed.length === 0) return
    const events: OutageEvent[] = []
    for await (const rows of all ? this.#statesOfAll() : this.#statesOf(changed))
      for (const row of rows) events.push(...this.#eventsOf(row, now))
    events.sort((a, b) => a.at - b.at || (a.device < b.device ? -1 : 1))
    for (const event of events) this.#correlator.apply(event)
    for (const device of all ? this.#out() : changed)
      if (this.#correlator.isOut(device) && !this.#of.inventory.place(device))
        this.#correlator.apply({ device, to: 'up', at: now, sign: 'path', ...notExpected })
    this.#compared = true
    this.#changed = []
  }

  *#out(): Generator<string> {
    for (const { episodes } of this.#correlator.outages())
      for (const { device, to } of episodes) if (to === null) yield device
  }

  /** What is found down only now could not be judged before: it counts from now. */
  #eventsOf({ device, state: kept, since, rule }: StateRow, now: number): OutageEvent[] {
    const state = kept as PresentState['state']
    const latest = this.#latest.get(device)
    if (!latest && (state === 'up' || state === 'degraded') && !this.#correlator.isOut(device)) return []
    const stored = since === null ? null : { device, state, since, rule: JSON.parse(rule) as Rule }
    const present = latest && (!stored || latest.since >= stored.since) ? latest : stored
    const event = present && eventOf(present, this.#judgementOf(unjudged(present, now)))
    const counts = event && this.#of.inventory.place(device) && (event.to !== 'up' || this.#correlator.isOut(device))
    return counts ? [event] : []
  }

  async *#statesOfAll(): AsyncGenerator<StateRow[]> {
    for (let after = ''; ; ) {
      const rows = await this.#states().where('device', '>', after).orderBy('device').limit(slice).execute()
      yield rows
      if (rows.length < slice) return
      after = rows.at(-1)!.device
      await yieldToEventLoop()
    }
  }

  async *#statesOf(devices: readonly string[]): AsyncGenerator<StateRow[]> {
    for (const some of inLists(devices)) yield await this.#states().where('device', 'in', some).execute()
  }

  #states = () =>
    tablesOf<OutagesDb>(this.#of.record).db.selectFrom('ingest_state').select(['device', 'state', 'since', 'rule'])

  #observeLateness(opened: readonly CorrelatedOutage[]): void {
    const now = this.#of.clock.now()
    for (const { episodes } of opened) {
      const decided = episodes.flatMap(({ device }) => this.#decided.get(device) ?? [])
      if (decided.length > 0) this.#of.metrics.lateSeconds.observe((now - Math.min(...decided)) / 1_000)
    }
    for (const device of this.#decided.keys()) if (this.#correlator.isPlaced(device)) this.#decided.delete(device)
  }
}

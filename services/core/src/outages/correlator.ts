/**
 * Correlation as it goes on: events in, changed outages out. Deterministic: no clock, no randomness; the same events at the same
 * times give the same outages. State is held here because twenty thousand episodes cannot be copied at each event.
 *
 * Every failure is an episode of one outage. Episodes younger than the horizon are explained again, all together, whenever there is
 * news; what the explanation puts together is then laid over the outages there are: the one with the same cause, or with most of
 * the episodes, goes on; others are merged into it, or split from it. Older ones stay where they are.
 */

import { secondMs } from '../common/time/units.ts'
import { Background } from './background.ts'
import { explain } from './cover.ts'
import type { Explanation } from './explanation.ts'
import { lastsFlapping } from './flapping.ts'
import type { Judgement } from './grounds.ts'
import { Hand, type HandStep } from './hand.ts'
import { heirOf, sameMoment } from './heir.ts'
import { Ledger } from './ledger.ts'
import { Onsets } from './onsets.ts'
import { Standing } from './standing.ts'
import { stirred } from './stirred.ts'
import { isSurveyed, Survey } from './survey.ts'
import type { Topology } from './topology.ts'
import type { CorrelatedOutage, CorrelationPolicy, Episode, OutageEffect, OutageEvent } from './types.ts'
import { Young } from './young.ts'

/** With more young episodes than this, explaining waits a little. */
const flood = 500
const pauseMs = 5 * secondMs
/** So often what stands is looked over: what comes and goes, what stays out when most are back. */
const surveyMs = 30 * secondMs
/** So often what can no longer change is forgotten. */
const retireMs = 10 * secondMs

export class Correlator {
  #topology: Topology
  readonly #policy: CorrelationPolicy
  readonly #ledger = new Ledger()
  readonly #onsets: Onsets
  readonly #standing: Standing
  readonly #background = new Background()
  readonly #survey: Survey
  readonly #young: Young
  readonly #hand: Hand
  /** The open episode of each device. */
  readonly #open = new Map<string, Episode>()
  #news = false
  #explainedAt = Number.NEGATIVE_INFINITY
  #surveyedAt = Number.NEGATIVE_INFINITY
  #retiredAt = Number.NEGATIVE_INFINITY
  /** What is told while a settling is under way, in order. */
  #waiting: (() => void)[] | null = null

  constructor(topology: Topology, policy: CorrelationPolicy) {
    this.#topology = topology
    this.#policy = policy
    this.#onsets = new Onsets(policy)
    this.#young = new Young(policy)
    this.#hand = new Hand(this.#ledger, this.#young, this.#open)
    this.#standing = new Standing(this.#ledger, this.#onsets, policy)
    this.#survey = new Survey(this.#ledger, this.#onsets, this.#background, policy)
  }

  /** The registry changed. Holds for what comes; outages keep what they were explained by. */
  setTopology(topology: Topology): void {
    this.#inTurn(() => {
      this.#topology = topology
    })
  }

  /** After a start: what was open when the last word was written. */
  restore(outages: readonly CorrelatedOutage[]): void {
    for (const outage of outages) {
      this.#ledger.restore(outage)
      for (const episode of outage.episodes) {
        if (episode.to === null) this.#open.set(episode.device, episode)
        this.#onsets.add(episode)
        if (!isSurveyed(outage.cause)) this.#young.add(episode)
      }
    }
    this.#hand.restore(outages)
    this.#news = true
  }

  /** One that is long over, because a person speaks of it. */
  recall(outage: CorrelatedOutage): void {
    this.#hand.recall(outage)
  }

  /** What a person has said of outages. @returns false when what it needs is not there any more: then nothing is done */
  obey(steps: readonly HandStep[], now: number): boolean {
    return this.#hand.obey(steps, now)
  }

  /** What is other than at the last call, for whoever writes it down: outages that are still there, and episodes. */
  takeChanges = (): ReturnType<Ledger['takeChanges']> => this.#ledger.takeChanges()

  outage = (id: string): CorrelatedOutage | undefined => this.#ledger.get(id)

  /** Outages that are open, or over so lately that they may open again. */
  outages = (): Iterable<CorrelatedOutage> => this.#ledger.all()

  isOut = (device: string): boolean => this.#open.has(device)

  /** What is out, to be judged again. */
  out = (): Iterable<Readonly<Episode>> => this.#open.values()

  /** Not waiting for an explanation. */
  isPlaced = (device: string): boolean => this.#open.get(device)?.outage !== null

  /** One change of state. What follows from it is told by the next `settle`. */
  apply(event: OutageEvent): void {
    this.#inTurn(() => this.#apply(event))
  }

  /** The end of an episode that is over was another, as late evidence says. */
  correct(outage: string, device: string, from: number, to: number): void {
    this.#inTurn(() => {
      const episode = this.#ledger.get(outage)?.episodes.find((e) => e.device === device && e.from === from)
      if (!episode || episode.to === null) return
      episode.to = to
      this.#ledger.touch(episode)
    })
  }

  /** A ground of its device has begun or ended. What is no longer expected may be explained anew, as if it had begun now. */
  judge(device: string, { expected, countsFrom }: Judgement): void {
    this.#inTurn(() => {
      const e = this.#open.get(device)
      if (!e || (e.expected === expected && e.countsFrom === countsFrom)) return
      const turned = e.expected !== expected
      Object.assign(e, { expected, countsFrom })
      this.#ledger.judged(e, turned && expected)
      if (!turned || expected) return
      this.#young.add(e)
      this.#news = true
    })
  }

  /** Explains what is young, and tells every outage that has changed since the last time. Call it about once a second. */
  settle(now: number): OutageEffect[] {
    const steps = this.settling(now)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
    }
  }

  /**
   * The same in pieces, so that others have their turn between two of them. What is told meanwhile (events, corrected ends, the registry)
   * waits in order until it has ended; one settling at a time: a second tells nothing.
   */
  *settling(now: number): Generator<void, OutageEffect[]> {
    if (this.#waiting) return []
    this.#waiting = []
    try {
      this.#hand.settle()
      if (now - this.#surveyedAt >= surveyMs) yield* this.#look(now)
      if (this.#isDue(now)) yield* this.#explain(now)
      yield* this.#ledger.tell(now)
      if (now - this.#retiredAt >= retireMs) yield* this.#retire(now)
      return this.#ledger.takeEffects()
    } finally {
      const waiting = this.#waiting
      this.#waiting = null
      for (const step of waiting) step()
    }
  }

  #inTurn(step: () => void): void {
    if (this.#waiting) this.#waiting.push(step)
    else step()
  }

  #apply({ device, to, at, sign, expected, countsFrom = null }: OutageEvent): void {
    const open = this.#open.get(device)
    if (to === 'up') {
      if (!open) return
      this.#ledger.end(open, at)
      this.#open.delete(device)
      return
    }
    // From unknown to down, or back: the outage goes on under the sign that says more.
    if (open) {
      if (open.sign === sign || (sign !== 'path' && sign !== 'device')) return
      if (open.sign === 'silent' || open.sign === 'blind') {
        open.sign = sign
        this.#ledger.touch(open)
        if (this.#hand.takeHome(open)) return
        this.#young.resign(open, at)
        this.#news = true
        return
      }
      this.#ledger.end(open, at)
    }
    const episode: Episode = { device, sign, from: at, to: null, expected, countsFrom, outage: null }
    this.#open.set(device, episode)
    this.#onsets.add(episode)
    if (this.#hand.takeHome(episode)) return
    this.#young.add(episode)
    this.#news = true
  }

  /** News is explained at once, unless it is a flood; and while a round of probes is under way, what did not fail says more with time. */
  #isDue(now: number): boolean {
    const calm = now - this.#explainedAt >= pauseMs
    if (this.#news) return calm || this.#young.size <= flood
    return calm && this.#young.isUnderWay(now)
  }

  *#explain(now: number): Generator<void, void> {
    this.#news = false
    this.#explainedAt = now
    this.#standing.begin()
    yield* this.#joinUnstable(now)
    const young = this.#young.still(now, this.#noteLone)
    yield
    const explanations = yield* explain(
      stirred(young, this.#topology, (e) => this.#young.isNew(e, now)),
      {
        topology: this.#topology,
        policy: this.#policy,
        now,
        young,
        outSince: this.#outSince,
        out: this.#open.size,
        isRepeated: (device) => this.#onsets.isRepeated(device, now),
        rate: this.#background.rate(this.#topology, now),
      },
    )
    for (const explanation of explanations) {
      yield
      if (this.#isLeftSilent(explanation)) continue
      const joined = this.#standing.joinedBy(explanation, this.#topology, now)
      if (joined) yield* this.#ledger.move(explanation.episodes, joined, now)
      else if (!this.#isLaid(explanation)) yield* this.#lay(explanation, now)
    }
  }

  /** What nothing has explained until now is what happens every day. */
  #noteLone = ({ outage, from }: Episode): void => {
    if (outage !== null && this.#ledger.get(outage)?.cause.kind === 'device') this.#background.note(from)
  }

  /** Of what nothing is known it is as if it had always been out: that says nothing for a cause, and nothing against it. */
  #outSince = (device: string): number | undefined => {
    const open = this.#open.get(device)
    if (!open) return undefined
    return open.sign === 'path' || open.sign === 'device' ? open.from : Number.NEGATIVE_INFINITY
  }

  /** A device by itself that was so before. */
  #isLaid({ cause, episodes: [e] }: Explanation): boolean {
    if (cause.kind !== 'device' || e!.outage === null) return false
    const outage = this.#ledger.get(e!.outage)
    return (
      outage?.cause.kind === 'device' && outage.cause.key === e!.device && this.#ledger.tally(outage).episodes === 1
    )
  }

  /** What comes and goes behind an unstable parent needs no other explanation. */
  *#joinUnstable(now: number): Generator<void, void> {
    for (const e of this.#young) {
      if (e.outage !== null) continue
      const outage = this.#standing.unstable(e)
      if (!outage) continue
      this.#young.delete(e)
      yield* this.#ledger.move([e], outage, now)
    }
  }

  *#look(now: number): Generator<void, void> {
    this.#surveyedAt = now
    const { healed, spreading } = yield* this.#survey.look(this.#topology, this.#young, now)
    for (const { healedAt, episodes } of healed) this.#begin(episodes, healedAt)
    if (spreading) yield* this.#lay(spreading, now)
  }

  /** They go on under another cause from then on. */
  #begin(episodes: readonly Episode[], at: number): void {
    for (const { device, ...e } of episodes) {
      this.#ledger.end(this.#open.get(device)!, at)
      const next: Episode = { ...e, device, from: at, to: null, outage: null }
      this.#open.set(device, next)
      this.#young.add(next)
    }
    this.#news = true
  }

  /** The last of a silent gateway of which nothing more is known: the others have left for a better explanation. */
  #isLeftSilent({ cause, episodes: [e] }: Explanation): boolean {
    if (cause.kind !== 'device' || (e!.sign !== 'silent' && e!.sign !== 'blind') || e!.outage === null) return false
    return this.#ledger.get(e!.outage)?.cause.kind === 'gateway'
  }

  *#lay({ cause: said, evidence, episodes }: Explanation, now: number): Generator<void, void> {
    const owners = new Map<string, number>()
    for (const { outage } of episodes) if (outage !== null) owners.set(outage, (owners.get(outage) ?? 0) + 1)
    yield
    const [largest] = [...owners].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const cause = sameMoment(this.#ledger, said, largest)
    const same = this.#ledger.of(cause)
    const known = same ?? heirOf(this.#ledger, largest, cause)
    const outage = known ?? this.#ledger.begin(episodes[0]!)
    this.#ledger.rename(outage, cause, now)
    if (!same || same.evidence.down <= evidence.down) this.#ledger.support(outage, evidence)
    yield* this.#ledger.move(episodes, outage, now)
    if (!known && largest) this.#ledger.part(outage, largest[0], now)
  }

  /** Forgets what can no longer change: outages that are over past their time to reopen, and old onsets. */
  *#retire(now: number): Generator<void, void> {
    const { reopenMs } = this.#policy
    this.#retiredAt = now
    for (const outage of this.#ledger.all()) {
      yield
      const ended = this.#ledger.endOf(outage)
      if (ended === null || now - ended <= reopenMs) continue
      const { kind, key } = outage.cause
      if (kind === 'flapping' && lastsFlapping(this.#onsets.of(key), now, this.#policy)) continue
      this.#ledger.forget(outage)
      this.#hand.forget(outage)
      for (const e of outage.episodes) this.#young.delete(e)
    }
    yield* this.#onsets.retire(now, this.isOut)
    yield* this.#ledger.forgetNumbers(now - 2 * reopenMs)
  }
}

/**
 * The outages that there are: which episodes are in each, under which cause, and the history that is told of it. It decides nothing:
 * what belongs together is the correlator's to say.
 */

import { secondMs } from '../common/time/units.ts'
import { endOf, Tally } from './counts.ts'
import { countsFromOf, isExpected } from './grounds.ts'
import { eachInPieces } from './pieces.ts'
import { type NodeId, nodeOf } from './topology.ts'
import type { Cause, CorrelatedOutage, Episode, OutageChange, OutageEffect } from './types.ts'

/** Growth and healing are written down when the number has changed by this share. */
const noteworthy = 0.25
/** A smaller growth is written down when nothing more has come for so long. */
const grownMs = 30 * secondMs

export class Ledger {
  readonly #outages = new Map<string, CorrelatedOutage>()
  readonly #byCause = new Map<string, CorrelatedOutage>()
  readonly #tallies = new Map<CorrelatedOutage, Tally>()
  /** The highest number given to an outage of each onset: an id is not given twice. */
  readonly #numbers = new Map<number, number>()
  readonly #touched = new Set<CorrelatedOutage>()
  /** Their lists still name episodes that have gone into others. */
  readonly #thinned = new Set<CorrelatedOutage>()
  /** Members that are not written down yet, and since when it has so many. */
  readonly #growing = new Map<CorrelatedOutage, { members: number; since: number }>()
  /** Whether they are expected has to be asked again; true: and something in them is that was not. */
  readonly #weighed = new Map<CorrelatedOutage, boolean>()
  #unsavedOutages = new Set<CorrelatedOutage>()
  #unsavedEpisodes = new Set<Episode>()
  #effects: OutageEffect[] = []
  #held = 0

  /** As it was when the last word was written. */
  restore(outage: CorrelatedOutage): void {
    if (outage.held) this.#held++
    this.#keep(outage)
    // Its last change may have been lost.
    this.#touched.add(outage)
    const [, onset, number] = outage.id.match(/^(\d+)-(\d+)$/) ?? []
    if (onset) this.#numbers.set(Number(onset), Math.max(Number(number), this.#numbers.get(Number(onset)) ?? 0))
  }

  /** As `restore`, of one that was forgotten: what fails now does not join it by its cause. */
  recall(outage: CorrelatedOutage): void {
    const [name, standing] = [nameOf(outage.cause), this.of(outage.cause)]
    this.restore(outage)
    if (standing) this.#byCause.set(name, standing)
    else this.#byCause.delete(name)
  }

  /** What is other than at the last call: outages that are still there, and episodes. */
  takeChanges(): { outages: Set<CorrelatedOutage>; episodes: Set<Episode> } {
    const changes = { outages: this.#unsavedOutages, episodes: this.#unsavedEpisodes }
    this.#unsavedOutages = new Set()
    this.#unsavedEpisodes = new Set()
    return changes
  }

  takeEffects(): OutageEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  get = (id: string): CorrelatedOutage | undefined => this.#outages.get(id)
  all = (): Iterable<CorrelatedOutage> => this.#outages.values()
  of = (cause: Cause): CorrelatedOutage | undefined => this.#byCause.get(nameOf(cause))
  /** The outage whose cause is that the node failed; of gateways none. */
  ofNode = (node: NodeId): CorrelatedOutage | undefined => this.#byCause.get(node)
  /** How many episodes are in it, of how many devices, and how many of these are out. */
  tally = (outage: CorrelatedOutage): Pick<Tally, 'episodes' | 'members' | 'down'> => this.#tallies.get(outage)!

  /** When the last member came back; null while one is out. */
  endOf = (outage: CorrelatedOutage): number | null => (this.tally(outage).down > 0 ? null : endOf(outage))

  /** @param named the id that a person's act has given it */
  begin(first: Episode, named?: string): CorrelatedOutage {
    const n = (this.#numbers.get(first.from) ?? 0) + 1
    if (named === undefined) this.#numbers.set(first.from, n)
    const outage: CorrelatedOutage = {
      id: named ?? `${first.from}-${n}`,
      cause: { kind: 'device', key: first.device, mode: 'together' },
      evidence: { down: 1, of: 1, withinMs: 0, rejected: [] },
      expected: false,
      countsFrom: null,
      episodes: [],
      changes: [],
      reported: 0,
      held: false,
    }
    this.#keep(outage)
    return outage
  }

  /** Whether there is any that a person holds. */
  get holds(): boolean {
    return this.#held > 0
  }

  isHeld = (id: string | null): boolean => id !== null && this.#outages.get(id)?.held === true

  hold(outage: CorrelatedOutage): void {
    if (!outage.held) this.#held++
    outage.held = true
    this.#unsavedOutages.add(outage)
  }

  /** Not of one that is held: a person has named it. */
  rename(outage: CorrelatedOutage, cause: Cause, now: number): void {
    if (!outage.held) this.name(outage, cause, now)
  }

  /** By a person. */
  name(outage: CorrelatedOutage, cause: Cause, now: number): void {
    const before = nameOf(outage.cause)
    if (before === nameOf(cause)) return
    if (this.#byCause.get(before) === outage) this.#byCause.delete(before)
    outage.cause = cause
    this.#unsavedOutages.add(outage)
    this.#byCause.set(nameOf(cause), outage)
    if (outage.changes.length > 0) this.#write(outage, 'cause', now)
  }

  support(outage: CorrelatedOutage, evidence: CorrelatedOutage['evidence']): void {
    const { down, of, withinMs } = outage.evidence
    if (outage.held || (down === evidence.down && of === evidence.of && withinMs === evidence.withinMs)) return
    this.prove(outage, evidence)
  }

  /** Of one that is held too. */
  prove(outage: CorrelatedOutage, evidence: CorrelatedOutage['evidence']): void {
    outage.evidence = evidence
    this.#unsavedOutages.add(outage)
  }

  /** An outage that has none left is merged into the one where its episodes are. */
  *move(episodes: readonly Episode[], into: CorrelatedOutage, now: number): Generator<void, void> {
    const owners = new Set<string>()
    const tally = this.#tallies.get(into)!
    yield* eachInPieces(episodes, (episode) => {
      if (episode.outage === into.id) return
      if (episode.outage !== null) {
        owners.add(episode.outage)
        this.#tallyOf(episode)?.remove(episode)
        // What it leaves behind may be expected as a whole.
        const left = this.get(episode.outage)
        if (left && !episode.expected) this.#weigh(left, true)
      }
      episode.outage = into.id
      into.episodes.push(episode)
      tally.add(episode)
      this.#weigh(into, episode.expected)
      this.touch(episode)
    })
    for (const id of owners) {
      yield
      this.#leave(id, into, now)
    }
    // What came out of another may count since before.
    if (owners.size > 0 && !into.expected) into.countsFrom = countsFromOf(into)
  }

  /** Most of a new outage was in another, which goes on without it. */
  part(outage: CorrelatedOutage, from: string, now: number): void {
    const whole = this.#outages.get(from)
    if (!whole || whole.changes.length === 0) return
    // That they are down is news to whoever was told that nothing is known of them.
    if (whole.cause.kind !== 'gateway') this.#effects.push({ kind: 'split', id: outage.id, from })
    this.#write(whole, 'split', now, outage.id)
  }

  /** A person has split it off: who knew of the whole knows of the part, and its orders go along. */
  splitByHand(outage: CorrelatedOutage, from: string, orders: readonly string[], now: number): void {
    this.#effects.push({ kind: 'split', id: outage.id, from, byHand: { orders } })
    const whole = this.#outages.get(from)
    if (whole && whole.changes.length > 0) this.#write(whole, 'split', now, outage.id)
  }

  /** The device is back. */
  end(episode: Episode, at: number): void {
    episode.to = Math.max(episode.from, at)
    this.#tallyOf(episode)?.end()
    this.judged(episode, false)
  }

  /** @param covered it is expected now, and was not */
  judged(episode: Episode, covered: boolean): void {
    const outage = episode.outage === null ? undefined : this.#outages.get(episode.outage)
    if (outage) this.#weigh(outage, covered)
    this.touch(episode)
  }

  touch(episode: Episode): void {
    const outage = episode.outage === null ? undefined : this.#outages.get(episode.outage)
    if (!outage) return
    this.#touched.add(outage)
    this.#unsavedOutages.add(outage)
    this.#unsavedEpisodes.add(episode)
  }

  /** Writes the history on of every outage that has changed. */
  *tell(now: number): Generator<void, void> {
    for (const outage of this.#thinned) {
      outage.episodes = outage.episodes.filter((e) => e.outage === outage.id)
      yield
    }
    this.#thinned.clear()
    for (const outage of this.#touched) {
      const change = this.#changeOf(outage)
      if (change === 'opened') this.#judgeFirst(outage)
      if (change) this.#write(outage, change, now)
      else this.#watchGrowth(outage, now)
      this.#judgeAgain(outage, now)
      yield
    }
    this.#touched.clear()
    for (const [outage, { since }] of this.#growing) {
      if (now - since >= grownMs) this.#write(outage, 'grew', now)
      yield
    }
  }

  forget(outage: CorrelatedOutage): void {
    if (outage.held) this.#held--
    this.#outages.delete(outage.id)
    this.#touched.delete(outage)
    this.#thinned.delete(outage)
    this.#growing.delete(outage)
    this.#weighed.delete(outage)
    this.#tallies.delete(outage)
    const name = nameOf(outage.cause)
    if (this.#byCause.get(name) === outage) this.#byCause.delete(name)
  }

  /** The numbers of onsets before this time are not asked for again. */
  *forgetNumbers(before: number): Generator<void, void> {
    yield* eachInPieces(this.#numbers.keys(), (onset) => {
      if (onset < before) this.#numbers.delete(onset)
    })
  }

  #keep(outage: CorrelatedOutage): void {
    this.#outages.set(outage.id, outage)
    this.#byCause.set(nameOf(outage.cause), outage)
    const tally = new Tally()
    for (const episode of outage.episodes) tally.add(episode)
    this.#tallies.set(outage, tally)
  }

  #tallyOf({ outage }: Episode): Tally | undefined {
    const owner = outage === null ? undefined : this.#outages.get(outage)
    return owner && this.#tallies.get(owner)
  }

  /** Episodes of an outage have gone into another. */
  #leave(id: string, into: CorrelatedOutage, now: number): void {
    const from = this.#outages.get(id)
    if (!from) return
    if (this.tally(from).episodes > 0) {
      this.#thinned.add(from)
      this.#touched.add(from)
      this.#unsavedOutages.add(from)
      return
    }
    from.episodes = []
    this.forget(from)
    this.#unsavedOutages.delete(from)
    if (from.changes.length === 0) return
    this.#effects.push({ kind: 'merged', id: from.id, into: into.id })
    if (into.changes.at(-1)?.down === 0) this.#write(into, 'reopened', now)
    this.#write(into, 'merged', now, from.id)
  }

  #weigh(outage: CorrelatedOutage, covered: boolean): void {
    this.#weighed.set(outage, covered || this.#weighed.get(outage) === true)
  }

  #judgeFirst(outage: CorrelatedOutage): void {
    this.#weighed.delete(outage)
    outage.expected = isExpected(outage)
    outage.countsFrom = outage.expected ? null : countsFromOf(outage)
  }

  /** It becomes expected by a ground that began, not by others coming back; it is no longer when what is out mostly is not. */
  #judgeAgain(outage: CorrelatedOutage, now: number): void {
    const covered = this.#weighed.get(outage)
    this.#weighed.delete(outage)
    if (covered === undefined || (!outage.expected && !covered) || this.tally(outage).down === 0) return
    const expected = isExpected(outage)
    if (expected === outage.expected) return
    outage.expected = expected
    if (!expected) outage.countsFrom = now
    this.#unsavedOutages.add(outage)
    this.#write(outage, expected ? 'expected' : 'unexpected', now)
  }

  #changeOf(outage: CorrelatedOutage): OutageChange['change'] | null {
    const last = outage.changes.at(-1)
    const { members, down } = this.tally(outage)
    if (!last) return 'opened'
    if (down === 0 && last.down > 0) return 'resolved'
    if (down > 0 && last.down === 0) return 'reopened'
    if (members >= last.members * (1 + noteworthy) || (members > last.members && members < 8)) return 'grew'
    if (down > 0 && outage.reported - down >= noteworthy * members && down <= members / 2) return 'partly-resolved'
    return null
  }

  #watchGrowth(outage: CorrelatedOutage, now: number): void {
    const { members } = this.tally(outage)
    if (members > outage.changes.at(-1)!.members && members !== this.#growing.get(outage)?.members)
      this.#growing.set(outage, { members, since: now })
  }

  #write(outage: CorrelatedOutage, change: OutageChange['change'], at: number, other?: string): void {
    const { members, down } = this.tally(outage)
    const step: OutageChange = { at, change, members, down, cause: outage.cause, ...(other ? { other } : {}) }
    outage.changes.push(step)
    outage.reported = down
    this.#growing.delete(outage)
    this.#effects.push({ kind: 'changed', outage, change: step })
  }
}

const nameOf = ({ kind, key, mode }: Cause): string =>
  kind === 'gateway' || mode === 'unstable' ? `${kind}:${key}:${mode}` : nodeOf(kind, key)

/**
 * Correlation as it goes on: events in, changed outages out. Deterministic: no clock, no randomness; the same events at the same
 * times give the same outages. State is held here because twenty thousand episodes cannot be copied at each event.
 *
 * Every failure is an episode of one outage. Episodes younger than the horizon are explained again, all together, whenever there is
 * news; what the explanation puts together is then laid over the outages there are: the one with the same cause, or with most of
 * the episodes, goes on; others are merged into it, or split from it. Older ones stay where they are.
 */
import { countsOf, endOf } from './counts.ts'
import { explain } from './cover.ts'
import type { Explanation } from './explanation.ts'
import { evidenceOfFlapping, isFlapping, lastsFlapping } from './flapping.ts'
import { type NodeId, nodeOf, type Topology } from './topology.ts'
import type {
  Cause,
  CorrelatedOutage,
  CorrelationPolicy,
  Episode,
  FailureSign,
  OutageChange,
  OutageEffect,
  OutageEvent,
} from './types.ts'

/** Growth and healing are written down when the number has changed by this share. */
const noteworthy = 0.25
/** A smaller growth is written down when nothing more has come for so long. */
const grownMs = 30_000
/** With more young episodes than this, explaining waits a little. */
const flood = 500
const pauseMs = 5_000
/** A cause stands while this share of what is behind it is out. */
const standingShare = 0.6

export class Correlator {
  #topology: Topology
  readonly #policy: CorrelationPolicy
  readonly #outages = new Map<string, CorrelatedOutage>()
  readonly #byCause = new Map<string, CorrelatedOutage>()
  /** Episodes that may still move from outage to outage. */
  #young = new Set<Episode>()
  /** The open episode of each device. */
  readonly #open = new Map<string, Episode>()
  /** Onsets of each device within the flapping window, oldest first. */
  readonly #onsets = new Map<string, number[]>()
  readonly #touched = new Set<CorrelatedOutage>()
  /** Since when more than silence is known of them. */
  readonly #resigned = new WeakMap<Episode, number>()
  /** The highest number given to an outage of each onset: an id is not given twice. */
  readonly #numbers = new Map<number, number>()
  /** Members that are not written down yet, and since when it has so many. */
  readonly #growing = new Map<CorrelatedOutage, { members: number; since: number }>()
  readonly #standingDown = new Map<CorrelatedOutage, number>()
  #unsavedOutages = new Set<CorrelatedOutage>()
  #unsavedEpisodes = new Set<Episode>()
  #news = false
  #explainedAt = Number.NEGATIVE_INFINITY

  constructor(topology: Topology, policy: CorrelationPolicy) {
    this.#topology = topology
    this.#policy = policy
  }

  /** The registry changed. Holds for what comes; outages keep what they were explained by. */
  setTopology(topology: Topology): void {
    this.#topology = topology
  }

  /** After a start: what was open when the last word was written. */
  restore(outages: readonly CorrelatedOutage[]): void {
    for (const outage of outages) {
      this.#outages.set(outage.id, outage)
      this.#byCause.set(nameOf(outage.cause), outage)
      // Its last change may have been lost.
      this.#touched.add(outage)
      for (const episode of outage.episodes) {
        if (episode.to === null) this.#open.set(episode.device, episode)
        this.#remember(episode.device, episode.from)
        this.#young.add(episode)
      }
      const [, onset, number] = outage.id.match(/^(\d+)-(\d+)$/) ?? []
      if (onset) this.#numbers.set(Number(onset), Math.max(Number(number), this.#numbers.get(Number(onset)) ?? 0))
    }
    this.#news = true
  }

  /** What is other than at the last call, for whoever writes it down: outages that are still there, and episodes. */
  takeChanges(): { outages: Set<CorrelatedOutage>; episodes: Set<Episode> } {
    const changes = { outages: this.#unsavedOutages, episodes: this.#unsavedEpisodes }
    this.#unsavedOutages = new Set()
    this.#unsavedEpisodes = new Set()
    return changes
  }

  outage = (id: string): CorrelatedOutage | undefined => this.#outages.get(id)

  /** Outages that are open, or healed so lately that they may open again. */
  outages = (): Iterable<CorrelatedOutage> => this.#outages.values()

  isOut = (device: string): boolean => this.#open.has(device)

  /** Not waiting for an explanation. */
  isPlaced = (device: string): boolean => this.#open.get(device)?.outage !== null

  /** One change of state. What follows from it is told by the next `settle`. */
  apply({ device, to, at, sign, expected }: OutageEvent): void {
    const open = this.#open.get(device)
    if (to === 'up') {
      if (!open) return
      open.to = Math.max(open.from, at)
      this.#open.delete(device)
      this.#touch(open)
      return
    }
    // From unknown to down, or back: the outage goes on under the sign that says more.
    if (open) {
      if (open.sign === sign || (sign !== 'path' && sign !== 'device')) return
      if (open.sign === 'silent' || open.sign === 'blind') {
        this.#resign(open, sign, at)
        return
      }
      open.to = Math.max(open.from, at)
      this.#touch(open)
    }
    const episode: Episode = { device, sign, from: at, to: null, expected, outage: null }
    this.#open.set(device, episode)
    this.#remember(device, at)
    this.#young.add(episode)
    this.#news = true
  }

  /** Its gateway is heard again and says what it is: explained afresh, with the onset that it had. */
  #resign(e: Episode, sign: FailureSign, at: number): void {
    e.sign = sign
    this.#resigned.set(e, Math.max(e.from, at))
    this.#young.add(e)
    this.#touch(e)
    this.#news = true
  }

  /** The end of an episode that is over was another, as late evidence says. */
  mend(outage: string, device: string, from: number, to: number): void {
    const episode = this.#outages.get(outage)?.episodes.find((e) => e.device === device && e.from === from)
    if (!episode || episode.to === null) return
    episode.to = to
    this.#touch(episode)
  }

  /** Explains what is young, and tells every outage that has changed since the last time. Call it about once a second. */
  settle(now: number): OutageEffect[] {
    const steps = this.settling(now)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
    }
  }

  /** The same in pieces, so that others have their turn between two of them. Nothing else may be called until it has ended. */
  *settling(now: number): Generator<void, OutageEffect[]> {
    const effects: OutageEffect[] = []
    if (this.#isDue(now)) yield* this.#explain(now, effects)
    for (const outage of this.#touched) {
      this.#tell(outage, now, effects)
      yield
    }
    this.#touched.clear()
    for (const [outage, { since }] of this.#growing)
      if (now - since >= grownMs) this.#write(outage, 'grew', now, effects)
    this.#retire(now)
    return effects
  }

  /** News is explained at once, unless it is a flood; and while a round of looks is under way, what did not fail says more with time. */
  #isDue(now: number): boolean {
    const calm = now - this.#explainedAt >= pauseMs
    if (this.#news) return calm || this.#young.size <= flood
    if (!calm) return false
    const { everyMs, confirmMs } = this.#policy
    for (const e of this.#young) if (now - this.#knownAt(e) <= 2 * (everyMs + confirmMs)) return true
    return false
  }

  #knownAt(e: Episode): number {
    return this.#resigned.get(e) ?? e.from
  }

  *#explain(now: number, effects: OutageEffect[]): Generator<void, void> {
    this.#news = false
    this.#explainedAt = now
    this.#standingDown.clear()
    const young = this.#stillYoung(now)
    const explanations = yield* explain(young, {
      topology: this.#topology,
      policy: this.#policy,
      now,
      wasOut: (device, at) => {
        const open = this.#open.get(device)
        return open !== undefined && open.from < at - this.#policy.rollingGapMs
      },
    })
    for (const explanation of explanations) {
      yield
      const [first] = explanation.episodes
      if (this.#isLeftSilent(explanation)) continue
      if (explanation.cause.kind !== 'device') this.#lay(explanation, now, effects)
      else if (!this.#joinStanding(first!, now, effects) && !this.#joinFlapping(first!, now, effects))
        this.#lay(explanation, now, effects)
    }
  }

  /** The last of a silent gateway of which nothing more is known: the others have left for a better explanation. */
  #isLeftSilent({ cause, episodes: [e] }: Explanation): boolean {
    if (cause.kind !== 'device' || (e!.sign !== 'silent' && e!.sign !== 'blind') || e!.outage === null) return false
    return this.#outages.get(e!.outage)?.cause.kind === 'gateway'
  }

  /** An outage settles as a whole: while one of its episodes is young, all are explained together. */
  #stillYoung(now: number): Episode[] {
    const { horizonMs } = this.#policy
    const lively = new Set<string | null>()
    for (const e of this.#young) if (e.outage === null || now - this.#knownAt(e) <= horizonMs) lively.add(e.outage)
    for (const e of this.#young) if (!lively.has(e.outage)) this.#young.delete(e)
    return [...this.#young]
  }

  /** What fails behind a cause that stands, and is still out for most, fails for that cause. */
  #joinStanding(e: Episode, now: number, effects: OutageEffect[]): boolean {
    for (const need of this.#topology.needs.get(e.device) ?? []) {
      const standing = need.map((node) => this.#standing(node, e))
      if (standing.length === 0 || !standing.every(Boolean)) continue
      this.#move([e], standing[0]!, now, effects)
      return true
    }
    return false
  }

  #standing(node: NodeId, e: Episode): CorrelatedOutage | undefined {
    if (e.sign !== 'path') return undefined
    const outage = this.#byCause.get(node)
    if (!outage || outage.id === e.outage) return outage
    // Counted once for all that is explained now.
    const down = this.#standingDown.get(outage) ?? countsOf(outage).down
    this.#standingDown.set(outage, down)
    return down >= Math.max(2, standingShare * outage.evidence.of) ? outage : undefined
  }

  /** A device that comes and goes is one long trouble. */
  #joinFlapping(e: Episode, now: number, effects: OutageEffect[]): boolean {
    const onsets = this.#onsets.get(e.device)!
    if (!isFlapping(onsets, now, this.#policy)) return false
    const cause: Cause = { kind: 'flapping', key: e.device, mode: 'rolling' }
    const alone = this.#byCause.get(nameOf({ kind: 'device', key: e.device, mode: 'together' }))
    const outage = this.#byCause.get(nameOf(cause)) ?? alone ?? this.#begin(e)
    this.#rename(outage, cause, now, effects)
    this.#support(outage, evidenceOfFlapping(onsets))
    this.#move([e], outage, now, effects)
    return true
  }

  #lay({ cause, evidence, episodes }: Explanation, now: number, effects: OutageEffect[]): void {
    const owners = new Map<string, number>()
    for (const { outage } of episodes) if (outage !== null) owners.set(outage, (owners.get(outage) ?? 0) + 1)
    const [largest] = [...owners].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const same = this.#byCause.get(nameOf(cause))
    const known = same ?? this.#heir(largest?.[0], cause, episodes)
    const outage = known ?? this.#begin(episodes[0]!)
    this.#rename(outage, cause, now, effects)
    if (!same || same.evidence.down <= evidence.down) this.#support(outage, evidence)
    this.#move(episodes, outage, now, effects)
    if (!known && largest) this.#part(outage, largest[0], now, effects)
  }

  /** Most of a new outage was in another, which goes on without it. */
  #part(outage: CorrelatedOutage, from: string, now: number, effects: OutageEffect[]): void {
    const whole = this.#outages.get(from)
    if (!whole || whole.changes.length === 0) return
    // That they are down is news to whoever was told that nothing is known of them.
    if (whole.cause.kind !== 'gateway') effects.push({ kind: 'split', id: outage.id, from })
    this.#write(whole, 'split', now, effects, outage.id)
  }

  #support(outage: CorrelatedOutage, evidence: CorrelatedOutage['evidence']): void {
    if (JSON.stringify(outage.evidence) === JSON.stringify(evidence)) return
    outage.evidence = evidence
    this.#unsavedOutages.add(outage)
  }

  /** The outage that most of the episodes are in goes on under their cause, unless most of its own stay behind. */
  #heir(id: string | undefined, cause: Cause, episodes: readonly Episode[]): CorrelatedOutage | undefined {
    const outage = id === undefined ? undefined : this.#outages.get(id)
    if (!outage) return undefined
    const going = episodes.filter((e) => e.outage === id).length
    // What a gateway could not see is one trouble, what it sees now is another.
    if (outage.cause.kind === 'gateway' && cause.kind !== 'gateway')
      return going === outage.episodes.length ? outage : undefined
    return 2 * going >= outage.episodes.length ? outage : undefined
  }

  #rename(outage: CorrelatedOutage, cause: Cause, now: number, effects: OutageEffect[]): void {
    const before = nameOf(outage.cause)
    if (before === nameOf(cause)) return
    if (this.#byCause.get(before) === outage) this.#byCause.delete(before)
    outage.cause = cause
    this.#unsavedOutages.add(outage)
    this.#byCause.set(nameOf(cause), outage)
    if (outage.changes.length > 0) this.#write(outage, 'cause', now, effects)
  }

  #begin(first: Episode): CorrelatedOutage {
    const n = (this.#numbers.get(first.from) ?? 0) + 1
    this.#numbers.set(first.from, n)
    const outage: CorrelatedOutage = {
      id: `${first.from}-${n}`,
      cause: { kind: 'device', key: first.device, mode: 'together' },
      evidence: { down: 1, of: 1, withinMs: 0, rejected: [] },
      episodes: [],
      changes: [],
      told: 0,
    }
    this.#outages.set(outage.id, outage)
    this.#byCause.set(nameOf(outage.cause), outage)
    return outage
  }

  #move(episodes: readonly Episode[], into: CorrelatedOutage, now: number, effects: OutageEffect[]): void {
    const owners = new Set<string>()
    for (const episode of episodes) {
      if (episode.outage === into.id) continue
      if (episode.outage !== null) owners.add(episode.outage)
      episode.outage = into.id
      into.episodes.push(episode)
      this.#touch(episode)
    }
    for (const id of owners) this.#leave(id, into, now, effects)
  }

  /** Episodes of an outage have gone into another; when it has none left, it is merged. */
  #leave(id: string, into: CorrelatedOutage, now: number, effects: OutageEffect[]): void {
    const from = this.#outages.get(id)
    if (!from) return
    from.episodes = from.episodes.filter((e) => e.outage === id)
    if (from.episodes.length > 0) {
      this.#touched.add(from)
      this.#unsavedOutages.add(from)
      return
    }
    this.#forget(from)
    this.#unsavedOutages.delete(from)
    if (from.changes.length === 0) return
    effects.push({ kind: 'merged', id: from.id, into: into.id })
    if (into.changes.at(-1)?.down === 0) this.#write(into, 'reopened', now, effects)
    this.#write(into, 'merged', now, effects, from.id)
  }

  #touch(episode: Episode): void {
    const outage = episode.outage === null ? undefined : this.#outages.get(episode.outage)
    if (!outage) return
    this.#touched.add(outage)
    this.#unsavedOutages.add(outage)
    this.#unsavedEpisodes.add(episode)
  }

  #tell(outage: CorrelatedOutage, now: number, effects: OutageEffect[]): void {
    const last = outage.changes.at(-1)
    const { members, down } = countsOf(outage)
    if (!last) this.#write(outage, 'opened', now, effects)
    else if (down === 0 && last.down > 0) this.#write(outage, 'healed', now, effects)
    else if (down > 0 && last.down === 0) this.#write(outage, 'reopened', now, effects)
    else if (members >= last.members * (1 + noteworthy) || (members > last.members && members < 8))
      this.#write(outage, 'grew', now, effects)
    else if (down > 0 && outage.told - down >= noteworthy * members && down <= members / 2)
      this.#write(outage, 'partly-healed', now, effects)
    else if (members > last.members && members !== this.#growing.get(outage)?.members)
      this.#growing.set(outage, { members, since: now })
  }

  #write(
    outage: CorrelatedOutage,
    change: OutageChange['change'],
    at: number,
    effects: OutageEffect[],
    other?: string,
  ) {
    const { members, down } = countsOf(outage)
    const step: OutageChange = { at, change, members, down, cause: outage.cause, ...(other ? { other } : {}) }
    outage.changes.push(step)
    outage.told = down
    this.#growing.delete(outage)
    effects.push({ kind: 'changed', outage, change: step })
  }

  /** Forgets what can no longer change: healed outages past their time to reopen, and old onsets. */
  #retire(now: number): void {
    const { reopenMs, flapWindowMs } = this.#policy
    for (const outage of this.#outages.values()) {
      const ended = endOf(outage)
      if (ended === null || now - ended <= reopenMs) continue
      if (
        outage.cause.kind === 'flapping' &&
        lastsFlapping(this.#onsets.get(outage.cause.key) ?? [], now, this.#policy)
      )
        continue
      this.#forget(outage)
      for (const e of outage.episodes) this.#young.delete(e)
    }
    for (const [device, onsets] of this.#onsets)
      if (now - onsets.at(-1)! > flapWindowMs && !this.#open.has(device)) this.#onsets.delete(device)
    for (const onset of this.#numbers.keys()) if (now - onset > 2 * reopenMs) this.#numbers.delete(onset)
  }

  #forget(outage: CorrelatedOutage): void {
    this.#outages.delete(outage.id)
    this.#touched.delete(outage)
    this.#growing.delete(outage)
    const name = nameOf(outage.cause)
    if (this.#byCause.get(name) === outage) this.#byCause.delete(name)
  }

  #remember(device: string, at: number): void {
    const onsets = this.#onsets.get(device)
    if (!onsets) this.#onsets.set(device, [at])
    else {
      onsets.push(at)
      if (onsets.length > 4 * this.#policy.flapCount) onsets.shift()
    }
  }
}

const nameOf = ({ kind, key, mode }: Cause): string =>
  kind === 'gateway' ? `gateway:${key}:${mode}` : nodeOf(kind, key)

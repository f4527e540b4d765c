/** Outages that stand go on taking in what fails of their cause. */
import { minuteMs } from '../common/time/units.ts'
import type { Explanation } from './explanation.ts'
import { evidenceOfFlapping, isFlapping } from './flapping.ts'
import type { Ledger } from './ledger.ts'
import type { Onsets } from './onsets.ts'
import { kindOf, type NodeId, type Topology } from './topology.ts'
import type { Cause, CorrelatedOutage, CorrelationPolicy, Episode } from './types.ts'

/** A cause stands while this share of what is behind it is out. */
const standingShare = 0.6
/** Late ones of a line: batteries, sessions that time out. They need not be explained by something narrower. */
const lateMs = 3 * minuteMs
const lateShare = 0.5

type State = { down: number; first: number }

export class Standing {
  readonly #ledger: Ledger
  readonly #onsets: Onsets
  readonly #policy: CorrelationPolicy
  /** Of each outage asked for, counted once for all that is explained at one time. */
  readonly #states = new Map<CorrelatedOutage, State>()

  constructor(ledger: Ledger, onsets: Onsets, policy: CorrelationPolicy) {
    this.#ledger = ledger
    this.#onsets = onsets
    this.#policy = policy
  }

  /** A new round of explanations. */
  begin(): void {
    this.#states.clear()
  }

  /** The outage that takes the explanation in. */
  joinedBy(explanation: Explanation, topology: Topology, now: number): CorrelatedOutage | undefined {
    const { cause, episodes } = explanation
    if (cause.kind !== 'device') return this.#late(explanation, topology)
    return this.#behindCause(episodes[0]!, topology) ?? this.#flapping(episodes[0]!, now)
  }

  /** The parent that is known to be unstable, and the device to come and go behind it. */
  unstable({ device }: Episode): CorrelatedOutage | undefined {
    for (const { outage } of this.#onsets.episodesOf(device)) {
      const known = outage === null ? undefined : this.#ledger.get(outage)
      if (known?.cause.mode === 'unstable') return known
    }
    return undefined
  }

  /** What fails behind a cause that stands, and is still out for most, fails for that cause. */
  #behindCause(e: Episode, topology: Topology): CorrelatedOutage | undefined {
    if (e.sign !== 'path' && e.sign !== 'device') return undefined
    for (const need of topology.needs.get(e.device) ?? []) {
      // What answers fails of its recorder, if of anything.
      if (e.sign === 'device' && !need.every((node) => kindOf(node) === 'recorder')) continue
      let standing: CorrelatedOutage | undefined
      for (const node of need) {
        const outage = this.#standing(node, e)
        standing ??= outage
        if (outage) continue
        standing = undefined
        break
      }
      if (standing) return standing
    }
    return undefined
  }

  #standing(node: NodeId, e: Episode): CorrelatedOutage | undefined {
    const outage = this.#ledger.ofNode(node)
    // Gateways that are silent or blind are no matter of probes that failed.
    if (!outage || outage.cause.kind === 'gateway' || outage.id === e.outage) return outage
    const { down, first } = this.#stateOf(outage)
    // What was out before it is out for another reason.
    if (e.from < first - this.#span) return undefined
    // What failed in the same round of probes and is told late belongs to it, over or not.
    if (e.from <= first + this.#span && outage.evidence.down >= standingShare * outage.evidence.of) return outage
    return down >= Math.max(2, standingShare * outage.evidence.of) ? outage : undefined
  }

  /** Some more of what is behind a cause, soon after: they belong to it, whatever else they share. */
  #late({ cause, episodes }: Explanation, topology: Topology): CorrelatedOutage | undefined {
    if (cause.mode !== 'together' && cause.mode !== 'rolling') return undefined
    const [first] = episodes
    if (first!.sign !== 'path') return undefined
    for (const node of topology.nodes.get(first!.device) ?? []) {
      if (node === `${cause.kind}:${cause.key}`) continue
      const outage = this.#ledger.ofNode(node)
      if (outage?.cause.mode !== 'together' || kindOf(node) === 'gateway') continue
      const { down, first: began } = this.#stateOf(outage)
      if (2 * episodes.length > down || down < lateShare * outage.evidence.of) continue
      const fits = (e: Episode) =>
        e.from >= began &&
        e.from <= began + this.#span + lateMs &&
        e.expected === outage.episodes[0]!.expected &&
        topology.nodes.get(e.device)?.includes(node)
      if (episodes.every(fits)) return outage
    }
    return undefined
  }

  /** A device that comes and goes is one long trouble. */
  #flapping(e: Episode, now: number): CorrelatedOutage | undefined {
    if (this.#onsets.episodesOf(e.device).length < this.#policy.flapCount) return undefined
    const onsets = this.#onsets.of(e.device)
    if (!isFlapping(onsets, now, this.#policy)) return undefined
    const cause: Cause = { kind: 'flapping', key: e.device, mode: 'rolling' }
    const alone = this.#ledger.of({ kind: 'device', key: e.device, mode: 'together' })
    const outage = this.#ledger.of(cause) ?? alone ?? this.#ledger.begin(e)
    this.#ledger.rename(outage, cause, now)
    this.#ledger.support(outage, evidenceOfFlapping(onsets))
    return outage
  }

  #stateOf(outage: CorrelatedOutage): State {
    let state = this.#states.get(outage)
    if (!state) {
      let first = Number.POSITIVE_INFINITY
      for (const { from } of outage.episodes) if (from < first) first = from
      state = { down: this.#ledger.tally(outage).down, first }
      this.#states.set(outage, state)
    }
    return state
  }

  get #span(): number {
    return this.#policy.everyMs + this.#policy.confirmMs
  }
}

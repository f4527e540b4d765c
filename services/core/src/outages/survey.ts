/** What shows only when all that stands is looked over, now and then: what comes and goes, what spreads, what stays out when most are back. */
import type { Background } from './background.ts'
import type { Explanation } from './explanation.ts'
import type { Ledger } from './ledger.ts'
import type { Onsets } from './onsets.ts'
import { eachInPieces } from './pieces.ts'
import { type Residual, residualOf } from './residual.ts'
import { spreadingOver } from './spreading.ts'
import type { Topology } from './topology.ts'
import type { Cause, CorrelationPolicy, Episode } from './types.ts'
import { unstableParent } from './unstable.ts'
import type { Young } from './young.ts'

/** A cause of so many at once is no matter of devices that come and go. */
const firmMembers = 8

/** Found by a survey, not by explaining what is young. */
export const isSurveyed = ({ kind, mode }: Cause): boolean =>
  mode === 'unstable' || (kind === 'attribute' && mode === 'rolling')

export class Survey {
  readonly #ledger: Ledger
  readonly #onsets: Onsets
  readonly #background: Background
  readonly #policy: CorrelationPolicy

  constructor(ledger: Ledger, onsets: Onsets, background: Background, policy: CorrelationPolicy) {
    this.#ledger = ledger
    this.#onsets = onsets
    this.#background = background
    this.#policy = policy
  }

  /** @param young what it finds a cause for is explained no more: it is taken away */
  *look(
    topology: Topology,
    young: Young,
    now: number,
  ): Generator<void, { healed: Residual[]; spreading: Explanation | null }> {
    yield* this.#findUnstable(topology, young, now)
    const spreading = this.#findSpreading(topology, young, now)
    const healed: Residual[] = []
    for (const outage of this.#ledger.all()) {
      const { down, members } = this.#ledger.tally(outage)
      if (outage.held || outage.cause.mode !== 'together' || down < 2 || 2 * down > members) continue
      yield
      healed.push(...residualOf(outage, topology, now))
    }
    return { healed, spreading }
  }

  /** Lone failures of one make, one after another. */
  #findSpreading(topology: Topology, young: Young, now: number): Explanation | null {
    const { horizonMs } = this.#policy
    const isLone = (e: Episode) => e.outage !== null && this.#ledger.get(e.outage)?.cause.kind === 'device'
    const lone = [...young].filter(isLone)
    for (const { cause, episodes, held } of this.#ledger.all())
      if (!held && cause.kind === 'attribute' && cause.mode === 'rolling')
        for (const e of episodes) if (now - e.from <= horizonMs) lone.push(e)
    const rate = this.#background.rate(topology, now) * horizonMs
    const found = spreadingOver(lone, topology, rate, now)
    for (const e of found?.episodes ?? []) young.delete(e)
    return found
  }

  *#findUnstable(topology: Topology, young: Young, now: number): Generator<void, void> {
    let flapping: string[] = []
    yield* eachInPieces(this.#onsets.repeated(now), (device) => {
      if (this.#looseOf(device).length > 1) flapping.push(device)
    })
    for (;;) {
      yield
      const found = unstableParent(flapping, topology, this.#policy.flapWindowMs)
      if (!found) return
      const { cause, evidence, devices } = found
      const episodes = devices.flatMap((device) => this.#looseOf(device))
      const outage = this.#ledger.of(cause) ?? this.#ledger.begin(episodes[0]!)
      this.#ledger.rename(outage, cause, now)
      this.#ledger.support(outage, evidence)
      for (const e of episodes) young.delete(e)
      yield* this.#ledger.move(episodes, outage, now)
      const taken = new Set(devices)
      flapping = flapping.filter((device) => !taken.has(device))
    }
  }

  /** Times of being out that no firm cause explains. */
  #looseOf(device: string): Episode[] {
    return this.#onsets.episodesOf(device).filter((e) => {
      const outage = e.outage === null ? undefined : this.#ledger.get(e.outage)
      if (!outage || outage.held || (e.sign !== 'path' && e.sign !== 'device')) return false
      const { kind, mode } = outage.cause
      const { members, episodes } = this.#ledger.tally(outage)
      const moves = mode === 'unstable' || kind === 'moment' || (mode === 'rolling' && episodes >= 2 * members)
      return moves || members < firmMembers
    })
  }
}

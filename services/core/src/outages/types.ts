/** The vocabulary of correlation. */
import type { Cause, CauseEvidence, OutageChange } from '@hub/contracts'
import { minuteMs, secondMs } from '../common/time/units.ts'

/** A change of a device's present state, as the bus tells it. */
export type OutageEvent = {
  device: string
  /** What the state is now: `up` stands for degraded too. */
  to: 'up' | 'down' | 'unknown'
  /** When it began, UTC milliseconds. */
  at: number
  /**
   * What kind of failure it looks like, so that unlike ones are not put together: `path` (no answer at all), `device` (it answers,
   * wrongly: login, stream, picture), `silent` (nothing is known of it), `blind` (its gateway cannot see).
   */
  sign: FailureSign
  /** Covered by an approved exemption now. */
  expected: boolean
  /** See `Episode`. */
  countsFrom?: number | null
}
export type FailureSign = 'path' | 'device' | 'silent' | 'blind'

/** One time of a device being down (or unknown). */
export type Episode = {
  device: string
  sign: FailureSign
  from: number
  to: number | null
  expected: boolean
  /**
   * The end of the last ground on which nobody was told of it: it was expected, or the hub could not judge. For holding, telling and
   * further evidence it begins there. Null: there was none.
   */
  countsFrom: number | null
  /** Id of the outage that it belongs to. */
  outage: string | null
}

/** Failures that belong together. Ids are `${onset of its first member}-${number}`: the same events give the same ids. */
export type CorrelatedOutage = {
  id: string
  cause: Cause
  evidence: CauseEvidence
  /** As it was last written down; and since when it counts, where that is not its onset. */
  expected: boolean
  countsFrom: number | null
  episodes: Episode[]
  /** Coarse steps, oldest first. */
  changes: OutageChange[]
  /** Down members when the last change was written. */
  reported: number
  /** A person has said what belongs to it, or what it is of: see `hand.ts`. */
  held: boolean
}

export type OutageEffect =
  | { kind: 'changed'; outage: CorrelatedOutage; change: OutageChange }
  /** All its members are in `into` now. */
  | { kind: 'merged'; id: string; into: string }
  /** Most of what is in it was in `from`, and known as that. */
  | { kind: 'split'; id: string; from: string; byHand?: { orders: readonly string[] } }

export type { Cause, OutageChange }

export type CorrelationPolicy = {
  /** Usual time between probes of one device: failures of one moment are seen spread over it. ms */
  everyMs: number
  /** From the first failing probe until the state is confirmed. ms */
  confirmMs: number
  /** Failures behind one thing that come no further apart than this may be one rolling event. ms */
  rollingGapMs: number
  /** After this an episode's outage no longer changes by new evidence. ms */
  horizonMs: number
  /** A cause that fails again within this time is the same outage again. ms */
  reopenMs: number
  /** So many times down within `flapWindowMs` is flapping; it is over after a `flapWindowMs` without one. */
  flapCount: number
  flapWindowMs: number
}

export const defaultCorrelationPolicy: CorrelationPolicy = {
  everyMs: 30 * secondMs,
  confirmMs: 10 * secondMs,
  rollingGapMs: 2 * minuteMs,
  horizonMs: 15 * minuteMs,
  reopenMs: 30 * minuteMs,
  flapCount: 4,
  flapWindowMs: 30 * minuteMs,
}

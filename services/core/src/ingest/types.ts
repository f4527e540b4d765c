/** The vocabulary of health: observations, the runs they compress to, the state they make, and what a change of it tells the shell. */
import type { DeviceState, Interval, Observation, Reason, Rule, Rung, Verdict } from '@hub/contracts'

/** The part of an observation that health is judged by. */
export type Evidence = Pick<Observation, 'at' | 'verdict' | 'rung' | 'reason' | 'every'>

/**
 * Observations in a row that say the same: same verdict, rung, reason and cadence, each taken before the previous went stale,
 * all in one UTC hour (so that expanding a run never reads more than an hour of raw batches) and under one version of the rules. Named by `firstAt`.
 */
export type Run = {
  verdict: Verdict
  rung: Rung
  reason?: Reason | undefined
  firstAt: number
  lastAt: number
  /** When its last observation goes stale. `freshUntil − lastAt` is the cadence in force: the same for every observation of the run. */
  freshUntil: number
  /** Exact while it is at most `maxConfirm`; beyond that, exact when each observation arrived once. Nothing is judged by the excess. */
  count: number
  /** Times of the first `maxConfirm` observations, ascending; `heads[0]` is `firstAt`. They tell which observation confirmed a state. */
  heads: readonly number[]
}

/** The most observations that a policy may ask for: as many times a run remembers one by one. */
export const maxConfirm = 5

export type HealthPolicy = {
  /** Observations in a row that set a state: 1 to `maxConfirm`. */
  confirm: Record<DeviceState, number>
  /** Due observations (`every`) that may be missing before evidence is stale. A whole number. */
  staleAfter: number
  /** Periods that differ by less than this share are held to be one, the longer: see `heldPeriod`. 0 to 0.5. */
  periodTolerance: number
  /** What held before: observations from before `until` are judged by it, whenever they come. */
  before?: { until: number; policy: HealthPolicy }
}

export const defaultHealthPolicy: HealthPolicy = {
  confirm: { up: 1, degraded: 2, down: 3, unknown: 1 },
  staleAfter: 3,
  periodTolerance: 0.1,
}

/** Observations in a row that contradict the state and are not yet enough to change it. */
export type Streak = { state: DeviceState; firstAt: number; count: number }

/** All that is known of a device's health. Small and JSON-safe: the shell stores it as it is. */
export type DeviceHealth = {
  state: DeviceState
  /** When the state began, in event time; null before anything was decided. */
  since: number | null
  rule: Rule
  streak: Streak | null
  /** The run that the next observation may extend; null before the first observation, and once evidence went stale. */
  run: Run | null
  /** The last observation, and when it goes, or went, stale. */
  lastAt: number | null
  freshUntil: number | null
}

export const neverSeen: DeviceHealth = {
  state: 'unknown',
  since: null,
  rule: { id: 'never-seen', count: 0, needed: 0, firstAt: null, lastAt: null },
  streak: null,
  run: null,
  lastAt: null,
  freshUntil: null,
}

/** What the shell has to write or to publish. */
export type Effect =
  /** A run was opened, or closed in its final form. Upsert by `firstAt`. Extending one is not reported: see `health.run`. */
  | { kind: 'run'; run: Run }
  /** Upsert by `from`. A null `to` is open; closing emits it again with `to`. */
  | { kind: 'interval'; interval: Interval }
  | { kind: 'transition'; from: DeviceState; to: DeviceState; at: number; rule: Rule }

export type Outcome = { health: DeviceHealth; effects: readonly Effect[] }

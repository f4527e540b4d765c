export { type Amendment, amend, restartPoint } from './health/amend.ts'
export { fold } from './health/fold.ts'
export { expire, inOrder, observe } from './health/observe.ts'
export { timelineOf } from './health/timeline.ts'
export {
  type DeviceHealth,
  defaultHealthPolicy,
  type Effect,
  type HealthPolicy,
  type Look,
  maxConfirm,
  neverSeen,
  type Outcome,
  type Run,
  type Streak,
} from './health/types.ts'
export { splits, weave } from './health/weave.ts'
export { type IdentityChange, identityChanges, nextIdentity } from './identity/changes.ts'
export { type Difference, recordDifferences } from './identity/differences.ts'
export { type Move, moveStage } from './lifecycle/stage.ts'
export { indexPlanned, matchPlanned, type PlannedIndex, type PlannedMatch } from './match/planned.ts'
export { type FoundAt, matchRollout } from './match/rollout.ts'
export type { Planned } from './match/signs.ts'
export { type RateTone, rateTone, worstFirst } from './rate/league.ts'
export { snapshot } from './rate/snapshot.ts'
export { type RecordFault, recordFaults } from './record/faults.ts'
export { account, addTotals, bucketise, onlineRate, type Totals } from './time/account.ts'
export { dayOf, daySpan, dayStart, daysIn } from './time/day.ts'
export { intersectSpans, type Span, subtractSpans, unionSpans } from './time/span.ts'

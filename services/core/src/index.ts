export { accountAdjusted, accountEach } from './adjustment/account.ts'
export { type Claim, type Claiming, claimsOf } from './adjustment/claims.ts'
export { type AdjustableDevice, coverage, covers } from './adjustment/covers.ts'
export { windowsOf } from './adjustment/windows.ts'
export { boundsOf, type DistrictShape, districtShapes, insideDistrict } from './geo/districts.ts'
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
export { serviceAddress } from './identity/service-address.ts'
export type { KpiFigure } from './kpi/figure.ts'
export { type IntactDevice, intact, measuredParts } from './kpi/intact.ts'
export { onlineSnapshot, onlineTime, platformNormal } from './kpi/online.ts'
export {
  clockRight,
  type PositionVerdict,
  positionRight,
  positionVerdict,
  type RequiredFields,
  recordComplete,
  requiredFields,
} from './kpi/registry.ts'
export { kpiRule, uptimeRules } from './kpi/rules.ts'
export { type Move, moveStage } from './lifecycle/stage.ts'
export { indexPlanned, matchPlanned, type PlannedIndex, type PlannedMatch } from './match/planned.ts'
export { type FoundAt, matchRollout } from './match/rollout.ts'
export type { Planned } from './match/signs.ts'
export { learnCohorts } from './outage/cohorts.ts'
export { Correlator } from './outage/correlator.ts'
export { countsOf, endOf } from './outage/counts.ts'
export { factsOf } from './outage/facts.ts'
export {
  defaultLifePolicy,
  type LifePolicy,
  type LifeState,
  legalSteps,
  moveOutage,
  ownStep,
  reopenUntil,
} from './outage/lifecycle.ts'
export { defaultNoticePolicy, type NoticePolicy, noticeOf } from './outage/notice.ts'
export { type Passed, passedOf } from './outage/passed.ts'
export { type Due, dueOf, isMostOf } from './outage/round.ts'
export {
  afterTelling,
  digestDue,
  type Tellable,
  type Telling,
  type TellingKind,
  type TellingPolicy,
  type ToldState,
  tellingOf,
} from './outage/telling.ts'
export { keyOf, kindOf, type NodeId, nodeOf, type PlacedDevice, type Topology, topologyOf } from './outage/topology.ts'
export {
  type CorrelatedOutage,
  type CorrelationPolicy,
  defaultCorrelationPolicy,
  type Episode,
  type FailureSign,
  type OutageEffect,
  type OutageEvent,
} from './outage/types.ts'
export type { ProgressDevice } from './progress/device.ts'
export { type ProgressGroup, progressOf } from './progress/progress.ts'
export { type RateTone, rateTone, worstFirst } from './rate/league.ts'
export { snapshot } from './rate/snapshot.ts'
export { type RecordFault, recordFaults } from './record/faults.ts'
export { addWorkingTime, type Calendar, isWorkday, noCalendar, workdayAfter } from './repair/calendar.ts'
export { limitsOf, overtimeOf, type RepairClass, type RepairPolicy, repairClass } from './repair/limits.ts'
export { moveOrder, sideOf } from './repair/order.ts'
export { inUnits, type Units, unitsOf } from './repair/units.ts'
export { type Colour, type WarnedLimit, type Warning, warnedLimit, warns } from './repair/warning.ts'
export { canonicalJson } from './scorecard/canonical.ts'
export { type Score, type ScoreInput, scoreCard } from './scorecard/score.ts'
export { differences, type Step, sealedText, stepOf } from './scorecard/versions.ts'
export { account, addTotals, onlineRate, type Timed, type Totals } from './time/account.ts'
export { dayOf, daySpan, dayStart, daysIn, monthSpan } from './time/day.ts'
export { intersectSpans, type Span, unionSpans } from './time/span.ts'

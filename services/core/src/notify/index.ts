export {
  afterDecision,
  type DecisionKind,
  decisionOf,
  digestDue,
  type KnownState,
  type NotifiableOutage,
  type NotificationDecision,
  type NotificationPolicy,
} from './decision.ts'
export { type Due, dueOf, isMostOf } from './due.ts'
export { comesAndGoes, defaultHoldPolicy, type HoldPolicy, holdOf, isLone } from './hold.ts'
export { type HubDecision, type HubKnown, hubDecisionOf } from './hub.ts'
export {
  afterIncidentNotice,
  type IncidentKnown,
  type IncidentNotice,
  incidentNoticeOf,
} from './incident.ts'
export { isToldOfRules, type RulesKnown } from './rules.ts'
export { isToldOfSeal, type SealKnown } from './seal.ts'
export { type Unreported, unreportedOf } from './unreported.ts'
export { type Colour, type WarnedLimit, type Warning, warnedLimit, warns } from './warning.ts'

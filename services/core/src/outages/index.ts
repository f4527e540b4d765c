export { circleAround } from './area.ts'
export { learnCohorts } from './cohorts.ts'
export { Correlator } from './correlator.ts'
export { countsOf, endOf } from './counts.ts'
export { factsOf } from './facts.ts'
export { countedFrom, type Judgement, judgeFailure, nextEdge } from './grounds.ts'
export type { HandStep } from './hand.ts'
export {
  automaticTransition,
  defaultLifePolicy,
  type LifePolicy,
  type LifeState,
  legalSteps,
  moveOutage,
  reopenUntil,
} from './lifecycle.ts'
export {
  type Cohorts,
  keyOf,
  kindOf,
  LiveTopology,
  type NodeId,
  nodeOf,
  type PlacedDevice,
  type Topology,
  topologyOf,
} from './topology.ts'
export {
  type CorrelatedOutage,
  type CorrelationPolicy,
  defaultCorrelationPolicy,
  type Episode,
  type FailureSign,
  type OutageEffect,
  type OutageEvent,
} from './types.ts'

export { type Amendment, amend, restartPoint } from './amend.ts'
export {
  type BatchDigest,
  type BatchSource,
  batchLine,
  decodeDigests,
  encodeDigests,
  rangesOf,
  seqRanges,
} from './batch-digests.ts'
export { type KeyStanding, keyStanding, signedText } from './batch-key.ts'
export { defaultLagPolicy, type LagPolicy, type LagState } from './behind.ts'
export { datedPolicy, type HealthRules, policyAt } from './dated.ts'
export { fold } from './fold.ts'
export {
  digestsKeptFrom,
  type KeepPolicy,
  type MonthLocks,
  monthLocks,
  rawKeptFrom,
  type SealedCard,
  settledUntil,
} from './kept.ts'
export { mergeRuns, splits } from './merge-late.ts'
export { expire, inOrder, observe } from './observe.ts'
export { Reception } from './reception.ts'
export { decodeRuns, encodeRuns } from './run-codec.ts'
export { timelineOf } from './timeline.ts'
export {
  type DeviceHealth,
  defaultHealthPolicy,
  type Effect,
  type Evidence,
  type HealthPolicy,
  maxConfirm,
  neverSeen,
  type Outcome,
  type Run,
  type Streak,
} from './types.ts'

/** Monthly scorecards (考核). */
import { z } from 'zod'
import { GatewayId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { JudgedBy } from '../uptime/judged-by.ts'
import { Month, ScoreCoverage, ScoreLine, ScorePolicy, ScoreSubject, scoreSubjects } from './score.ts'
import { ScorecardSeal } from './seal.ts'

export const scorecardStatuses = ['draft', 'reviewed', 'locked'] as const
export const ScorecardStatus = z.enum(scorecardStatuses)
const SpoolState = z.strictObject({
  gateway: GatewayId,
  name: z.string(),
  /** When its spool was last known to be empty; null: never yet. */
  drainedAt: Instant.nullable(),
})
const Difference = z.strictObject({
  field: z.string(),
  was: z.union([z.string(), z.number(), z.null()]),
  now: z.union([z.string(), z.number(), z.null()]),
})
export const Scorecard = z.strictObject({
  id: z.uuid(),
  month: Month,
  subject: ScoreSubject,
  /** 1, 2, … : a correction after the lock makes a new version. */
  version: z.int(),
  status: ScorecardStatus,
  /** 0 to 100; null when too little was measured to judge by: see `coverage`. */
  score: z.number().nullable(),
  /** Null without a score. */
  pay: z.enum(['full', 'part', 'none']).nullable(),
  /** Absent on a card that was made before a score needed it. */
  coverage: ScoreCoverage.optional(),
  lines: z.array(ScoreLine),
  policy: ScorePolicy,
  /** Versions of the rules that held in some part of the month, ascending; the month is scored by the first. Absent on cards from before. */
  judging: z.array(JudgedBy).optional(),
  devices: z.int(),
  /** Milliseconds. */
  totals: z.strictObject({ up: z.int(), down: z.int(), unknown: z.int(), exempt: z.int() }),
  asOf: Instant,
  madeBy: z.string(),
  madeAt: Instant,
  reviewedBy: z.string().nullable(),
  reviewedAt: Instant.nullable(),
  lockedBy: z.string().nullable(),
  lockedAt: Instant.nullable(),
  /** SHA-256, hex, of the canonical JSON (RFC 8785) of the card without `hash`; set by the lock. */
  hash: z.string().nullable(),
  /** Hash of the version before. */
  previousHash: z.string().nullable(),
  /** Gateways that may hold data of the month still, named as missing by whoever locked it. Absent on a card that was locked before it was asked. */
  unaccounted: z.array(SpoolState).optional(),
  /** Why there is a new version. */
  reason: z.string().nullable(),
  /** Against the version before. */
  differences: z.array(Difference),
})
export type Scorecard = z.infer<typeof Scorecard>
/** A locked card that data or adjustments since would change, and how: it stands until a new version is made. */
export const ScorecardChange = z.strictObject({ id: z.uuid(), differences: z.array(Difference).min(1) })
export type ScorecardChange = z.infer<typeof ScorecardChange>
/** When a month may be locked. */
export const ScorecardLock = z.strictObject({
  /** The end of the month and the grace for spools. */
  notBefore: Instant,
  graceMs: z.int(),
  provenance: z.string(),
  /** Gateways of the subject whose spools were not known to be empty after the end of the month: waited for, or named. */
  unaccounted: z.array(SpoolState),
})
export type ScorecardLock = z.infer<typeof ScorecardLock>
/** `asOf`: as known then; absent: as they are. */
export const ScorecardQuery = z.strictObject({
  month: Month.optional(),
  kind: z.enum(scoreSubjects).optional(),
  asOf: instant.optional(),
})
export const ScorecardList = z.strictObject({
  asOf: Instant,
  /** Latest version of each, without a score first, then worst score first. */
  cards: z.array(Scorecard),
  /** Of the locked ones, by what is known now; empty as known at an instant. */
  changed: z.array(ScorecardChange),
  /** As known at an instant: subjects whose card was not locked by then; it is not kept what it said. */
  notKept: z.array(ScoreSubject).optional(),
})
export type ScorecardList = z.infer<typeof ScorecardList>
/** Makes drafts for every subject that the viewer may see; a draft that is there is made again; a locked card gets a new version only with a reason, and only when a
 * figure of the month differs. Refused as a whole where a locked one differs and no reason is given, or a reviewed one was not reopened. */
export const ScorecardMake = z.strictObject({
  month: Month,
  kind: z.enum(scoreSubjects),
  reason: z.string().trim().min(1).max(256).optional(),
})
export type ScorecardMake = z.infer<typeof ScorecardMake>
/** `unaccounted`: of a lock, every gateway whose spool is not known to be empty; who locks takes its data for missing. */
export const ScorecardStep = z.strictObject({
  step: z.enum(['review', 'reopen', 'lock']),
  unaccounted: z.array(GatewayId).max(1_000).optional(),
})
export type ScorecardStep = z.infer<typeof ScorecardStep>
/**
 * `whole`: every hash is that of its card, and every seal holds: against the hub's key, the seal before, the audit and the anchor. `seals`: of
 * each locked version, in the order of `versions`.
 */
export const ScorecardHistory = z.strictObject({
  versions: z.array(Scorecard),
  whole: z.boolean(),
  seals: z.array(ScorecardSeal),
  /** Of the latest version, when it is locked. */
  changed: z.array(ScorecardChange),
  lock: ScorecardLock,
})
export type ScorecardHistory = z.infer<typeof ScorecardHistory>

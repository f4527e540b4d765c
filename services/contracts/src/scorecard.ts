/** Monthly scorecards (考核), figures stated from outside, progress of the rollout, and exports. */
import { z } from 'zod'
import { Carrier, DistrictCode, Instant } from './identity.ts'
import { KpiName } from './uptime.ts'

export const Month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be YYYY-MM')

export const scoreItems = ['online', 'image', 'recording', 'record', 'repair', 'documents'] as const
/** 在线, 图像, 录像, 档案, 修复, 资料. */
export const ScoreItem = z.enum(scoreItems)
export type ScoreItem = z.infer<typeof ScoreItem>

/** An item earns its whole weight at `full` and nothing at `zero`, linearly between. */
export const ScoreRule = z
  .strictObject({
    weight: z.number().min(0).max(100),
    full: z.number().min(0).max(1),
    zero: z.number().min(0).max(1),
  })
  .refine((rule) => rule.zero <= rule.full, { message: 'must be at most full', path: ['zero'] })
export type ScoreRule = z.infer<typeof ScoreRule>
export const ScorePolicy = z
  .strictObject({
    items: z
      .strictObject(
        Object.fromEntries(scoreItems.map((item) => [item, ScoreRule])) as Record<ScoreItem, typeof ScoreRule>,
      )
      .refine(
        (items) => Math.abs(scoreItems.reduce((sum, item) => sum + items[item].weight, 0) - 100) < 1e-9,
        'must have weights that add up to 100',
      ),
    /** Score from which the fee is paid in full, and from which pro rata. */
    payFull: z.number(),
    payPart: z.number(),
    /** An item that nobody measured: left out, its weight shared by the rest; or counted as nothing earned. */
    unmeasured: z.enum(['left-out', 'zero']),
    provenance: z.string(),
  })
  .refine((policy) => policy.payPart <= policy.payFull, { message: 'must be at most payFull', path: ['payPart'] })
export type ScorePolicy = z.infer<typeof ScorePolicy>

export const scoreSubjects = ['carrier', 'district'] as const
export const ScoreSubject = z.union([
  z.strictObject({ kind: z.literal('carrier'), key: Carrier }),
  z.strictObject({ kind: z.literal('district'), key: DistrictCode }),
])
export type ScoreSubject = z.infer<typeof ScoreSubject>

export const ScoreLine = z.strictObject({
  item: ScoreItem,
  weight: z.number(),
  /** 0 to 1; null when not measured. */
  value: z.number().nullable(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  deduction: z.number(),
  /** `stated`: entered by hand, from the source named. */
  basis: z.enum(['computed', 'stated', 'unmeasured']),
  source: z.string(),
})
export type ScoreLine = z.infer<typeof ScoreLine>

export const scorecardStatuses = ['draft', 'reviewed', 'locked'] as const
export const ScorecardStatus = z.enum(scorecardStatuses)
export const Scorecard = z.strictObject({
  id: z.uuid(),
  month: Month,
  subject: ScoreSubject,
  /** 1, 2, … : a correction after the lock makes a new version. */
  version: z.int(),
  status: ScorecardStatus,
  score: z.number(),
  pay: z.enum(['full', 'part', 'none']),
  lines: z.array(ScoreLine),
  policy: ScorePolicy,
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
  /** Why there is a new version. */
  reason: z.string().nullable(),
  /** Against the version before. */
  differences: z.array(
    z.strictObject({
      field: z.string(),
      was: z.union([z.string(), z.number(), z.null()]),
      now: z.union([z.string(), z.number(), z.null()]),
    }),
  ),
})
export type Scorecard = z.infer<typeof Scorecard>
export const ScorecardQuery = z.strictObject({ month: Month.optional(), kind: z.enum(scoreSubjects).optional() })
export const ScorecardList = z.strictObject({
  asOf: Instant,
  /** Latest version of each, worst score first. */
  cards: z.array(Scorecard),
})
export type ScorecardList = z.infer<typeof ScorecardList>
/** Makes drafts for every subject that the viewer may see; a draft that is there is made again; a locked card gets a new version only with a reason, and only when a figure differs. */
export const ScorecardMake = z.strictObject({
  month: Month,
  kind: z.enum(scoreSubjects),
  reason: z.string().trim().min(1).max(256).optional(),
})
export type ScorecardMake = z.infer<typeof ScorecardMake>
export const ScorecardStep = z.strictObject({ step: z.enum(['review', 'reopen', 'lock']) })
export type ScorecardStep = z.infer<typeof ScorecardStep>
/** `whole`: the stored hash is that of the stored card. */
export const ScorecardHistory = z.strictObject({ versions: z.array(Scorecard), whole: z.boolean() })
export type ScorecardHistory = z.infer<typeof ScorecardHistory>

/** A figure that a report from outside states; shown beside the computed one. */
export const Statement = z.strictObject({
  what: z.union([KpiName, ScoreItem]),
  month: Month,
  subject: z.union([z.strictObject({ kind: z.literal('city'), key: z.literal('') }), ScoreSubject]),
  value: z.number().min(0).max(1),
  source: z.string().trim().min(1).max(256),
})
export type Statement = z.infer<typeof Statement>
export const StatementRow = Statement.extend({ enteredBy: z.string(), enteredAt: Instant })
export type StatementRow = z.infer<typeof StatementRow>
export const StatementQuery = z.strictObject({ month: Month.optional() })

export const progressGroups = ['district', 'carrier', 'project'] as const
export const ProgressQuery = z.strictObject({
  by: z.enum(progressGroups).default('district'),
  district: DistrictCode.optional(),
  carrier: Carrier.optional(),
  project: z.string().max(64).optional(),
})
const stageCounts = { planned: z.int(), built: z.int(), accepted: z.int(), inService: z.int(), retired: z.int() }
/** Devices that have reached each stage, cumulative (an accepted one has also been built). `due`: by now, after the plan's dates. */
export const ProgressRow = z.strictObject({ key: z.string(), ...stageCounts, due: z.int(), late: z.int() })
export const Progress = z.strictObject({
  asOf: Instant,
  total: ProgressRow,
  groups: z.array(ProgressRow),
  /** The S-curve, a point a week (the last one today): cumulative devices planned by then, and brought to each stage by then. Null after today. */
  curve: z.array(
    z.strictObject({
      day: z.iso.date(),
      planned: z.int(),
      built: z.int().nullable(),
      accepted: z.int().nullable(),
      inService: z.int().nullable(),
      retired: z.int().nullable(),
    }),
  ),
  /** Devices whose record names no date for a stage that they have reached: they are counted at the end only. */
  undated: z.int(),
})
export type Progress = z.infer<typeof Progress>

export const exportReports = ['uptime', 'intervals', 'kpis', 'scorecards', 'adjustments', 'progress'] as const
export const exportFormats = ['xlsx', 'csv', 'pdf', 'json'] as const
export const ExportRequest = z.strictObject({
  report: z.enum(exportReports),
  format: z.enum(exportFormats),
  language: z.enum(['zh', 'en']).default('zh'),
  /** The query of the report's own route, as text values. */
  query: z
    .record(z.string().max(32), z.union([z.string().max(256), z.array(z.string().max(256)).max(100)]))
    .default({}),
})
export type ExportRequest = z.infer<typeof ExportRequest>
export const exportStatuses = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export const ExportJob = z.strictObject({
  id: z.uuid(),
  report: z.enum(exportReports),
  format: z.enum(exportFormats),
  status: z.enum(exportStatuses),
  /** 0 to 1. */
  progress: z.number(),
  rows: z.int(),
  bytes: z.int().nullable(),
  fileName: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: Instant,
  endedAt: Instant.nullable(),
  /** What failed, in the language of the request. */
  problem: z.string().nullable(),
})
export type ExportJob = z.infer<typeof ExportJob>
export const ExportList = z.strictObject({ jobs: z.array(ExportJob) })

/** A row with this id changed: whoever works on it reads it again. */
export const Changed = z.strictObject({ v: z.literal(1), at: Instant, id: z.string().max(64) })
export type Changed = z.infer<typeof Changed>

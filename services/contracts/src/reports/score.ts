/** What a scorecard measures, and by which policy. */

import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Carrier } from '../common/identity.ts'
import { RateText } from '../common/rate-text.ts'
import { limitText } from '../errors/limits.ts'

export const Month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, limitText('year-month'))

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
  .refine((rule) => rule.zero <= rule.full, { message: limitText('at-most-field', { field: 'full' }), path: ['zero'] })
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
  .refine((policy) => policy.payPart <= policy.payFull, {
    message: limitText('at-most-field', { field: 'payFull' }),
    path: ['payPart'],
  })
export type ScorePolicy = z.infer<typeof ScorePolicy>

/** Time that was measured against time that was due, and how much of it a score needs. Milliseconds; exempt time is not due. */
export const ScoreCoverage = z.strictObject({
  measured: z.int(),
  due: z.int(),
  /** The least share of the due time that must have been measured, 0 to 1. */
  least: z.number().min(0).max(1),
  /** Measured time that is missing for a score; 0 when there is enough. */
  missing: z.int(),
  provenance: z.string(),
})
export type ScoreCoverage = z.infer<typeof ScoreCoverage>

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
  /** Absent on cards from before. */
  rateText: RateText.optional(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  deduction: z.number(),
  /** `stated`: entered by hand, from the source named. */
  basis: z.enum(['computed', 'stated', 'unmeasured']),
  source: z.string(),
})
export type ScoreLine = z.infer<typeof ScoreLine>

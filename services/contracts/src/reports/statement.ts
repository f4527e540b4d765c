/** Figures stated from outside. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import { KpiName } from '../uptime/kpi.ts'
import { Month, ScoreItem, ScoreSubject } from './score.ts'

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

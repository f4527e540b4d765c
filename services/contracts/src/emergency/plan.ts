/** Plans (预案): what to do, by class and level, as a list that is ticked. An incident has its own copy. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { IncidentClass, IncidentLevel, IncidentType } from './words.ts'

const text = (most: number) => z.string().trim().min(1).max(most)

export const PlanStepDraft = z.strictObject({
  title: text(200),
  /** Who does it: 值班长, 现场指挥, 信息发布. */
  role: text(64),
  /** From the start of the plan; null: no limit. */
  limitMinutes: z.int().min(1).max(10_080).nullable(),
  /** Phone numbers, addresses, what to say. */
  hint: z.string().max(1_000).nullable(),
})
export type PlanStepDraft = z.infer<typeof PlanStepDraft>

export const PlanDraft = z.strictObject({
  name: text(128),
  class: IncidentClass,
  /** Null: every type of the class. */
  type: IncidentType.nullable(),
  /** Offered for these levels. */
  levels: z.array(IncidentLevel).min(1, limitText('needed-why')).max(4),
  steps: z.array(PlanStepDraft).min(1).max(100),
})
export type PlanDraft = z.infer<typeof PlanDraft>

export const Plan = PlanDraft.extend({
  id: z.uuid(),
  /** Ascending from 1. What an incident has bound stays as it was. */
  version: z.int().min(1),
  at: Instant,
  by: z.string(),
  retired: z.boolean(),
})
export type Plan = z.infer<typeof Plan>
export const PlanList = z.strictObject({ asOf: Instant, plans: z.array(Plan) })
export type PlanList = z.infer<typeof PlanList>

export const planStepStates = ['open', 'done', 'skipped'] as const
export const IncidentPlanStep = PlanStepDraft.extend({
  /** 1, 2, 3 …; those that were added follow. */
  seq: z.int().min(1),
  state: z.enum(planStepStates),
  due: Instant.nullable(),
  assignee: z.string().nullable(),
  at: Instant.nullable(),
  by: z.string().nullable(),
  note: z.string().nullable(),
  added: z.boolean(),
})
export const IncidentPlan = z.strictObject({
  plan: z.uuid(),
  version: z.int(),
  name: z.string(),
  startedAt: Instant,
  startedBy: z.string(),
  steps: z.array(IncidentPlanStep),
})
export type IncidentPlan = z.infer<typeof IncidentPlan>

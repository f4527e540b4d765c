/** The steps of a plan that was started for an incident: what may be done with one, and until when it should be. */
import type { IncidentPlan, PlanStepDraft } from '@hub/contracts'
import { minuteMs } from '../common/time/units.ts'

type Step = IncidentPlan['steps'][number]

/** Steps of one copy, those that were added included. */
export const mostPlanSteps = 200

/** The copy of a plan's steps; their limits count from its start. */
export const startedSteps = (steps: readonly PlanStepDraft[], startedAt: number): Step[] =>
  steps.map((step, n) => openStep(step, n + 1, startedAt, false))

/** One more, after all others; its limit counts from when it was added. */
export const addedStep = (steps: readonly Pick<Step, 'seq'>[], step: PlanStepDraft, now: number): Step =>
  openStep(step, Math.max(0, ...steps.map(({ seq }) => seq)) + 1, now, true)

const openStep = (step: PlanStepDraft, seq: number, from: number, added: boolean): Step => ({
  ...step,
  seq,
  state: 'open',
  due: step.limitMinutes === null ? null : from + step.limitMinutes * minuteMs,
  assignee: null,
  at: null,
  by: null,
  note: null,
  added,
})

export type PlanAct =
  | { act: 'tick' | 'skip'; seq: number; note: string | null }
  | { act: 'assign'; seq: number; assignee: string }

/** The step after it; or why not. What is done stays done: a plan is a record, too. */
export function takePlanAct(
  steps: readonly Step[],
  asked: PlanAct,
  actor: string,
  now: number,
): { ok: true; step: Step } | { ok: false; why: 'unknown' | 'closed' } {
  const step = steps.find(({ seq }) => seq === asked.seq)
  if (!step) return { ok: false, why: 'unknown' }
  if (step.state !== 'open') return { ok: false, why: 'closed' }
  if (asked.act === 'assign') return { ok: true, step: { ...step, assignee: asked.assignee } }
  const state = asked.act === 'tick' ? 'done' : 'skipped'
  return { ok: true, step: { ...step, state, at: now, by: actor, note: asked.note } }
}

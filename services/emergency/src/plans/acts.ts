/** The steps of an incident's plan: ticked, skipped with the reason, given to somebody, added. */
import { HubError, type IncidentAct, limitText } from '@hub/contracts'
import { addedStep, mostPlanSteps, takePlanAct } from '@hub/core'
import { appendEntry } from '../incidents/log.ts'
import type { Db } from '../tables.ts'
import { insertStep, planOf } from './bind.ts'

type Asked = Extract<IncidentAct, { act: 'tick' | 'skip' | 'assign' | 'add-step' }>

/** Run it in a transaction. @throws HubError `incident.step` without a plan, or for a step that is done; `request.invalid` for none of it */
export async function takePlanStep(trx: Db, incident: string, asked: Asked, actor: string, at: number): Promise<void> {
  const refused = (limit: string) => new HubError('incident.step', { field: 'act', value: asked.act, limit })
  const plan = await planOf(trx, incident)
  if (!plan) throw refused(limitText('plan-none'))
  if (asked.act === 'add-step') {
    if (plan.steps.length >= mostPlanSteps) throw refused(limitText('most-steps', { most: mostPlanSteps }))
    const step = addedStep(plan.steps, asked.step, at)
    await insertStep(trx, incident, step)
    const detail = { act: 'add', seq: step.seq, title: step.title, role: step.role }
    return appendEntry(trx, incident, { at, actor, kind: 'plan', detail })
  }
  const act = asked.act === 'assign' ? asked : { ...asked, note: asked.note ?? null }
  const taken = takePlanAct(plan.steps, act, actor, at)
  if (!taken.ok) {
    if (taken.why === 'closed') throw refused(limitText('plan-step-done', { seq: asked.seq }))
    throw new HubError('request.invalid', { field: 'seq', value: asked.seq, limit: limitText('plan-step-unknown') })
  }
  const { seq, title, state, assignee, note, by, at: takenAt } = taken.step
  await trx
    .updateTable('incident_plan_step')
    .set({ state, assignee, note, by, at: takenAt })
    .where('incident', '=', incident)
    .where('seq', '=', seq)
    .execute()
  const detail = { act: asked.act, seq, title, assignee }
  await appendEntry(trx, incident, { at, actor, kind: 'plan', note, detail })
}

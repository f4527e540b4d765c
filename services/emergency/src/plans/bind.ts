/** A plan that was started for an incident: its own copy, which later versions of the plan leave as it is. */
import { HubError, type IncidentPlan, limitText, type Plan } from '@hub/contracts'
import { startedSteps } from '@hub/core'
import { appendEntry } from '../incidents/log.ts'
import type { Db } from '../tables.ts'
import { retiredPlan } from './store.ts'

type Step = IncidentPlan['steps'][number]

/** Run it in a transaction. @throws HubError `request.invalid` for one that is retired; `incident.step` when there is one already */
export async function startPlan(trx: Db, incident: string, plan: Plan, actor: string, at: number): Promise<void> {
  if (plan.retired) throw retiredPlan(plan.name)
  const bound = await trx.selectFrom('incident_plan').select('name').where('incident', '=', incident).executeTakeFirst()
  if (bound)
    throw new HubError('incident.step', {
      field: 'act',
      value: 'start-plan',
      limit: limitText('plan-started', { name: bound.name }),
    })
  const { id, version, name } = plan
  await trx
    .insertInto('incident_plan')
    .values({ incident, plan: id, version, name, started_at: at, started_by: actor })
    .execute()
  for (const step of startedSteps(plan.steps, at)) await insertStep(trx, incident, step)
  const detail = { act: 'start', plan: id, version, name, steps: plan.steps.length }
  await appendEntry(trx, incident, { at, actor, kind: 'plan', detail })
}

export const insertStep = (trx: Db, incident: string, { limitMinutes, added, ...step }: Step) =>
  trx
    .insertInto('incident_plan_step')
    .values({ incident, ...step, limit_minutes: limitMinutes, added: Number(added) })
    .execute()

export async function planOf(db: Db, incident: string): Promise<IncidentPlan | null> {
  const bound = await db
    .selectFrom('incident_plan')
    .select(['plan', 'version', 'name', 'started_at', 'started_by'])
    .where('incident', '=', incident)
    .executeTakeFirst()
  if (!bound) return null
  const { started_at: startedAt, started_by: startedBy, ...plan } = bound
  const rows = await db
    .selectFrom('incident_plan_step')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('seq')
    .execute()
  const steps = rows.map(({ incident: _, limit_minutes, added, state, ...step }) => ({
    ...step,
    state: state as Step['state'],
    limitMinutes: limit_minutes,
    added: added === 1,
  }))
  return { ...plan, startedAt, startedBy, steps }
}

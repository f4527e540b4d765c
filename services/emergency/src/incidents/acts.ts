/** What a person does with an incident: one act, one transaction, one line of its log. */
import { HubError, type IncidentAct, type IncidentUnit, limitText, type NearbyCamera, type Scope } from '@hub/contracts'
import type { IncidentLimits } from '@hub/core'
import { takePlanStep } from '../plans/acts.ts'
import { startPlan } from '../plans/bind.ts'
import { findPlan } from '../plans/store.ts'
import type { Db } from '../tables.ts'
import { chooseCameras, dropCamera, requireCameras, seeAnew } from './cameras.ts'
import { changeDetails } from './details.ts'
import { findRow } from './find-row.ts'
import { linkParent, mergeIncident } from './links.ts'
import { appendEntry } from './log.ts'
import { type Row, unitsOf } from './rows.ts'
import { afterChange, beforeChange, type Parts } from './settle.ts'
import { isOver } from './statuses.ts'
import { type Act, isStepAct, type StepAct, takeStep } from './steps.ts'
import { requestWorkOrder, requireFree } from './work-orders.ts'

/** Who acts; the permission for it has been checked. `views`: of the cameras that the act is about, read before the transaction. */
export type Actor = { user: string; scope: Scope; now: number; limits: IncidentLimits; views: readonly NearbyCamera[] }
type OtherAct = Exclude<IncidentAct, StepAct>

/**
 * Run it in a transaction. Whoever acts has seen it.
 * @returns the rows that have changed, the one that was asked for at the front. @throws HubError `incident.unknown`, `incident.step`,
 * `request.invalid`, `device.unknown`, `plan.unknown`
 */
export async function actOnIncident(parts: Parts, trx: Db, by: Actor, id: string, act: IncidentAct): Promise<Row[]> {
  const { user: actor, scope, now, limits } = by
  const row = await findRow(trx, scope, id)
  await beforeChange(parts, trx, row, now, limits)
  const changed = [row]
  if (isStepAct(act)) {
    const units = (await unitsOf(trx, [id])).get(id) ?? []
    changed.push(...(await stepOn(parts, trx, scope, row, units, act, { actor, now })))
  } else {
    if (isOver(row.status))
      throw new HubError('incident.step', { field: 'act', value: act.act, limit: limitText('incident-over') })
    changed.push(...(await otherAct(parts, trx, by, row, act)))
  }
  if (row.acknowledged_at === null)
    await trx
      .updateTable('incident')
      .set({ acknowledged_by: actor, acknowledged_at: now })
      .where('id', '=', id)
      .execute()
  for (const { id: one } of changed) await afterChange(parts, trx, one, now, limits)
  return changed
}

async function stepOn(
  parts: Parts,
  trx: Db,
  scope: Scope,
  row: Row,
  units: readonly IncidentUnit[],
  act: StepAct,
  { actor, now }: Act,
): Promise<Row[]> {
  if (act.act === 'merge') return [await mergeIncident(parts, trx, scope, row, units, act, { actor, now })]
  await takeStep(parts, trx, row, units, act, { actor, now })
  if (act.act === 'hand-over')
    await trx.updateTable('incident').set({ duty: act.duty }).where('id', '=', row.id).execute()
  return []
}

async function otherAct(parts: Parts, trx: Db, by: Actor, row: Row, act: OtherAct): Promise<Row[]> {
  const { user: actor, scope, now, views } = by
  const { id } = row
  switch (act.act) {
    case 'acknowledge':
      if (row.acknowledged_at === null) await acknowledge(parts, trx, row, { actor, now })
      return []
    case 'note':
      await appendEntry(trx, id, { at: now, actor, kind: 'note', note: act.note })
      return []
    case 'detail':
      await changeDetails(parts, trx, row, act, { actor, now })
      if (act.point) await seeAnew(trx, id, views)
      return []
    case 'child-of':
      return linkParent(parts, trx, scope, row, act.parent, { actor, now })
    case 'choose-cameras':
      await requireCameras(trx, scope, act.devices)
      await chooseCameras(trx, id, views, actor, now)
      return []
    case 'drop-camera':
      await dropCamera(trx, id, act.device, actor, now)
      return []
    case 'work-order':
      await requireFree(trx, scope, act.devices)
      await requestWorkOrder(parts, trx, id, { ...act, note: act.note ?? null }, actor, now)
      await parts.audit.append(trx, {
        at: now,
        actor,
        action: 'incident.work-order',
        subject: id,
        detail: { number: row.number, unit: act.unit, devices: act.devices.length },
      })
      return []
    case 'start-plan':
      await startPlan(trx, id, await findPlan(trx, act.plan), actor, now)
      return []
    default:
      await takePlanStep(trx, id, act, actor, now)
      return []
  }
}

async function acknowledge({ audit }: Parts, trx: Db, { id, number }: Row, { actor, now }: Act): Promise<void> {
  await appendEntry(trx, id, { at: now, actor, kind: 'step', detail: { act: 'acknowledge' } })
  await audit.append(trx, { at: now, actor, action: 'incident.acknowledge', subject: id, detail: { number } })
}

/** One incident with all that hangs on it, for a viewer. */
import type { Incident, IncidentUnit, Scope } from '@hub/contracts'
import {
  type IncidentLimits,
  isIncidentOpen,
  legalIncidentSteps,
  maskName,
  maskPhone,
  similarTo,
  similarWithin,
} from '@hub/core'
import { runsOfIncident } from '../linkage/runs.ts'
import { planOf } from '../plans/bind.ts'
import type { Db } from '../tables.ts'
import { attachmentsOf } from './attachments.ts'
import { chosenCameras } from './cameras.ts'
import { findRow } from './find-row.ts'
import { logOf } from './log.ts'
import { within } from './queries.ts'
import { clocksOfRow, incidentRowOf, type Row, stateOf, unitsOf } from './rows.ts'
import { openStatuses } from './statuses.ts'
import { ordersOf } from './work-orders.ts'

/** @throws HubError `incident.unknown`, also for one beyond the scope */
export async function findIncident(
  db: Db,
  scope: Scope,
  id: string,
  now: number,
  limits: IncidentLimits,
  present: Incident['present'],
): Promise<Incident> {
  const row = await findRow(db, scope, id)
  const units: IncidentUnit[] = (await unitsOf(db, [id])).get(id) ?? []
  const clocks = clocksOfRow(row, units, now, limits)
  const { caller_name: name, caller_phone: phone, dead, injured, missing } = row
  return {
    ...incidentRowOf(row, clocks),
    description: row.description,
    caller: name === null && phone === null ? null : { name: name && maskName(name), phone: phone && maskPhone(phone) },
    casualties: { dead, injured, missing },
    duty: row.duty,
    units,
    clocks,
    next: legalIncidentSteps(stateOf(row, units)),
    cameras: await chosenCameras(db, id),
    workOrders: await ordersOf(db, id),
    plan: await planOf(db, id),
    runs: await runsOfIncident(db, id),
    attachments: await attachmentsOf(db, id),
    children: await childrenOf(db, scope, id),
    similar: await similarOf(db, scope, row),
    log: await logOf(db, id),
    present,
  }
}

const childrenOf = async (db: Db, scope: Scope, id: string): Promise<string[]> =>
  (
    await db
      .selectFrom('incident')
      .select('id')
      .where('parent', '=', id)
      .where(within(scope))
      .orderBy('number')
      .execute()
  ).map((child) => child.id)

/** Of those that are open: nothing is merged into what is over. */
async function similarOf(db: Db, scope: Scope, row: Row): Promise<Incident['similar']> {
  const own = incidentRowOf(row, [])
  if (!isIncidentOpen(own.status)) return []
  const others = await db
    .selectFrom('incident')
    .selectAll()
    .where(within(scope))
    .where('id', '<>', row.id)
    .where('status', 'in', [...openStatuses])
    .where('class', '=', row.class)
    .where('drill', '=', row.drill)
    .where('occurred_at', '>=', row.occurred_at - similarWithin.ms)
    .where('occurred_at', '<=', row.occurred_at + similarWithin.ms)
    .execute()
  return similarTo(
    own,
    others.map((other) => incidentRowOf(other, [])),
  ).map(({ incident: { id, number, title }, metres, apartMs }) => ({ id, number, title, metres, apartMs }))
}

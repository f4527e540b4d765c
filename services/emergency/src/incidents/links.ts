/** Incidents that belong together: merged into one, or one under another. Both logs say so. */
import { HubError, type IncidentUnit, limitText, type Scope } from '@hub/contracts'
import { isIncidentOpen } from '@hub/core'
import type { Db } from '../tables.ts'
import { findRow } from './find-row.ts'
import { appendEntry } from './log.ts'
import type { Row } from './rows.ts'
import type { Parts } from './settle.ts'
import { isOver } from './statuses.ts'
import { type Act, type StepAct, takeStep } from './steps.ts'

const refused = (field: string, value: string, limit: string) =>
  new HubError('request.invalid', { field, value, limit })

/**
 * What was reported of the one is reported of the other from then on; what was done stays where it was done.
 * @returns the other, which has changed too. @throws HubError `incident.unknown`, `request.invalid`, `incident.step`
 */
export async function mergeIncident(
  parts: Parts,
  trx: Db,
  scope: Scope,
  row: Row,
  units: readonly IncidentUnit[],
  act: Extract<StepAct, { act: 'merge' }>,
  { actor, now }: Act,
): Promise<Row> {
  const into = await findRow(trx, scope, act.into)
  if (into.id === row.id) throw refused('into', row.number, limitText('not-itself'))
  if (!isIncidentOpen(into.status as never)) throw refused('into', into.number, limitText('incident-not-open'))
  if (into.drill !== row.drill) throw refused('into', into.number, limitText('drill-apart'))
  const link = { incident: into.id, number: into.number }
  await takeStep(parts, trx, row, units, act, { actor, now }, link)
  await trx.updateTable('incident').set({ merged_into: into.id }).where('id', '=', row.id).execute()
  // What was under the one is under the other; if that hung under the one itself, it takes its place.
  if (await isUnder(trx, into, row.id))
    await trx.updateTable('incident').set({ parent: row.parent }).where('id', '=', into.id).execute()
  await trx
    .updateTable('incident')
    .set({ parent: into.id })
    .where('parent', '=', row.id)
    .where('id', '<>', into.id)
    .execute()
  await trx
    .updateTable('incident')
    .set((of) => ({
      reports: of('reports', '+', row.reports),
      reported_last_at: Math.max(into.reported_last_at, row.reported_last_at),
    }))
    .where('id', '=', into.id)
    .execute()
  const detail = { act: 'merged', incident: row.id, number: row.number, reports: row.reports }
  await appendEntry(trx, into.id, { at: now, actor, kind: 'link', note: act.note ?? null, detail })
  await parts.audit.append(trx, {
    at: now,
    actor,
    action: 'incident.merged',
    subject: into.id,
    detail: { number: into.number, merged: row.number },
  })
  return into
}

/** Null: it stands alone again. @returns those others that have changed too */
export async function linkParent(
  { audit }: Parts,
  trx: Db,
  scope: Scope,
  row: Row,
  parent: string | null,
  { actor, now }: Act,
): Promise<Row[]> {
  if (parent === row.parent) return []
  const to = parent === null ? null : await findRow(trx, scope, parent)
  if (to) {
    if (to.id === row.id) throw refused('parent', row.number, limitText('not-itself'))
    if (isOver(to.status)) throw refused('parent', to.number, limitText('incident-not-open'))
    if (to.drill !== row.drill) throw refused('parent', to.number, limitText('drill-apart'))
    if (await isUnder(trx, to, row.id)) throw refused('parent', to.number, limitText('no-cycle'))
  }
  await trx
    .updateTable('incident')
    .set({ parent: to?.id ?? null })
    .where('id', '=', row.id)
    .execute()
  const act = to ? 'child-of' : 'stands-alone'
  const up = { act, incident: to?.id ?? null, number: to?.number ?? null }
  await appendEntry(trx, row.id, { at: now, actor, kind: 'link', detail: up })
  if (to) {
    const down = { act: 'parent-of', incident: row.id, number: row.number }
    await appendEntry(trx, to.id, { at: now, actor, kind: 'link', detail: down })
  }
  const detail = { number: row.number, parent: to?.number ?? null }
  await audit.append(trx, { at: now, actor, action: 'incident.child-of', subject: row.id, detail })
  return to ? [to] : []
}

/** Whether it hangs under that one, at any depth. */
async function isUnder(trx: Db, row: Row, ancestor: string): Promise<boolean> {
  for (let up = row.parent; up !== null; ) {
    if (up === ancestor) return true
    const next = await trx.selectFrom('incident').select('parent').where('id', '=', up).executeTakeFirst()
    up = next?.parent ?? null
  }
  return false
}

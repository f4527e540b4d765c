/** What follows from every change of an incident: warnings of its limits, when the next is due, and what notify is asked to tell. */
import type { DistrictCode, IncidentClock, MessageInput } from '@hub/contracts'
import { type IncidentLimits, isIncidentOpen, nextColourAt } from '@hub/core'
import type { Deps } from '@hub/platform'
import type { Db } from '../tables.ts'
import { appendEntry, hub } from './log.ts'
import { clocksOfRow, incidentRowOf, type Row, unitsOf } from './rows.ts'

type Request = Extract<MessageInput<'notificationRequested'>, { kind: 'incident' }>

export type Parts = Pick<Deps, 'audit' | 'outbox'>

/**
 * In the transaction of a change, before it: a limit that has passed is warned of though the step is taken now, late.
 * @returns whether there was anything to warn of
 */
export async function beforeChange(
  parts: Parts,
  trx: Db,
  row: Row,
  now: number,
  limits: IncidentLimits,
): Promise<boolean> {
  if (row.colour_at === null || row.colour_at > now) return false
  await afterChange(parts, trx, row.id, now, limits)
  return true
}

/** In the transaction of the change, after it. */
export async function afterChange(
  { audit, outbox }: Parts,
  trx: Db,
  incident: string,
  now: number,
  limits: IncidentLimits,
): Promise<void> {
  const row = await trx.selectFrom('incident').selectAll().where('id', '=', incident).executeTakeFirstOrThrow()
  const units = (await unitsOf(trx, [incident])).get(incident) ?? []
  const clocks = clocksOfRow(row, units, now, limits)
  await trx
    .updateTable('incident')
    .set({ colour_at: nextColourAt(clocks, now, limits) })
    .where('id', '=', incident)
    .execute()
  const overtime = clocks.filter(({ colour }) => colour !== 'none')
  for (const clock of overtime)
    if (await isNewWarning(trx, incident, clock, now)) {
      const { step, unit, colour, due } = clock
      const detail = { step, unit, colour, due }
      await appendEntry(trx, incident, { at: now, actor: hub, kind: 'warning', detail })
      const subject = { subject: incident, detail: { number: row.number, step, unit, due } }
      await audit.append(trx, { at: now, actor: hub, action: `incident.${colour}`, ...subject })
    }
  await outbox.append(trx, 'notificationRequested', {}, requestOf(row, overtime, now))
}

/** Each limit is warned of once in each colour, also when the hub was away meanwhile. */
async function isNewWarning(trx: Db, incident: string, { step, unit, from, colour }: IncidentClock, at: number) {
  const written = await trx
    .insertInto('incident_warning')
    .values({ incident, step, unit: unit ?? '', from_at: from, colour, at })
    .onConflict((on) => on.doNothing())
    .returning('step')
    .executeTakeFirst()
  return written !== undefined
}

function requestOf(row: Row, overtime: Request['state']['overtime'], at: number): Request {
  const { number, drill, title, type, level, status, address, occurredAt, acceptedAt, endedAt } = incidentRowOf(row, [])
  return {
    v: 1,
    at,
    kind: 'incident',
    key: row.id,
    districts: [row.district as DistrictCode],
    importance: importanceOf(level),
    ended: !isIncidentOpen(status),
    state: { number, drill, title, type, level, status, address, occurredAt, acceptedAt, endedAt, overtime },
  }
}

/** Levels I and II concern whoever is told of great things only. */
const importanceOf = (level: number | null): Request['importance'] => {
  if (level === null || level === 3) return 'normal'
  return level < 3 ? 'high' : 'low'
}

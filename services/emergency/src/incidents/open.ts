/** Takes incidents in: opened once for each reference of a sender, or joined to one that is open. */
import { randomUUID } from 'node:crypto'
import type { DistrictCode, IncidentRow, NewIncident } from '@hub/contracts'
import { metresBetween, minuteMs } from '@hub/core'
import type { Deps } from '@hub/platform'
import { type EmergencyConfig, limitsOf } from '../config.ts'
import type { Db } from '../tables.ts'
import { appendEntry } from './log.ts'
import { nextNumber } from './number.ts'
import { afterChange } from './settle.ts'
import { openStatuses } from './statuses.ts'

export type OpenInput = Pick<
  NewIncident,
  'drill' | 'title' | 'class' | 'type' | 'level' | 'warning' | 'caller' | 'casualties' | 'description'
> & {
  origin: IncidentRow['origin']
  district: DistrictCode
  address: string
  point: { longitude: number; latitude: number } | null
  occurredAt: number
  /** When the sender had it; default: now. */
  reportedAt?: number | undefined
  /** Joins one of the same type that is open, within so many metres, and minutes of its last report; null: never. */
  join: { metres: number; minutes: number } | null
}
export type Opened = { id: string; number: string; opened: boolean }
export type OpenDeps = Pick<Deps<EmergencyConfig>, 'audit' | 'clock' | 'config' | 'outbox'>

/** Run it in a transaction. What a sender has said before, by its reference, is answered by what it opened or joined then. */
export async function openIncident(deps: OpenDeps, trx: Db, input: OpenInput, actor: string): Promise<Opened> {
  const known = await reportedBefore(trx, input.origin)
  if (known) return { ...known, opened: false }
  const now = deps.clock.now()
  const one = input.join && (await joinable(trx, input, input.join, now))
  if (one) return join(deps, trx, one, input, actor, now)
  const id = randomUUID()
  const number = await nextNumber(trx, input.drill, now)
  await insert(trx, deps.config.emergency.duty, { id, number, now }, input)
  await addReport(trx, id, 1, input, now)
  const { source, reference, device, rule } = input.origin
  const detail = { source, reference, device, rule, title: input.title, level: input.level ?? null }
  await appendEntry(trx, id, { at: now, actor, kind: 'step', step: 'receive', detail })
  await deps.audit.append(trx, { at: now, actor, action: 'incident.receive', subject: id, detail: { number, source } })
  await deps.outbox.append(trx, 'incidentMoved', {}, { v: 1, at: now, incident: id, opened: true })
  await afterChange(deps, trx, id, now, limitsOf(deps.config))
  return { id, number, opened: true }
}

async function reportedBefore(trx: Db, { source, reference }: IncidentRow['origin']) {
  if (reference === null) return undefined
  return trx
    .selectFrom('incident_report as r')
    .innerJoin('incident as i', 'i.id', 'r.incident')
    .select(['i.id', 'i.number'])
    .where('r.source', '=', source)
    .where('r.reference', '=', reference)
    .executeTakeFirst()
}

/** The nearest that is open; never one that is over, so that a new alarm is not swallowed. */
async function joinable(
  trx: Db,
  { drill, type, point }: OpenInput,
  { metres, minutes }: NonNullable<OpenInput['join']>,
  now: number,
): Promise<{ id: string; number: string } | undefined> {
  if (point === null) return undefined
  const rows = await trx
    .selectFrom('incident')
    .select(['id', 'number', 'longitude', 'latitude'])
    .where('status', 'in', [...openStatuses])
    .where('type', '=', type)
    .where('drill', '=', Number(drill))
    .where('reported_last_at', '>=', now - minutes * minuteMs)
    .execute()
  const near = rows.flatMap(({ longitude, latitude, ...row }) => {
    if (longitude === null || latitude === null) return []
    const apart = metresBetween(point, { longitude, latitude })
    return apart <= metres ? [{ ...row, apart }] : []
  })
  near.sort((a, b) => a.apart - b.apart || (a.number < b.number ? -1 : 1))
  return near[0]
}

async function join(
  { audit, outbox }: OpenDeps,
  trx: Db,
  { id, number }: { id: string; number: string },
  input: OpenInput,
  actor: string,
  now: number,
): Promise<Opened> {
  const { reports } = await trx
    .updateTable('incident')
    .set((of) => ({ reports: of('reports', '+', 1), reported_last_at: now }))
    .where('id', '=', id)
    .returning('reports')
    .executeTakeFirstOrThrow()
  await addReport(trx, id, await nextReport(trx, id), input, now)
  const { source, reference, device, rule } = input.origin
  const detail = { joined: true, source, reference, device, rule, title: input.title, reports }
  await appendEntry(trx, id, { at: now, actor, kind: 'link', detail })
  await audit.append(trx, { at: now, actor, action: 'incident.join', subject: id, detail: { number, source } })
  await outbox.append(trx, 'incidentMoved', {}, { v: 1, at: now, incident: id, opened: false })
  return { id, number, opened: false }
}

async function nextReport(trx: Db, incident: string): Promise<number> {
  const { seq } = await trx
    .selectFrom('incident_report')
    .select('seq')
    .where('incident', '=', incident)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return seq + 1
}

const addReport = (trx: Db, incident: string, seq: number, { origin, title }: OpenInput, at: number) =>
  trx
    .insertInto('incident_report')
    .values({
      incident,
      seq,
      source: origin.source,
      reference: origin.reference,
      device: origin.device,
      rule: origin.rule,
      title,
      at,
    })
    .execute()

const insert = (
  trx: Db,
  duty: string,
  { id, number, now }: { id: string; number: string; now: number },
  { origin, caller, casualties, point, ...input }: OpenInput,
) =>
  trx
    .insertInto('incident')
    .values({
      id,
      number,
      drill: Number(input.drill),
      title: input.title,
      class: input.class,
      type: input.type,
      level: input.level ?? null,
      warning: input.warning ?? null,
      source: origin.source,
      reference: origin.reference,
      device: origin.device,
      rule: origin.rule,
      status: 'received',
      district: input.district,
      address: input.address,
      longitude: point?.longitude ?? null,
      latitude: point?.latitude ?? null,
      occurred_at: input.occurredAt,
      reported_at: input.reportedAt ?? now,
      accepted_at: now,
      opened_at: now,
      verified_at: null,
      graded_at: null,
      ended_at: null,
      reviewed_at: null,
      acknowledged_by: null,
      acknowledged_at: null,
      lead: null,
      duty,
      description: input.description ?? '',
      caller_name: caller?.name ?? null,
      caller_phone: caller?.phone ?? null,
      dead: casualties?.dead ?? 0,
      injured: casualties?.injured ?? 0,
      missing: casualties?.missing ?? 0,
      parent: null,
      merged_into: null,
      reports: 1,
      reported_last_at: now,
      colour_at: null,
      updated_at: now,
      revision: 0,
    })
    .execute()

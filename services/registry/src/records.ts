/** Writes of the registry, inside the caller's transaction. */
import {
  type DeviceId,
  type DeviceRecord,
  type DistrictCode,
  districtOf,
  type ErrorParams,
  inScope,
  limitText,
  type RecordField,
  type Scope,
  type Stage,
} from '@hub/contracts'
import {
  type BackdatedDue,
  backdatedDue,
  changedFields,
  contradictions,
  type DueSpan,
  dateStart,
  dayOf,
  dueSpan,
  moveStage,
} from '@hub/core'
import type { RegistryDb } from './tables.ts'

export type RegistryContext = { now: number; scope: Scope }

/** What a device was before; undefined when it is new. */
type Old = DueSpan & { stage: string; kind: string; record: DeviceRecord; updatedAt: number }
type Refusal = Required<Pick<ErrorParams, 'field' | 'limit'>> & { value: unknown }

export type Written = {
  created: number
  /** By the index of the record: the fields that were others before. */
  changed: Map<number, RecordField[]>
  /** Records that say what is on record already: nothing is written. */
  unchanged: number
  /** Records of which nothing is written: all that they change is held. */
  waiting: number
  /** By the index of the record. */
  refused: Map<number, Refusal>
  /** What reaches back, by the index of the record: not written, to be applied for. */
  held: Map<number, BackdatedDue[]>
  /** The devices that were written. */
  devices: DeviceId[]
}

type Taken = { record: DeviceRecord; due: DueSpan; held: BackdatedDue[] }

/** What of a record holds from now on, and what of it reaches back: a date that would change the past stays as it was. */
function take(record: DeviceRecord, old: Old | undefined, now: number): Taken {
  const due = dueSpan(record, old, now)
  const held = old ? backdatedDue(old, due, now) : []
  if (!old || held.length === 0) return { record, due, held }
  const from = old.from !== null && old.from < now ? old.from : due.from && Math.max(due.from, now)
  const to = old.to !== null && old.to < now ? old.to : due.to && Math.max(due.to, now)
  const { inServiceAt: _, retiredAt: __, ...rest } = record
  const inServiceAt = from === due.from ? record.inServiceAt : old.record.inServiceAt
  const retiredAt = to === due.to ? record.retiredAt : old.record.retiredAt
  return {
    record: { ...rest, ...(inServiceAt && { inServiceAt }), ...(retiredAt && { retiredAt }) },
    due: { from, to },
    held,
  }
}

/** The columns that copy fields of the record. */
const columnsOf = (record: DeviceRecord, district: DistrictCode, now: number) => ({
  district,
  kind: record.kind,
  application: record.application,
  carrier: record.carrier,
  point_type: record.pointType,
  project: record.project ?? null,
  stage: record.stage,
  name: record.name,
  address: record.address,
  longitude: record.longitude ?? null,
  latitude: record.latitude ?? null,
  ip_address: record.ipAddress ?? null,
  record: JSON.stringify(record),
  updated_at: now,
})

/** Whether a record may replace what is there: whether it contradicts itself, its district, its kind, its stage. */
function judge(record: DeviceRecord, old: Old | undefined, scope: Scope, now: number): Refusal | undefined {
  const { id, kind, stage } = record
  if (!inScope(scope, districtOf(id)!)) return { field: 'DeviceID', value: id, limit: limitText('not-in-districts') }
  const [contradiction] = contradictions(record, dayOf(now))
  if (contradiction) return contradiction
  const { inServiceAt } = record
  if (old?.from != null && old.from < now && inServiceAt && dateStart(inServiceAt) > now)
    return { field: 'InServiceAt', value: inServiceAt, limit: limitText('in-service-since', { date: dayOf(old.from) }) }
  if (!old) return undefined
  if (old.kind !== kind) return { field: 'Kind', value: kind, limit: limitText('fixed-value', { value: old.kind }) }
  if (old.stage === stage) return undefined
  const move = moveStage(old.stage as Stage, stage)
  if (move.ok) return undefined
  return {
    field: 'Stage',
    value: stage,
    limit: limitText('may-become', { from: old.stage, to: legalText(move.legal) }),
  }
}

export const legalText = (legal: readonly Stage[]): string => (legal.length > 0 ? legal.join(', ') : 'nothing else')

/** Creates or updates devices by their records, each id once. One statement, however many: ingest waits meanwhile. */
export async function putRecords(
  trx: RegistryDb,
  records: readonly DeviceRecord[],
  { now, scope }: RegistryContext,
): Promise<Written> {
  const ids = records.map(({ id }) => id)
  const olds = new Map<string, Old>(
    (
      await trx
        .selectFrom('device')
        .select([
          'id',
          'stage',
          'kind',
          'record',
          'in_service_from as from',
          'in_service_to as to',
          'updated_at as updatedAt',
        ])
        .where('id', 'in', ids)
        .execute()
    ).map(({ record, ...old }) => [old.id, { ...old, record: JSON.parse(record) }]),
  )
  const refused = new Map<number, Refusal>()
  const changed: Written['changed'] = new Map()
  const held: Written['held'] = new Map()
  const count = { created: 0, unchanged: 0, waiting: 0 }
  const rows = records.flatMap((record, index) => {
    const old = olds.get(record.id)
    const refusal = judge(record, old, scope, now)
    if (refusal) {
      refused.set(index, refusal)
      return []
    }
    const taken = take(record, old, now)
    if (taken.held.length > 0) held.set(index, taken.held)
    if (old) {
      const fields = changedFields(old.record, taken.record)
      if (fields.length === 0) {
        count[taken.held.length > 0 ? 'waiting' : 'unchanged']++
        return []
      }
      changed.set(index, fields)
    } else count.created++
    // Each saying has an instant of its own: what is said twice in a millisecond is said one after the other.
    const at = old ? Math.max(now, old.updatedAt + 1) : now
    const { from, to } = taken.due
    return [
      {
        id: record.id,
        ...columnsOf(taken.record, districtOf(record.id)!, at),
        in_service_from: from,
        in_service_to: to,
      },
    ]
  })
  if (rows.length > 0) {
    const columns = Object.keys(rows[0]!).filter((column) => column !== 'id')
    await trx
      .insertInto('device')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => Object.fromEntries(columns.map((c) => [c, row.ref(`excluded.${c as 'name'}`)]))),
      )
      .execute()
  }
  return { ...count, changed, refused, held, devices: rows.map(({ id }) => id) }
}

/** Writes of the registry, inside the caller's transaction. */
import {
  type DeviceRecord,
  type DistrictCode,
  districtOf,
  type ErrorParams,
  inScope,
  type Scope,
  type Stage,
} from '@hub/contracts'
import { moveStage } from '@hub/core'
import { bumpAssignment, type HubConfig, type RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import { dayAt } from '../city-time.ts'

export type RegistryContext = { config: HubConfig; now: number; scope: Scope }

/** What a device was before; undefined when it is new. */
type Old = { id: string; stage: string; kind: string; gateway: string | null; from: number | null; to: number | null }
type Refusal = Required<Pick<ErrorParams, 'field' | 'limit'>> & { value: unknown }

export type Written = {
  created: number
  updated: number
  /** By the index of the record. */
  refused: Map<number, Refusal>
  /** Whose assignment the write touches. */
  gateways: string[]
}

/** The gateway that a sensor connects to: the one that serves its district. Cameras get theirs by approval. */
const gatewayOf = (config: HubConfig, { kind, id }: DeviceRecord): string | null =>
  kind === 'sensor' ? (config.gateways.find((g) => inScope(g.districts, districtOf(id)!))?.id ?? null) : null

/** When a device became due, and when it ceased: from its dates when the record has them, otherwise from the change itself. */
function dueSpan(record: DeviceRecord, old: { from: number | null; to: number | null }, now: number) {
  const entered = record.stage === 'in-service' || record.stage === 'retired'
  const from = !entered ? null : record.inServiceAt ? dayAt(record.inServiceAt) : (old.from ?? now)
  const to = record.stage !== 'retired' ? null : record.retiredAt ? dayAt(record.retiredAt) : (old.to ?? now)
  return { in_service_from: from, in_service_to: to }
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

/** Whether a record may replace what is there: its district, its kind, its stage. */
function judge(record: DeviceRecord, old: Old | undefined, scope: Scope): Refusal | undefined {
  const { id, kind, stage } = record
  if (!inScope(scope, districtOf(id)!)) return { field: 'DeviceID', value: id, limit: 'is not in your districts' }
  if (!old) return undefined
  if (old.kind !== kind) return { field: 'Kind', value: kind, limit: `is ${old.kind} and stays so` }
  if (old.stage === stage) return undefined
  const move = moveStage(old.stage as Stage, stage)
  if (move.ok) return undefined
  return { field: 'Stage', value: stage, limit: `${old.stage} may become ${legalText(move.legal)}` }
}

export const legalText = (legal: readonly Stage[]): string => (legal.length > 0 ? legal.join(', ') : 'nothing else')

/** Columns that a record does not say: approval, identity and cadence stay as they are. */
const unsaid = ['id', 'endpoint', 'xaddr', 'credential', 'identity', 'every_ms'] as const

/** Creates or updates devices by their records, each id once. One statement, however many: ingest waits meanwhile. */
export async function putRecords(
  trx: Kysely<RecordTables>,
  records: readonly DeviceRecord[],
  { config, now, scope }: RegistryContext,
): Promise<Written> {
  const ids = records.map(({ id }) => id)
  const olds = new Map<string, Old>(
    (
      await trx
        .selectFrom('device')
        .select(['id', 'stage', 'kind', 'gateway', 'in_service_from as from', 'in_service_to as to'])
        .where('id', 'in', ids)
        .execute()
    ).map((old) => [old.id, old]),
  )
  const refused = new Map<number, Refusal>()
  const rows = records.flatMap((record, index) => {
    const old = olds.get(record.id)
    const refusal = judge(record, old, scope)
    if (refusal) {
      refused.set(index, refusal)
      return []
    }
    return [
      {
        ...columnsOf(record, districtOf(record.id)!, now),
        ...dueSpan(record, old ?? { from: null, to: null }, now),
        ...{ id: record.id, gateway: old?.gateway ?? gatewayOf(config, record) },
        ...{ endpoint: null, xaddr: null, credential: null, identity: null },
        every_ms: config.policy.probeEverySeconds * 1_000,
      },
    ]
  })
  if (rows.length > 0) {
    const said = Object.keys(rows[0]!).filter((column) => !(unsaid as readonly string[]).includes(column))
    await trx
      .insertInto('device')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => Object.fromEntries(said.map((c) => [c, row.ref(`excluded.${c as 'name'}`)]))),
      )
      .execute()
  }
  const gateways = [...new Set(rows.flatMap(({ gateway }) => gateway ?? []))]
  await bumpAssignment(trx, gateways)
  const updated = rows.filter(({ id }) => olds.has(id)).length
  return { created: rows.length - updated, updated, refused, gateways }
}

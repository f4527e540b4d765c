/** Writes of the registry. Each runs inside the caller's transaction and answers which gateway it touched. */
import { type DeviceRecord, type DistrictCode, districtOf, inScope, type Scope, type Stage } from '@hub/contracts'
import { moveStage } from '@hub/core'
import type { HubConfig, RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import { dayAt } from '../city-time.ts'

export type RegistryContext = { config: HubConfig; now: number; scope: Scope }

/** `gateway`: whose assignment the write touches. */
type Written = { created: boolean; gateway: string | null }
export type Refusal = { field: string; value: unknown; limit: string }

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

const oldColumns = ['district', 'stage', 'kind', 'gateway', 'in_service_from as from', 'in_service_to as to'] as const

/** Creates or updates a device by its record. A refusal names the column and why. */
export async function putRecord(
  trx: Kysely<RecordTables>,
  record: DeviceRecord,
  { config, now, scope }: RegistryContext,
): Promise<Written | Refusal> {
  const district = districtOf(record.id)!
  if (!inScope(scope, district)) return { field: 'DeviceID', value: record.id, limit: 'is not in your districts' }
  const old = await trx.selectFrom('device').select(oldColumns).where('id', '=', record.id).executeTakeFirst()
  if (old && old.kind !== record.kind)
    return { field: 'Kind', value: record.kind, limit: `is ${old.kind} and stays so` }
  if (old && old.stage !== record.stage) {
    const move = moveStage(old.stage as Stage, record.stage)
    if (!move.ok)
      return { field: 'Stage', value: record.stage, limit: `${old.stage} may become ${legalText(move.legal)}` }
  }
  const gateway = old?.gateway ?? gatewayOf(config, record)
  const columns = {
    ...columnsOf(record, district, now),
    ...dueSpan(record, old ?? { from: null, to: null }, now),
    gateway,
  }
  if (old) await trx.updateTable('device').set(columns).where('id', '=', record.id).execute()
  else
    await trx
      .insertInto('device')
      .values({
        id: record.id,
        ...columns,
        endpoint: null,
        xaddr: null,
        credential: null,
        identity: null,
        every_ms: config.policy.probeEverySeconds * 1_000,
      })
      .execute()
  return { created: !old, gateway }
}

export const legalText = (legal: readonly Stage[]): string => (legal.length > 0 ? legal.join(', ') : 'nothing else')

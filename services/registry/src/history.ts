/** The dated record of a device, as known at an instant. */
import { type DeviceHistory, HubError, limitText, type Scope } from '@hub/contracts'
import type { RegistryDb } from './tables.ts'

type Tenure = DeviceHistory['tenures'][number]

/**
 * @throws HubError `device.unknown` when there is none in scope, or when there was none on record yet; `asof.not-kept` for an instant
 * before its history was kept
 */
export async function historyOf(db: RegistryDb, scope: Scope, id: string, asOf: number): Promise<DeviceHistory> {
  let query = db.selectFrom('device').select('record').where('id', '=', id)
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  const device = await query.executeTakeFirst()
  const statements = await db
    .selectFrom('device_statement')
    .selectAll()
    .where('device', '=', id)
    .orderBy('said_at')
    .execute()
  const [first] = statements
  if (!device || !first) throw new HubError('device.unknown', { value: id })
  if (asOf < first.said_at && first.seeded === 1) {
    const limit = limitText('kept-since', { at: first.said_at })
    throw new HubError('asof.not-kept', { field: 'record', value: asOf, limit })
  }
  if (asOf < first.said_at) throw new HubError('device.unknown', { value: id })
  const past = await db
    .selectFrom('device_record_past')
    .select('record')
    .where('device', '=', id)
    .where('until_at', '>', asOf)
    .orderBy('until_at')
    .executeTakeFirst()
  const tenures = await db
    .selectFrom('device_tenure')
    .selectAll()
    .where('device', '=', id)
    .where('said_at', '<=', asOf)
    .where((where) => where.or([where('superseded_at', 'is', null), where('superseded_at', '>', asOf)]))
    .orderBy('valid_from')
    .execute()
  return {
    device: id,
    asOf,
    record: JSON.parse((past ?? device).record),
    tenures: tenures.map((row) => ({
      from: row.valid_from,
      to: row.valid_to,
      saidAt: row.said_at,
      district: row.district as Tenure['district'],
      application: row.application as Tenure['application'],
      carrier: row.carrier as Tenure['carrier'],
      pointType: row.point_type as Tenure['pointType'],
      project: row.project,
      zone: row.zone,
      maintainer: row.maintainer,
      kind: row.kind as Tenure['kind'],
      stage: row.stage as Tenure['stage'],
      pole: row.pole,
      feed: row.feed,
      dueFrom: row.in_service_from,
      dueTo: row.in_service_to,
    })),
    statements: statements
      .filter(({ said_at }) => said_at <= asOf)
      .map(({ said_at: saidAt, from_at: from, to_at: to, adjustment }) => ({ saidAt, from, to, adjustment }))
      .reverse(),
  }
}

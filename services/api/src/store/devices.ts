/** Devices as viewers ask for them: every query takes the viewer's scope. */
import type {
  DevicePage,
  DeviceRecord,
  DeviceRow,
  FoundDevice,
  Interval,
  Observation,
  Rule,
  Scope,
} from '@hub/contracts'
import type { RecordTables } from '@hub/platform'
import { type Kysely, sql } from 'kysely'
import type { Call } from '../http/call.ts'
import type { LiveDevice } from '../live/model.ts'
import { turn } from '../turn.ts'

type Db = Kysely<RecordTables>
type Filters = Call<'devices'>['query']

/** Devices that are read at one stretch: between two of them ingest has its turn. */
const slice = 1_000

export type FullDevice = {
  row: DeviceRow
  record: DeviceRecord
  rule: Rule | null
  probes: Observation[]
  identity: { [name: string]: string | number | boolean } | null
  /** When it was due: half-open, null where there is no end. Null `from`: never yet. */
  dueFrom: number | null
  dueTo: number | null
  pole: string | null
  feed: string | null
}

const withState = (db: Db) => db.selectFrom('device').leftJoin('device_state', 'device_state.device', 'device.id')

/** What the scope lets be seen. */
const visible = (db: Db, scope: Scope) => {
  const query = withState(db)
  return scope === 'city' ? query : query.where('device.district', 'in', [...scope])
}

function filtered(
  db: Db,
  scope: Scope,
  { district, application, carrier, kind, state, stage, gateway, search }: Filters,
) {
  let query = visible(db, scope)
  if (district) query = query.where('device.district', 'in', district)
  if (application) query = query.where('device.application', 'in', application)
  if (carrier) query = query.where('device.carrier', 'in', carrier)
  if (stage) query = query.where('device.stage', 'in', stage)
  if (kind) query = query.where('device.kind', '=', kind)
  if (gateway) query = query.where('device.gateway', '=', gateway)
  if (state)
    query = query.where((where) => where(where.fn.coalesce('device_state.state', sql.lit('unknown')), 'in', state))
  if (search) {
    const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(
      (where) =>
        sql<boolean>`(${sql.join(
          (['id', 'name', 'address', 'ip_address'] as const).map(
            (column) => sql`${where.ref(`device.${column}`)} like ${like} escape '\\'`,
          ),
          sql` or `,
        )})`,
    )
  }
  return query
}

const rowOf = (r: {
  id: string
  name: string
  kind: string
  district: string
  application: string
  carrier: string
  point_type: string
  project: string | null
  stage: string
  longitude: number | null
  latitude: number | null
  address: string
  ip_address: string | null
  gateway: string | null
  state: string | null
  since: number | null
  last_at: number | null
}) =>
  ({
    id: r.id,
    name: r.name,
    kind: r.kind,
    district: r.district,
    application: r.application,
    carrier: r.carrier,
    pointType: r.point_type,
    project: r.project,
    stage: r.stage,
    longitude: r.longitude,
    latitude: r.latitude,
    address: r.address,
    ipAddress: r.ip_address,
    gateway: r.gateway,
    state: r.state ?? 'unknown',
    since: r.since,
    lastSeenAt: r.last_at,
  }) as DeviceRow

const rowColumns = [
  'device.id',
  'name',
  'kind',
  'district',
  'application',
  'carrier',
  'point_type',
  'project',
  'stage',
  'longitude',
  'latitude',
  'address',
  'ip_address',
  'gateway',
  'state',
  'since',
  'last_at',
] as const

/** A page in the order of the ids, and how many there are in all pages. */
async function listDevices(db: Db, scope: Scope, filters: Filters): Promise<{ total: number; devices: DeviceRow[] }> {
  const { after, limit } = filters
  const all = filtered(db, scope, filters)
  const { total } = await all.select(db.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const devices: DeviceRow[] = []
  for (let last = after; ; ) {
    const rest = last === undefined ? all : all.where('device.id', '>', last)
    const most = Math.min(slice, limit - devices.length)
    const rows = await rest.select(rowColumns).orderBy('device.id').limit(most).execute()
    for (const row of rows) devices.push(rowOf(row))
    if (rows.length < slice || devices.length === limit) return { total, devices }
    last = devices.at(-1)!.id
    await turn()
  }
}

export async function devicePage(db: Db, scope: Scope, query: Filters): Promise<Omit<DevicePage, 'asOf'>> {
  const { total, devices } = await listDevices(db, scope, query)
  return { total, devices, next: devices.length === query.limit ? (devices.at(-1)?.id ?? null) : null }
}

/** Undefined when there is none, or when it is out of scope: the two look the same. */
export async function findDevice(db: Db, scope: Scope, id: string): Promise<FullDevice | undefined> {
  const found = await visible(db, scope)
    .select(rowColumns)
    .select(['record', 'identity', 'rule', 'recent', 'in_service_from', 'in_service_to', 'pole', 'feed'])
    .where('device.id', '=', id)
    .executeTakeFirst()
  if (!found) return undefined
  return {
    row: rowOf(found),
    record: JSON.parse(found.record),
    rule: found.rule === null ? null : JSON.parse(found.rule),
    probes: found.recent === null ? [] : JSON.parse(found.recent),
    identity: found.identity === null ? null : JSON.parse(found.identity),
    dueFrom: found.in_service_from,
    dueTo: found.in_service_to,
    pole: found.pole,
    feed: found.feed,
  }
}

/** Kind and district of many devices at once. */
export async function placesOf(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { kind: string; district: string }>> {
  const found = new Map<string, { kind: string; district: string }>()
  for (let i = 0; i < ids.length; i += 500) {
    const some = ids.slice(i, i + 500)
    const rows = await db.selectFrom('device').select(['id', 'kind', 'district']).where('id', 'in', some).execute()
    for (const { id, ...rest } of rows) found.set(id, rest)
  }
  return found
}

/** MAC and serial that the device of an approved camera claimed when it was discovered. */
export async function claimedBy(db: Db, id: string): Promise<Pick<FoundDevice, 'mac' | 'serial'>> {
  const row = await db.selectFrom('discovered').select('found').where('device', '=', id).executeTakeFirst()
  const { mac, serial } = row ? (JSON.parse(row.found) as FoundDevice) : {}
  return { ...(mac && { mac }), ...(serial && { serial }) }
}

/** The intervals that touch `[from, to)`, oldest first, whole as they are recorded. */
export async function intervalsOf(db: Db, id: string, from: number, to: number): Promise<Interval[]> {
  const rows = await db
    .selectFrom('interval')
    .selectAll()
    .where('device', '=', id)
    .where('from_at', '<', to)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('from_at')
    .execute()
  return rows.map((r) => ({
    from: r.from_at,
    to: r.to_at,
    state: r.state as Interval['state'],
    rule: JSON.parse(r.rule),
  }))
}

/** Everything that the live model holds. */
export async function liveDevices(db: Db): Promise<LiveDevice[]> {
  const devices: LiveDevice[] = []
  for (let after = ''; ; ) {
    const rows = await withState(db)
      .select(['device.id', 'name', 'kind', 'district', 'application', 'carrier', 'stage', 'pole', 'feed'])
      .select(['state', 'since'])
      .where('device.id', '>', after)
      .orderBy('device.id')
      .limit(slice)
      .execute()
    for (const row of rows)
      devices.push({
        ...row,
        stage: row.stage as LiveDevice['stage'],
        state: (row.state ?? 'unknown') as LiveDevice['state'],
        exempt: false,
      })
    if (rows.length < slice) return devices
    after = rows.at(-1)!.id
    await turn()
  }
}

/** Records in the order of the ids, in pages, for the export. */
export async function* recordPages(db: Db, scope: Scope, size: number): AsyncGenerator<DeviceRecord[]> {
  for (let after = ''; ; ) {
    const rows = await visible(db, scope)
      .select(['device.id', 'record'])
      .where('device.id', '>', after)
      .orderBy('device.id')
      .limit(size)
      .execute()
    if (rows.length > 0) yield rows.map((row) => JSON.parse(row.record))
    if (rows.length < size) return
    await turn()
    after = rows.at(-1)!.id
  }
}

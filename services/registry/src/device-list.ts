/** Devices as viewers ask for them: every query takes the viewer's scope. */
import type { DevicePage, DeviceRecord, DeviceRow, Scope } from '@hub/contracts'
import type { Devices } from '@hub/core'
import { type Call, type Viewer, yieldToEventLoop } from '@hub/platform'
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { RegistryData, RegistryDb } from './tables.ts'

type Filters = Call<'devices'>['query']
/** What a viewer sees. */
export type Seen = Pick<Viewer, 'scope' | 'devices'>

/** Devices that are read at one stretch: between two of them the event loop goes on. */
const slice = 1_000

const withState = (db: RegistryDb) =>
  db
    .selectFrom('device')
    .leftJoin('ingest_state', 'ingest_state.device', 'device.id')
    .leftJoin('gateways_binding', 'gateways_binding.device', 'device.id')

/** What the scope lets be seen. */
export const visible = (db: RegistryDb, scope: Scope) => {
  const query = withState(db)
  return scope === 'city' ? query : query.where('district', 'in', [...scope])
}

/** A list that is one parameter, however long it is. */
const among = (devices: Exclude<Devices, 'all'>) =>
  sql<boolean>`device.id IN (SELECT value FROM json_each(${JSON.stringify([...devices])}))`

/** What is asked of the record itself. */
function ofRecord(
  { scope, devices }: Seen,
  { district, application, carrier, kind, stage, search }: Filters,
): Expression<SqlBool> {
  const device = expressionBuilder<RegistryData, 'device'>()
  const all: Expression<SqlBool>[] = []
  if (scope !== 'city') all.push(device('district', 'in', [...scope]))
  if (devices !== 'all') all.push(among(devices))
  if (district) all.push(device('district', 'in', district))
  if (application) all.push(device('application', 'in', application))
  if (carrier) all.push(device('carrier', 'in', carrier))
  if (stage) all.push(device('stage', 'in', stage))
  if (kind) all.push(device('kind', '=', kind))
  if (search) {
    const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    const columns = ['id', 'name', 'address', 'ip_address'] as const
    all.push(
      device.or(columns.map((column) => sql<boolean>`${device.ref(`device.${column}`)} like ${like} escape '\\'`)),
    )
  }
  return device.and(all)
}

function filtered(db: RegistryDb, seen: Seen, filters: Filters) {
  const { state, gateway } = filters
  let query = withState(db).where(ofRecord(seen, filters))
  if (gateway) query = query.where('gateway', '=', gateway)
  if (state) query = query.where((where) => where(where.fn.coalesce('state', sql.lit('unknown')), 'in', state))
  return query
}

/** How many there are: nothing is joined that does not decide. */
async function countOf(db: RegistryDb, seen: Seen, filters: Filters): Promise<number> {
  const total = db.fn.countAll<number>().as('total')
  const query =
    filters.state || filters.gateway
      ? filtered(db, seen, filters).select(total)
      : db.selectFrom('device').where(ofRecord(seen, filters)).select(total)
  return (await query.executeTakeFirstOrThrow()).total
}

type ListRow = {
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
}

export const rowOf = (row: ListRow) =>
  ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    district: row.district,
    application: row.application,
    carrier: row.carrier,
    pointType: row.point_type,
    project: row.project,
    stage: row.stage,
    longitude: row.longitude,
    latitude: row.latitude,
    address: row.address,
    ipAddress: row.ip_address,
    gateway: row.gateway,
    state: row.state ?? 'unknown',
    since: row.since,
    lastSeenAt: row.last_at,
  }) as DeviceRow

export const rowColumns = [
  'id',
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
async function listDevices(
  db: RegistryDb,
  seen: Seen,
  filters: Filters,
): Promise<{ total: number; devices: DeviceRow[] }> {
  const { after, limit } = filters
  const all = filtered(db, seen, filters)
  const total = await countOf(db, seen, filters)
  const devices: DeviceRow[] = []
  for (let last = after; ; ) {
    const rest = last === undefined ? all : all.where('id', '>', last)
    const most = Math.min(slice, limit - devices.length)
    const rows = await rest.select(rowColumns).orderBy('id').limit(most).execute()
    for (const row of rows) devices.push(rowOf(row))
    if (rows.length < slice || devices.length === limit) return { total, devices }
    last = devices.at(-1)!.id
    await yieldToEventLoop()
  }
}

export async function devicePage(db: RegistryDb, seen: Seen, query: Filters): Promise<Omit<DevicePage, 'asOf'>> {
  const { total, devices } = await listDevices(db, seen, query)
  return { total, devices, next: devices.length === query.limit ? (devices.at(-1)?.id ?? null) : null }
}

/** Records in the order of the ids, in pages, for the export. */
export async function* recordPages(
  db: RegistryDb,
  { scope, devices }: Seen,
  size: number,
): AsyncGenerator<DeviceRecord[]> {
  for (let after = ''; ; ) {
    let query = db.selectFrom('device').select(['id', 'record']).where('id', '>', after)
    if (scope !== 'city') query = query.where('district', 'in', [...scope])
    if (devices !== 'all') query = query.where(among(devices))
    const rows = await query.orderBy('id').limit(size).execute()
    if (rows.length > 0) yield rows.map((row) => JSON.parse(row.record))
    if (rows.length < size) return
    await yieldToEventLoop()
    after = rows.at(-1)!.id
  }
}

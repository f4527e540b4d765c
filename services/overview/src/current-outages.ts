/** The outages that last. */
import { type CauseKind, type DistrictCode, inScope, type Overview } from '@hub/contracts'
import type { Viewer } from '@hub/platform'
import { type Kysely, sql } from 'kysely'
import type { OverviewData } from './data.ts'

type Db = Kysely<OverviewData>
type Seen = Pick<Viewer, 'scope' | 'devices'>
type Rows = Overview['outages']['rows']

const shown = 6
/** Causes of one device alone. */
const lone: readonly CauseKind[] = ['device', 'flapping']
/** What nobody works on yet stands first. */
const order = ['open', 'acknowledged', 'in-progress', 'resolved']

/** Outages of several devices, not expected, of which something is still down; problems first. Counts are of devices in the scope. */
export async function currentOutages(db: Db, seen: Seen): Promise<Overview['outages']> {
  const rows = await db
    .selectFrom('outages_outage')
    .select(['id', 'cause_kind', 'cause_key', 'cause_mode', 'from_at', 'districts', 'members', 'down', 'status'])
    .where('merged_into', 'is', null)
    .where('status', 'in', order)
    .where('cause_kind', 'not in', lone)
    .where('members', '>', 1)
    .where('down', '>', 0)
    .where('expected', '=', 0)
    .execute()
  const lasting = await countedWithin(
    db,
    seen,
    rows.sort(
      (a, b) =>
        order.indexOf(a.status) - order.indexOf(b.status) ||
        b.down - a.down ||
        a.from_at - b.from_at ||
        (a.id < b.id ? -1 : 1),
    ),
  )
  return {
    total: lasting.length,
    rows: lasting.slice(0, shown).map((row) => ({
      id: row.id,
      cause: { kind: row.cause_kind, key: row.cause_key, mode: row.cause_mode } as Rows[number]['cause'],
      from: row.from_at,
      districts: row.districts,
      members: row.members,
      down: row.down,
      status: row.status as Rows[number]['status'],
    })),
  }
}

type Stored = { id: string; districts: string; members: number; down: number }

/** Those that touch what is seen and have something down in it; what reaches beyond it is counted again. */
async function countedWithin<T extends Stored>(db: Db, seen: Seen, rows: readonly T[]) {
  const { scope, devices } = seen
  const touching = rows
    .map((row) => ({ ...row, districts: JSON.parse(row.districts) as DistrictCode[] }))
    .filter(({ districts }) => scope === 'city' || districts.some((district) => inScope(scope, district)))
  const beyond = touching.filter(
    ({ districts }) => devices !== 'all' || !districts.every((district) => inScope(scope, district)),
  )
  const counts = await countsWithin(
    db,
    seen,
    beyond.map(({ id }) => id),
  )
  return touching
    .map((row) => {
      const own = counts.get(row.id)
      const districts = devices === 'all' ? row.districts.filter((one) => inScope(scope, one)) : (own?.districts ?? [])
      return { ...row, ...(beyond.includes(row) && (own ?? { members: 0, down: 0 })), districts }
    })
    .filter(({ down }) => down > 0)
}

type Count = { members: number; down: number; districts: DistrictCode[] }

async function countsWithin(db: Db, { scope, devices }: Seen, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Count>()
  let query = db
    .selectFrom('outages_member as member')
    .innerJoin('registry_device as device', 'device.id', 'member.device')
    .select(({ fn }) => [
      'member.outage as id',
      fn.count<number>('member.device').distinct().as('members'),
      sql<number>`count(DISTINCT CASE WHEN member.to_at IS NULL THEN member.device END)`.as('down'),
      sql<string>`json_group_array(DISTINCT device.district)`.as('districts'),
    ])
    .where('member.outage', 'in', ids)
    .groupBy('member.outage')
  if (scope !== 'city') query = query.where('device.district', 'in', [...scope])
  if (devices !== 'all')
    query = query.where(sql<boolean>`member.device IN (SELECT value FROM json_each(${JSON.stringify([...devices])}))`)
  const rows = await query.execute()
  return new Map<string, Count>(
    rows.map(({ id, districts, ...count }) => [id, { ...count, districts: JSON.parse(districts) }]),
  )
}

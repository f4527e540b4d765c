/**
 * Work orders as viewers may see them: a device beyond their districts is not shown, an order of nothing but such, or of another unit
 * than theirs, is none.
 */
import {
  type Carrier,
  type Cause,
  type DistrictCode,
  HubError,
  inScope,
  type Scope,
  type WorkOrder,
  type WorkOrderList,
  type WorkOrderQuery,
  type WorkOrderStatus,
} from '@hub/contracts'
import { overtimeOf, type Units } from '@hub/core'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { RepairRules } from './config.ts'
import { isWhole } from './evidence-chain.ts'
import { causesOf } from './outage.ts'
import type { Db } from './tables.ts'

type Row = Awaited<ReturnType<typeof rowsWhere>>[number]
type Rules = Pick<RepairRules, 'yellowShare' | 'provenMs'>
type Query = z.infer<typeof WorkOrderQuery>

/** Whose orders a viewer sees. */
export type OrderViewer = { scope: Scope; units: Units }
/** The hub itself. */
export const everyOrder: OrderViewer = { scope: 'city', units: 'all' }

/** An order with what only the Record needs of it. */
export type FullOrder = WorkOrder & {
  /** All its devices, and how many of them are down, whoever asks. */
  all: string[]
  allDown: number
  /** The colour that was marked last. */
  marked: WorkOrder['overtime']
}

/** Most orders of one answer: of the current ones those whose limit comes first, of others the newest. */
const most = 1_000
const slice = 100
const colours = ['red', 'yellow', 'none']

export async function listWorkOrders(
  db: Db,
  viewer: OrderViewer,
  query: Query,
  now: number,
  rules: Rules,
): Promise<WorkOrderList> {
  const orders: WorkOrder[] = []
  for await (const some of workOrderPages(db, viewer, query, now, rules, most)) orders.push(...some)
  orders.sort(
    (a, b) =>
      colours.indexOf(a.overtime) - colours.indexOf(b.overtime) ||
      limitOf(a) - limitOf(b) ||
      (a.number < b.number ? -1 : 1),
  )
  return { asOf: now, orders }
}

/** All that match, some at a time: current ones by their limit, others newest first. A colour is what it is now, not what was marked. */
export async function* workOrderPages(
  db: Db,
  viewer: OrderViewer,
  query: Query,
  now: number,
  rules: Rules,
  limit = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<WorkOrder[]> {
  const order = query.view === 'current' ? sql`repair_by, number` : sql`issued_at DESC, number DESC`
  const matched = await db
    .selectFrom('work_order')
    .select(['id', 'status', 'issued_at', 'received_at', 'done_at', 'closed_at', 'respond_by', 'repair_by'])
    .where(matching(viewer, query))
    .orderBy(order)
    // A colour is known only after reading.
    .limit(query.overtime === undefined ? limit : Number.MAX_SAFE_INTEGER)
    .execute()
  const found = matched
    .filter((row) => query.overtime === undefined || overtimeOf(runningOf(row), now, rules) === query.overtime)
    .slice(0, limit)
  for (let i = 0; i < found.length; i += slice) {
    const ids = found.slice(i, i + slice).map(({ id }) => id)
    const rows = await rowsWhere(db, sql`id IN (${sql.join(ids)})`, order)
    const orders = await ordersOf(db, viewer.scope, rows, now, rules)
    yield orders.map(shownOf)
    // A turn for whoever waits for this thread.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const runningOf = (
  row: Pick<Row, 'status' | `${'issued' | 'received' | 'done' | 'closed'}_at` | `${'respond' | 'repair'}_by`>,
) => ({
  status: row.status as WorkOrderStatus,
  issuedAt: row.issued_at,
  receivedAt: row.received_at,
  doneAt: row.done_at,
  closedAt: row.closed_at,
  respondBy: row.respond_by,
  repairBy: row.repair_by,
})

function matching(viewer: OrderViewer, { view, district, carrier, outage, unit, status }: Query): RawBuilder<boolean> {
  const conditions = [visible(viewer)]
  if (view !== 'all') conditions.push(sql`(status IN ('closed', 'cancelled')) = ${sql.lit(view === 'closed' ? 1 : 0)}`)
  if (district) conditions.push(touches([district]))
  for (const [column, value] of Object.entries({ carrier, outage, unit, status }))
    if (value !== undefined) conditions.push(sql`${sql.ref(column)} = ${value}`)
  return sql.join(conditions, sql` AND `)
}

/** @throws HubError `work-order.unknown`, also for one that the viewer may not see */
export async function findWorkOrder(
  db: Db,
  viewer: OrderViewer,
  id: string,
  now: number,
  rules: Rules,
): Promise<WorkOrder> {
  return shownOf(await fullOrder(db, viewer, id, now, rules))
}

/** @throws HubError `work-order.unknown` */
export async function fullOrder(
  db: Db,
  viewer: OrderViewer,
  id: string,
  now: number,
  rules: Rules,
): Promise<FullOrder> {
  const rows = await rowsWhere(db, sql`${visible(viewer)} AND id = ${id}`)
  const [order] = await ordersOf(db, viewer.scope, rows, now, rules)
  if (!order) throw new HubError('work-order.unknown', { value: id })
  return order
}

const shownOf = ({ all: _, allDown: __, marked: ___, ...order }: FullOrder): WorkOrder => order

/** The limit that counts next. */
const limitOf = (o: WorkOrder): number => (o.receivedAt === null && o.status !== 'closed' ? o.respondBy : o.repairBy)

/** For a query over `registry_device d`. */
export const within = (scope: Scope): RawBuilder<boolean> =>
  scope === 'city' ? sql`1` : sql`d.district IN (${sql.join([...scope])})`

/** For a query over `work_order`. */
export const visible = ({ scope, units }: OrderViewer): RawBuilder<boolean> => {
  if (units === 'all') return touches(scope)
  return units.length === 0 ? sql`0` : sql`${touches(scope)} AND work_order.unit IN (${sql.join([...units])})`
}

const touches = (scope: Scope): RawBuilder<boolean> =>
  scope === 'city'
    ? sql`1`
    : sql`EXISTS (SELECT 1 FROM json_each(work_order.districts) WHERE value IN (${sql.join([...scope])}))`

const rowsWhere = (db: Db, condition: RawBuilder<unknown>, order: RawBuilder<unknown> = sql`id`) =>
  db.selectFrom('work_order').selectAll().where(sql<boolean>`${condition}`).orderBy(order).execute()

async function ordersOf(db: Db, scope: Scope, rows: readonly Row[], now: number, rules: Rules): Promise<FullOrder[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const causes = await causesOf(
    db,
    rows.map(({ outage }) => outage),
  )
  const devices = Map.groupBy(await devicesOf(db, ids), ({ work_order }) => work_order)
  const steps = Map.groupBy(
    await db.selectFrom('work_order_step').selectAll().where('work_order', 'in', ids).orderBy('id').execute(),
    ({ work_order }) => work_order,
  )
  return Promise.all(
    rows.map(async (row) => {
      const of = devices.get(row.id) ?? []
      const seen = of.filter(({ district }) => inScope(scope, district))
      const allDown = of.filter(({ isDown }) => isDown).length
      const all = of.map(({ device }) => device)
      const standing = {
        status: row.status as WorkOrderStatus,
        returned: row.returned === 1,
        receivedAt: row.received_at,
        doneAt: row.done_at,
        closedAt: row.closed_at,
      }
      const terms = {
        id: row.id,
        number: row.number,
        unit: row.unit,
        issuedBy: row.issued_by,
        issuedAt: row.issued_at,
        respondBy: row.respond_by,
        repairBy: row.repair_by,
        rule: JSON.parse(row.rule) as WorkOrder['rule'],
      }
      const chain = (steps.get(row.id) ?? []).map(({ at, actor, step, note, down, hash }) => ({
        at,
        actor,
        step: step as WorkOrder['steps'][number]['step'],
        note,
        down,
        hash,
      }))
      return {
        ...terms,
        ...standing,
        outage: row.outage,
        carrier: row.carrier as Carrier | null,
        subject: subjectOf(row, causes),
        districts: (JSON.parse(row.districts) as DistrictCode[]).filter((district) => inScope(scope, district)),
        devices: seen.map(({ device }) => device),
        down: seen.filter(({ isDown }) => isDown).length,
        overtime: overtimeOf({ ...terms, ...standing }, now, rules),
        upSince: allDown === 0 ? await upSince(db, row.id) : null,
        provenMs: rules.provenMs,
        steps: chain,
        whole: isWhole({ ...terms, devices: all }, chain, standing),
        all,
        allDown,
        marked: row.overtime as WorkOrder['overtime'],
      }
    }),
  )
}

/** What a person typed stays; else it is the cause of its outage as that is believed now, and not as it was when the order was issued. */
function subjectOf({ subject, outage }: Row, causes: ReadonlyMap<string, Cause>): WorkOrder['subject'] {
  const issued = JSON.parse(subject) as WorkOrder['subject']
  const cause = issued.text === null && outage !== null ? causes.get(outage) : undefined
  return cause ? { ...issued, cause } : issued
}

/** What is no longer in service keeps no order open; of the rest, what is not known to be up is down. */
async function devicesOf(db: Db, orders: readonly string[]) {
  const rows = await db
    .selectFrom('work_order_device')
    .innerJoin('registry_device as d', 'd.id', 'work_order_device.device')
    .leftJoin('ingest_state as s', 's.device', 'd.id')
    .select(['work_order', 'd.id as device', 'district', 'stage', 'state'])
    .where('work_order', 'in', orders)
    .orderBy('d.id')
    .execute()
  return rows.map(({ stage, state, ...row }) => ({
    ...row,
    isDown: stage === 'in-service' && state !== 'up' && state !== 'degraded',
  }))
}

/** The end of the last time that any of its devices was not up; of one that never was otherwise, its beginning. */
async function upSince(db: Db, order: string): Promise<number | null> {
  const { rows } = await sql<{ since: number | null }>`
    SELECT max(coalesce(
      (SELECT i.to_at FROM ingest_interval i WHERE i.device = d.id AND i.state NOT IN ('up', 'degraded') AND i.to_at IS NOT NULL
        ORDER BY i.from_at DESC LIMIT 1),
      (SELECT i.from_at FROM ingest_interval i WHERE i.device = d.id ORDER BY i.from_at LIMIT 1),
      s.since)) AS since
    FROM work_order_device w JOIN registry_device d ON d.id = w.device JOIN ingest_state s ON s.device = d.id
    WHERE w.work_order = ${order} AND d.stage = 'in-service'`.execute(db)
  return rows[0]?.since ?? null
}

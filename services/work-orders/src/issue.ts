/** A new work order: its devices, whose it is, and by when. */
import {
  type Carrier,
  type Cause,
  type CauseKind,
  type DistrictCode,
  HubError,
  limitText,
  type PointClass,
  type WorkOrderRequest,
} from '@hub/contracts'
import { dayOf, limitsOf, repairClass } from '@hub/core'
import { sql } from 'kysely'
import type { RepairRules } from './config.ts'
import { findOutage } from './outage.ts'
import { fullOrder, within } from './queries.ts'
import { append, type Parts, type Stepper } from './steps.ts'
import type { Db } from './tables.ts'

type Device = {
  id: string
  name: string
  district: DistrictCode
  carrier: Carrier
  pointType: PointClass
  maintainer: string | null
  /** Number of the order about it that is not closed. */
  ordered: string | null
}

const slice = 500
/** Causes that have a name of their own. */
const named: readonly CauseKind[] = ['port', 'pole', 'recorder', 'switch', 'feed']

/**
 * Issues an order for the devices of an outage that are down and in no order yet, or for the devices that are named. The outages room
 * hears of it by the outbox, and sets the outage in progress. Run it in a transaction, after the permission has been checked.
 * @param id of the new order
 * @throws HubError `outage.unknown`, `device.unknown`, also out of scope; `request.invalid` when nothing is left to repair or a device
 * has an order already; `calendar.unknown` for a clock of working days beyond the calendar
 */
export async function issueWorkOrder(
  trx: Db,
  parts: Parts,
  stepper: Stepper,
  {
    outage: asked,
    devices: wanted,
    unit,
    note = null,
  }: Omit<WorkOrderRequest, 'note'> & { note?: string | null | undefined },
  { id, now, rules }: { id: string; now: number; rules: RepairRules },
): Promise<void> {
  const { scope, user } = stepper
  const outage = asked === undefined ? null : ((await findOutage(trx, scope, asked)) ?? null)
  if (asked !== undefined && !outage) throw new HubError('outage.unknown', { value: asked })
  const devices = outage ? await downOf(trx, stepper, outage.id) : await chosen(trx, stepper, wanted ?? [])
  const limits = limitsOf(now, repairClass(devices, rules), rules, rules.calendar)
  const carriers = new Set(devices.map(({ carrier }) => carrier))
  const first = devices[0]!
  await trx
    .insertInto('work_order')
    .values({
      id,
      number: await nextNumber(trx, now),
      outage: outage?.id ?? null,
      unit: unit ?? usualUnit(devices, rules),
      carrier: carriers.size === 1 ? first.carrier : null,
      districts: JSON.stringify([...new Set(devices.map(({ district }) => district))].sort()),
      title: titleOf(devices, outage?.cause),
      status: 'issued',
      issued_by: user,
      issued_at: now,
      respond_by: limits.respondBy,
      repair_by: limits.repairBy,
      rule: JSON.stringify(limits.rule),
      received_at: null,
      done_at: null,
      closed_at: null,
    })
    .execute()
  for (let i = 0; i < devices.length; i += slice)
    await trx
      .insertInto('work_order_device')
      .values(devices.slice(i, i + slice).map((device) => ({ work_order: id, device: device.id })))
      .execute()
  await append(trx, parts, await fullOrder(trx, stepper, id, now, rules), { actor: user, step: 'issue', note }, now)
  if (outage) await parts.outbox.append(trx, 'workOrderIssued', {}, { v: 1, at: now, id, outage: outage.id, user })
}

/** Whose an order for the outage would be; null when nothing is left to repair. */
export async function usualUnitOf(
  db: Db,
  { scope }: Pick<Stepper, 'scope'>,
  outage: string,
  rules: RepairRules,
): Promise<string | null> {
  const free = (await downIn(db, scope, outage)).filter(({ ordered }) => ordered === null)
  return free.length === 0 ? null : usualUnit(free, rules)
}

async function downIn(trx: Db, scope: Stepper['scope'], outage: string): Promise<Device[]> {
  const { rows } = await sql<{ device: string }>`
    SELECT DISTINCT m.device FROM outages_member m JOIN registry_device d ON d.id = m.device
    WHERE m.outage = ${outage} AND m.to_at IS NULL AND d.stage = 'in-service' AND ${within(scope)}`.execute(trx)
  return devicesOf(
    trx,
    scope,
    rows.map(({ device }) => device),
  )
}

async function downOf(trx: Db, { scope }: Stepper, outage: string): Promise<Device[]> {
  const down = await downIn(trx, scope, outage)
  const free = down.filter(({ ordered }) => ordered === null)
  const invalid = (limit: string) => new HubError('request.invalid', { field: 'outage', value: outage, limit })
  if (down.length === 0) throw invalid(limitText('nothing-down'))
  if (free.length === 0) throw invalid(limitText('in-order-already', { order: down[0]!.ordered ?? '' }))
  return free
}

async function chosen(trx: Db, { scope }: Stepper, wanted: readonly string[]): Promise<Device[]> {
  const ids = [...new Set(wanted)]
  const devices = await devicesOf(trx, scope, ids)
  const found = new Set(devices.map(({ id }) => id))
  const foreign = ids.find((id) => !found.has(id))
  if (foreign !== undefined) throw new HubError('device.unknown', { value: foreign })
  const taken = devices.find(({ ordered }) => ordered !== null)
  if (taken)
    throw new HubError('request.invalid', {
      field: 'devices',
      value: taken.id,
      limit: limitText('in-order-already', { order: taken.ordered ?? '' }),
    })
  return devices
}

async function devicesOf(trx: Db, scope: Stepper['scope'], ids: readonly string[]): Promise<Device[]> {
  const devices: Device[] = []
  for (let i = 0; i < ids.length; i += slice) {
    const some = ids.slice(i, i + slice)
    const { rows } = await sql<Device>`
      SELECT d.id, d.name, d.district, d.carrier, d.point_type AS pointType, d.maintainer,
        (SELECT w.number FROM work_order_device o JOIN work_order w ON w.id = o.work_order
          WHERE o.device = d.id AND w.status NOT IN ('closed', 'cancelled') LIMIT 1) AS ordered
      FROM registry_device d WHERE d.id IN (${sql.join(some)}) AND ${within(scope)} ORDER BY d.id`.execute(trx)
    devices.push(...rows)
  }
  return devices
}

function titleOf(devices: readonly Device[], cause: Cause | undefined): string {
  const first = devices[0]!.name
  if (devices.length === 1) return first
  // The record's own names and a number: it is read in either language.
  return `${cause && named.includes(cause.kind) ? cause.key : first} × ${devices.length}`
}

/** The maintainer of most of the devices; of those without one, their carrier. */
function usualUnit(devices: readonly Device[], { carrierUnits }: RepairRules): string {
  const units = Map.groupBy(devices, ({ maintainer, carrier }) => maintainer ?? carrierUnits[carrier])
  return [...units].reduce((a, b) => (b[1].length > a[1].length ? b : a))[0]
}

/** `GD-YYYYMMDD-NNNN`, numbered in the city's day. */
async function nextNumber(trx: Db, now: number): Promise<string> {
  const prefix = `GD-${dayOf(now).replaceAll('-', '')}-`
  const { rows } = await sql<{ last: number | null }>`
    SELECT max(CAST(substr(number, ${prefix.length + 1}) AS INTEGER)) AS last FROM work_order
    WHERE number LIKE ${`${prefix}%`}`.execute(trx)
  return prefix + String((rows[0]?.last ?? 0) + 1).padStart(4, '0')
}

/** New work orders: one, or those of an outage together; their subject, their devices, and by when. */
import {
  HubError,
  limitText,
  type WorkOrderRequest,
  type WorkOrderSubject,
  type WorkOrdersRequest,
} from '@hub/contracts'
import { dayOf, limitsOf, repairClass } from '@hub/core'
import { sql } from 'kysely'
import { type Candidate, candidatesOf, freeIn, freeOf, refusedDevice, slice, usualUnit } from './candidates.ts'
import type { RepairRules } from './config.ts'
import { findOutage } from './outage.ts'
import { fullOrder } from './queries.ts'
import { append, type Parts, type Stepper } from './steps.ts'
import type { Db } from './tables.ts'

type Outage = NonNullable<Awaited<ReturnType<typeof findOutage>>>
/** What a schema leaves out is absent or undefined. */
type Loose<T, K extends keyof T> = Omit<T, K> & { [P in K]?: T[P] | null | undefined }
type When = { now: number; rules: RepairRules }

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
  { outage: asked, devices: wanted, unit, subject, note }: Loose<WorkOrderRequest, 'note' | 'subject'>,
  { id, ...when }: When & { id: string },
): Promise<void> {
  const { scope } = stepper
  const outage = asked === undefined ? null : await knownOutage(trx, stepper, asked)
  const devices = outage ? await freeIn(trx, scope, outage.id) : await freeOf(trx, scope, wanted ?? [], 'devices')
  const order = { id, outage, devices, unit: unit ?? usualUnit(devices, when.rules), text: subject, note }
  await insertOrder(trx, parts, stepper, order, when)
}

/**
 * Issues the orders of an outage, all or none. Run it in a transaction, after the permission has been checked. What has come back
 * meanwhile is left out. @param ids of the new orders, one for each that is asked for
 * @throws HubError as `issueWorkOrder`; `request.invalid`, by name, for a device that is in two of them, in an order already, or none of
 * the outage's
 */
export async function issueWorkOrders(
  trx: Db,
  parts: Parts,
  stepper: Stepper,
  { outage: asked, orders, note }: Loose<WorkOrdersRequest, 'note'>,
  { ids, ...when }: When & { ids: readonly string[] },
): Promise<void> {
  const outage = await knownOutage(trx, stepper, asked)
  const members = await membersOf(trx, outage.id)
  await refuseTwice(trx, stepper, orders)
  for (const [n, { unit, devices: wanted, subject }] of orders.entries()) {
    const field = `orders.${n}.devices`
    const devices = await freeOf(trx, stepper.scope, wanted, field)
    const foreign = devices.find(({ id }) => !members.has(id))
    if (foreign) throw refusedDevice(foreign, field, limitText('not-in-outage'))
    const down = devices.filter(({ id }) => members.get(id))
    if (down.length === 0)
      throw new HubError('request.invalid', { field, value: unit, limit: limitText('nothing-down') })
    await insertOrder(trx, parts, stepper, { id: ids[n]!, outage, devices: down, unit, text: subject, note }, when)
  }
}

async function refuseTwice(trx: Db, { scope }: Stepper, orders: WorkOrdersRequest['orders']): Promise<void> {
  const given = new Set<string>()
  for (const [n, { devices }] of orders.entries())
    for (const id of devices) {
      if (given.has(id)) {
        const [device = { id, name: id }] = await candidatesOf(trx, scope, [id])
        throw refusedDevice(device, `orders.${n}.devices`, limitText('twice-in-orders'))
      }
      given.add(id)
    }
}

async function knownOutage(trx: Db, { scope }: Stepper, asked: string): Promise<Outage> {
  const outage = await findOutage(trx, scope, asked)
  if (!outage) throw new HubError('outage.unknown', { value: asked })
  return outage
}

/** Devices ever in the outage, and whether each is down in it. */
async function membersOf(trx: Db, outage: string): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ device: string; down: number }>`
    SELECT device, max(to_at IS NULL) AS down FROM outages_member WHERE outage = ${outage} GROUP BY device`.execute(trx)
  return new Map(rows.map(({ device, down }) => [device, down === 1]))
}

async function insertOrder(
  trx: Db,
  parts: Parts,
  stepper: Stepper,
  order: {
    id: string
    outage: Outage | null
    devices: readonly Candidate[]
    unit: string
    text: string | null | undefined
    note: string | null | undefined
  },
  { now, rules }: When,
): Promise<void> {
  const { id, outage, devices, unit, text = null, note = null } = order
  const { user } = stepper
  const limits = limitsOf(now, repairClass(devices, rules), rules, rules.calendar)
  const carriers = new Set(devices.map(({ carrier }) => carrier))
  const subject: WorkOrderSubject = {
    text,
    cause: outage?.cause ?? null,
    device: devices.length === 1 ? devices[0]!.name : null,
  }
  await trx
    .insertInto('work_order')
    .values({
      id,
      number: await nextNumber(trx, now),
      outage: outage?.id ?? null,
      unit,
      carrier: carriers.size === 1 ? devices[0]!.carrier : null,
      districts: JSON.stringify([...new Set(devices.map(({ district }) => district))].sort()),
      subject: JSON.stringify(subject),
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

/** `GD-YYYYMMDD-NNNN`, numbered in the city's day. */
async function nextNumber(trx: Db, now: number): Promise<string> {
  const prefix = `GD-${dayOf(now).replaceAll('-', '')}-`
  const { rows } = await sql<{ last: number | null }>`
    SELECT max(CAST(substr(number, ${prefix.length + 1}) AS INTEGER)) AS last FROM work_order
    WHERE number LIKE ${`${prefix}%`}`.execute(trx)
  return prefix + String((rows[0]?.last ?? 0) + 1).padStart(4, '0')
}

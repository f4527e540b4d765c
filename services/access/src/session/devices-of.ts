/** The devices that concern a unit: those that it maintains by the camera record, and those of its work orders that are not over. */
import type { Devices, Units } from '@hub/core'
import type { Kysely } from 'kysely'
import type { AccessData } from '../tables.ts'

export async function devicesOf(db: Kysely<AccessData>, units: Units): Promise<Devices> {
  if (units === 'all') return 'all'
  if (units.length === 0) return new Set()
  const maintained = db
    .selectFrom('registry_device')
    .select('id')
    .where('maintainer', 'in', [...units])
  const ordered = db
    .selectFrom('work_orders_order')
    .innerJoin('work_orders_device', 'work_orders_device.work_order', 'work_orders_order.id')
    .select('device as id')
    .where('unit', 'in', [...units])
    .where('status', 'not in', ['closed', 'cancelled'])
  return new Set((await maintained.union(ordered).execute()).map(({ id }) => id))
}

/** What stands against one device: the outage that it is down in, its open work order, its gateway. */
import { type DeviceDetail, type DistrictCode, type GatewayStatus, inScope, type Scope } from '@hub/contracts'
import { inUnits, isGatewayOnline, type Units } from '@hub/core'
import type { RegistryDb } from './tables.ts'

/** The outage that a device is down in. */
export async function openOutageOf(db: RegistryDb, device: string): Promise<DeviceDetail['outage']> {
  const row = await db
    .selectFrom('outages_member as member')
    .innerJoin('outages_outage as outage', 'outage.id', 'member.outage')
    .select(['outage.id', 'cause_kind as kind', 'cause_key as key', 'cause_mode as mode', 'member.from_at as from'])
    .where('member.device', '=', device)
    .where('member.to_at', 'is', null)
    .where('merged_into', 'is', null)
    .orderBy('member.from_at', 'desc')
    .executeTakeFirst()
  if (!row) return null
  const { id, from, ...cause } = row
  return { id, cause: cause as NonNullable<DeviceDetail['outage']>['cause'], from }
}

/** The work order about a device that is not closed, unless it is of a unit that the viewer does not see. */
export async function openWorkOrderOf(
  db: RegistryDb,
  device: string,
  units: Units,
): Promise<DeviceDetail['workOrder']> {
  const row = await db
    .selectFrom('work_orders_device as of')
    .innerJoin('work_orders_order as order', 'order.id', 'of.work_order')
    .select(['order.id', 'number', 'status', 'unit'])
    .where('of.device', '=', device)
    .where('status', 'not in', ['closed', 'cancelled'])
    .orderBy('issued_at', 'desc')
    .executeTakeFirst()
  if (!row || !inUnits(units, row.unit)) return null
  const { unit: _, ...shown } = row
  return shown as NonNullable<DeviceDetail['workOrder']>
}

/** The gateway that watches it, for who may see one of the districts that this gateway serves. */
export async function gatewayOf(
  db: RegistryDb,
  scope: Scope,
  gateway: string | null,
  now: number,
): Promise<DeviceDetail['gateway']> {
  if (gateway === null) return null
  const row = await db.selectFrom('gateways_gateway').selectAll().where('id', '=', gateway).executeTakeFirst()
  if (!row || !(JSON.parse(row.districts) as DistrictCode[]).some((district) => inScope(scope, district))) return null
  const { last_seen_at: lastSeenAt } = row
  const status = row.status === null ? null : (JSON.parse(row.status) as GatewayStatus)
  return { id: row.id, online: isGatewayOnline({ status, lastSeenAt }, now), lastSeenAt }
}

/** MAC and serial that an approved camera claimed when it was discovered. */
export async function claimedIdentity(db: RegistryDb, device: string): Promise<{ mac?: string; serial?: string }> {
  const row = await db.selectFrom('gateways_found').select('found').where('device', '=', device).executeTakeFirst()
  const { mac, serial } = row ? (JSON.parse(row.found) as { mac?: string; serial?: string }) : {}
  return { ...(mac && { mac }), ...(serial && { serial }) }
}

/** The devices of the live model, as the record has them. */
import { inLists, yieldToEventLoop } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { OverviewData } from './data.ts'
import type { LiveDevice } from './model.ts'

/** Devices that are read at one stretch: between two of them the event loop goes on, so that ingest may commit. */
const slice = 1_000

/** Everything that the live model holds. */
export async function liveDevices(db: Kysely<OverviewData>): Promise<LiveDevice[]> {
  const devices: LiveDevice[] = []
  for (let after = ''; ; ) {
    const rows = await select(db)
      .where('registry_device.id', '>', after)
      .orderBy('registry_device.id')
      .limit(slice)
      .execute()
    devices.push(...rows.map(liveOf))
    if (rows.length < slice) return devices
    after = rows.at(-1)!.id
    await yieldToEventLoop()
  }
}

/** Those that are named. */
export async function liveDevicesOf(db: Kysely<OverviewData>, ids: readonly string[]): Promise<LiveDevice[]> {
  const devices: LiveDevice[] = []
  for (const some of inLists(ids)) {
    if (devices.length > 0) await yieldToEventLoop()
    const rows = await select(db).where('registry_device.id', 'in', some).execute()
    devices.push(...rows.map(liveOf))
  }
  return devices
}

/** Units to whom devices were given by work orders that are not over, by device. */
export async function orderedUnits(db: Kysely<OverviewData>): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('work_orders_order')
    .innerJoin('work_orders_device', 'work_orders_device.work_order', 'work_orders_order.id')
    .select(['device', 'unit'])
    .where('status', 'not in', ['closed', 'cancelled'])
    .execute()
  const units = new Map<string, string[]>()
  for (const { device, unit } of rows) units.set(device, [...(units.get(device) ?? []), unit])
  return units
}

const select = (db: Kysely<OverviewData>) =>
  db
    .selectFrom('registry_device')
    .leftJoin('ingest_state', 'ingest_state.device', 'registry_device.id')
    .select(['registry_device.id', 'name', 'kind', 'district', 'application', 'carrier', 'stage', 'pole', 'feed'])
    .select('maintainer')
    .select(['state', 'since'])

const liveOf = (row: Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]): LiveDevice => ({
  ...row,
  stage: row.stage as LiveDevice['stage'],
  state: (row.state ?? 'unknown') as LiveDevice['state'],
  exempt: false,
})

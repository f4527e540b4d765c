/** What happened to devices beside their states. Told twice, an event is still one. */
import type { DeviceEvent, DeviceId, Scope } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { RecordTables } from './schema.ts'

type Db = Kysely<RecordTables>

export const eventRow = ({ device, at, kind, source, from, to }: DeviceEvent) => ({
  ...{ device, at, kind, source: source ?? '' },
  ...{ from_value: from, to_value: to },
})

export async function putDeviceEvents(db: Db, events: readonly DeviceEvent[]): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('device_event')
    .values(events.map(eventRow))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Newest first; those before an instant when one is given. Nothing of a device that is out of scope. */
export async function listDeviceEvents(
  db: Db,
  scope: Scope,
  device: DeviceId,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<DeviceEvent[]> {
  let query = db
    .selectFrom('device_event')
    .innerJoin('device', 'device.id', 'device_event.device')
    .selectAll('device_event')
    .select('device.district')
    .where('device_event.device', '=', device)
  if (scope !== 'city') query = query.where('device.district', 'in', [...scope])
  if (before !== undefined) query = query.where('at', '<', before)
  const rows = await query.orderBy('at', 'desc').orderBy('device_event.kind').orderBy('source').limit(limit).execute()
  return rows.map(({ device, district, at, kind, source, from_value, to_value }) => ({
    ...{ v: 1, device, district, at, kind, from: from_value, to: to_value },
    ...(source !== '' && { source }),
  })) as DeviceEvent[]
}

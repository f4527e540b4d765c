/** What cameras say of themselves, taken into the record: what is another value than before is an event. */
import { type DeviceEvent, type DeviceIdentity, type DistrictCode, type GatewayId, topic } from '@hub/contracts'
import { identityChanges, nextIdentity } from '@hub/core'
import { type Deps, putDeviceEvents, type RecordStore } from '@hub/platform'

type Trx = Parameters<Parameters<RecordStore['transaction']>[0]>[0]

/** Only of devices that this gateway watches. Run it in a transaction; tell what it returns after. @param now the centre's clock */
export async function takeIdentities(
  trx: Trx,
  gateway: GatewayId,
  identified: readonly DeviceIdentity[],
  now: number,
): Promise<DeviceEvent[]> {
  const events: DeviceEvent[] = []
  for (const said of identified) {
    const row = await trx
      .selectFrom('device')
      .select(['identity', 'district'])
      .where('id', '=', said.device)
      .where('gateway', '=', gateway)
      .executeTakeFirst()
    if (!row) continue
    const before = row.identity === null ? null : (JSON.parse(row.identity) as DeviceIdentity)
    const after = before ? nextIdentity(before, said) : said
    if (after === before) continue
    const head = {
      v: 1,
      device: said.device,
      district: row.district as DistrictCode,
      at: Math.min(said.at, now),
    } as const
    if (before) events.push(...identityChanges(before, said).map((change) => ({ ...head, ...change })))
    await trx
      .updateTable('device')
      .set({ identity: JSON.stringify(after) })
      .where('id', '=', said.device)
      .execute()
  }
  await putDeviceEvents(trx, events)
  return events
}

/** The record has them: who misses the message reads them there. */
export async function tellEvents({ bus }: Pick<Deps, 'bus'>, events: readonly DeviceEvent[]): Promise<void> {
  await Promise.all(
    events.map((event) => bus.publish(topic('events', { district: event.district }), JSON.stringify(event))),
  )
}

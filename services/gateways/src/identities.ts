/** What cameras say that they are, taken into the record: what is another value than before is an event. */
import type { DeviceEvent, DeviceIdentity, DistrictCode, GatewayId } from '@hub/contracts'
import { identityAndRemarks, identityChanges, identityHash, nextIdentity } from '@hub/core'
import { sha256 } from '@hub/platform'
import { slicesOf } from './slices.ts'
import type { GatewaysDb } from './tables.ts'

type IdentityRow = {
  device: string
  gateway: GatewayId
  every_ms: number
  identity: string | null
  remarks: string | null
  identity_hash: number
}

/** What a message changes, read before the transaction that writes it. */
export type IdentityChanges = {
  gateway: GatewayId
  rows: readonly IdentityRow[]
  events: readonly DeviceEvent[]
}

/**
 * Only of devices that this gateway watches. One that was told already, reading for reading, changes nothing.
 * @param now the centre's clock
 */
export async function readIdentityChanges(
  db: GatewaysDb,
  gateway: GatewayId,
  identified: readonly DeviceIdentity[],
  now: number,
): Promise<IdentityChanges> {
  const bindings = new Map<string, Binding>()
  for (const devices of slicesOf([...new Set(identified.map(({ device }) => device))]))
    for (const row of await bindingsOf(db, gateway, devices)) bindings.set(row.device, row)
  const rows = new Map<string, IdentityRow>()
  const events: DeviceEvent[] = []
  for (const said of identified) {
    const row = bindings.get(said.device)
    const hash = identityHash(said, sha256)
    if (!row || row.identity_hash === hash) continue
    const before = row.identity === null ? null : (JSON.parse(row.identity) as DeviceIdentity)
    const { identity, remarks } = identityAndRemarks(said)
    const after = before && identity ? nextIdentity(before, identity) : (identity ?? before)
    const { device, district, every_ms } = row
    const head = { v: 1, device, district: district as DistrictCode, at: Math.min(said.at, now) } as const
    if (before && identity && after !== before)
      events.push(...identityChanges(before, identity).map((change) => ({ ...head, ...change })))
    const text = (value: object | null) => value && JSON.stringify(value)
    const next = { identity: text(after), remarks: text(remarks), identity_hash: hash }
    Object.assign(row, next)
    rows.set(device, { device, gateway, every_ms, ...next })
  }
  return { gateway, rows: [...rows.values()], events }
}

type Binding = Awaited<ReturnType<typeof bindingsOf>>[number]
const bindingsOf = (db: GatewaysDb, gateway: GatewayId, devices: readonly string[]) =>
  db
    .selectFrom('device_binding')
    .innerJoin('registry_device', 'registry_device.id', 'device_binding.device')
    .select(['device', 'identity', 'identity_hash', 'every_ms', 'district'])
    .where('device', 'in', devices)
    .where('gateway', '=', gateway)
    .execute()

/** Run it in a transaction. A device that another gateway watches by now is left alone. */
export async function writeIdentityChanges(trx: GatewaysDb, { rows, events }: IdentityChanges): Promise<void> {
  for (const some of slicesOf(rows))
    await trx
      .insertInto('device_binding')
      .values(some)
      .onConflict((conflict) =>
        conflict
          .column('device')
          .doUpdateSet((row) => ({
            identity: row.ref('excluded.identity'),
            remarks: row.ref('excluded.remarks'),
            identity_hash: row.ref('excluded.identity_hash'),
          }))
          .whereRef('device_binding.gateway', '=', 'excluded.gateway'),
      )
      .execute()
  for (const some of slicesOf(events))
    await trx
      .insertInto('identity_event')
      .values(
        some.map(({ device, at, kind, source = '', from, to }) => ({
          device,
          at,
          kind,
          source,
          from_value: from,
          to_value: to,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

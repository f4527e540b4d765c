/** Approval of a discovered camera: from here on its gateway may send it a credential. */
import { type DeviceId, districtOf, type FoundDevice, type GatewayId, HubError, limitText } from '@hub/contracts'
import { serviceAddress, signsOfFound, signsOfPlanned } from '@hub/core'
import { rematchCarriers, rematchRivals } from './pending.ts'
import { reassign } from './reassign.ts'
import { keysOf } from './signs.ts'
import { slicesOf } from './slices.ts'
import { districtsOf } from './store.ts'
import type { GatewaysDb } from './tables.ts'

export type Approved = {
  gateway: GatewayId
  endpoint: string
  device: DeviceId
  /** Name of a credential in the gateway's configuration. */
  credential: string
}

/**
 * Binds found devices to their records, and changes the assignment of each gateway concerned: a few statements for all of them. Run it in
 * a transaction, after the rules have been asked: quarantine, scope and role are the caller's.
 * @param approvals a few hundred at most; no device and no endpoint of a gateway twice
 * @param everyMs between probes of a camera that is approved for the first time
 * @param options.rematch whoever waits and could have been one of these devices is to be matched again
 * @throws HubError `discovered.unknown`, `device.unknown`; `request.invalid` for a device outside the gateway's districts
 */
export async function approve(
  trx: GatewaysDb,
  approvals: readonly Approved[],
  everyMs: number,
  { rematch = false } = {},
): Promise<void> {
  const found = await foundRows(trx, approvals)
  const districts = new Map<string, readonly (string | undefined)[]>()
  for (const { gateway } of approvals)
    if (!districts.has(gateway)) districts.set(gateway, await districtsOf(trx, gateway))
  const records = await recordsOf(trx, approvals)
  const rows = approvals.map(({ gateway, endpoint, device, credential }) => {
    const row = found.get(nameOf({ gateway, endpoint }))
    if (!row) throw new HubError('discovered.unknown', { value: endpoint })
    const served = districts.get(gateway)!
    if (!served.includes(districtOf(device))) {
      const limit = limitText('gateway-districts', { gateway, districts: served.join(', ') })
      throw new HubError('request.invalid', { field: 'device', value: device, limit })
    }
    if (!records.has(device)) throw new HubError('device.unknown', { value: device })
    const xaddr = serviceAddress(JSON.parse(row.found) as FoundDevice)
    const binding = { device, gateway, endpoint, xaddr, credential, every_ms: everyMs, identity: null }
    return { binding, row: { ...row, status: 'approved', device } }
  })
  for (const some of slicesOf(rows)) {
    await trx
      .insertInto('device_binding')
      .values(some.map(({ binding }) => binding))
      .onConflict((conflict) =>
        conflict.column('device').doUpdateSet((row) => ({
          gateway: row.ref('excluded.gateway'),
          endpoint: row.ref('excluded.endpoint'),
          xaddr: row.ref('excluded.xaddr'),
          credential: row.ref('excluded.credential'),
        })),
      )
      .execute()
    await trx
      .insertInto('discovered')
      .values(some.map(({ row }) => row))
      .onConflict((conflict) =>
        conflict
          .columns(['gateway', 'endpoint'])
          .doUpdateSet((row) => ({ status: 'approved', device: row.ref('excluded.device'), rejection: null })),
      )
      .execute()
  }
  if (rematch) {
    await rematchCarriers(
      trx,
      [...records.values()].flatMap((record) => keysOf(signsOfPlanned(record))),
    )
    // One may be approved as another than it claims to be.
    await rematchRivals(
      trx,
      [...found.values()].map((row) => signsOfFound(JSON.parse(row.found) as FoundDevice)),
    )
  }
  await reassign(
    trx,
    approvals.map(({ device }) => device),
  )
}

const nameOf = ({ gateway, endpoint }: Pick<Approved, 'gateway' | 'endpoint'>) => `${gateway} ${endpoint}`

async function foundRows(trx: GatewaysDb, approvals: readonly Approved[]) {
  const rows = []
  for (const [gateway, same] of Map.groupBy(approvals, (each) => each.gateway))
    for (const some of slicesOf(same))
      rows.push(
        ...(await trx
          .selectFrom('discovered')
          .select(['gateway', 'endpoint', 'found', 'first_seen_at', 'seen_at'])
          .where('gateway', '=', gateway)
          .where(
            'endpoint',
            'in',
            some.map(({ endpoint }) => endpoint),
          )
          .execute()),
      )
  return new Map(rows.map((row) => [nameOf(row), row]))
}

async function recordsOf(trx: GatewaysDb, approvals: readonly Approved[]) {
  const records = []
  for (const some of slicesOf(approvals))
    records.push(
      ...(await trx
        .selectFrom('registry_device')
        .select(['id', 'name', 'ip_address as ipAddress', 'mac', 'serial'])
        .where(
          'id',
          'in',
          some.map(({ device }) => device),
        )
        .execute()),
    )
  return new Map(records.map((record) => [record.id, record]))
}

/** Approval of a discovered camera: from here on its gateway may send it a credential. */
import { type DeviceId, districtOf, type FoundDevice, type GatewayId, HubError } from '@hub/contracts'
import { serviceAddress } from '@hub/core'
import type { Kysely } from 'kysely'
import { bumpAssignment, districtsOf } from './gateways.ts'
import type { RecordTables } from './schema.ts'

export type Approved = {
  gateway: GatewayId
  endpoint: string
  device: DeviceId
  /** Name of a credential in the gateway's configuration. */
  credential: string
}

/**
 * Binds found devices to their records, and bumps the assignment of each gateway concerned. Run it in a transaction, after
 * the rules have been asked: quarantine, scope and role are the caller's.
 * @throws HubError `discovered.unknown`, `device.unknown`; `request.invalid` for a device outside the gateway's districts
 */
export async function approve(trx: Kysely<RecordTables>, approvals: readonly Approved[], now: number): Promise<void> {
  for (const { gateway, endpoint, device, credential } of approvals) {
    const row = await trx
      .selectFrom('discovered')
      .select('found')
      .where('gateway', '=', gateway)
      .where('endpoint', '=', endpoint)
      .executeTakeFirst()
    if (!row) throw new HubError('discovered.unknown', { value: endpoint })
    const xaddr = serviceAddress(JSON.parse(row.found) as FoundDevice)
    const districts = await districtsOf(trx, gateway)
    if (!districts.includes(districtOf(device))) {
      const limit = `must be in a district of gateway ${gateway}: ${districts.join(', ')}`
      throw new HubError('request.invalid', { field: 'device', value: device, limit })
    }
    const bound = await trx
      .updateTable('device')
      .set({ gateway, endpoint, xaddr, credential, updated_at: now })
      .where('id', '=', device)
      .executeTakeFirst()
    if (bound.numUpdatedRows === 0n) throw new HubError('device.unknown', { value: device })
    await trx
      .updateTable('discovered')
      .set({ status: 'approved', device, rejection: null })
      .where('gateway', '=', gateway)
      .where('endpoint', '=', endpoint)
      .execute()
  }
  await bumpAssignment(
    trx,
    approvals.map(({ gateway }) => gateway),
  )
}

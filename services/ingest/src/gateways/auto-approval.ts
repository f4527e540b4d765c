/** Demonstrations only: simulated cameras of the named project are approved when an imported record has their address. */
import { districtOf, type GatewayId } from '@hub/contracts'
import { matchPlanned } from '@hub/core'
import {
  type Approved,
  approve,
  type Deps,
  districtsOf,
  type HubConfig,
  listDiscovered,
  listPlanned,
} from '@hub/platform'

type Demo = NonNullable<HubConfig['demo']>

/** Approves what waits at a gateway and belongs to its districts: multicast may reach further. Returns how many cameras that was. */
export async function approveDemo(
  { record, clock }: Pick<Deps, 'record' | 'clock'>,
  gateway: GatewayId,
  demo: Demo,
): Promise<number> {
  return record.transaction(async (trx) => {
    const districts = await districtsOf(trx, gateway)
    const planned = (await listPlanned(trx)).filter(({ id }) => districts.includes(districtOf(id)))
    const waiting = (await listDiscovered(trx, 'city')).filter(
      (found) =>
        found.gateway === gateway &&
        found.status === 'waiting' &&
        found.quarantine === 'new' &&
        found.project === demo.approveProject,
    )
    const byAddress = new Map(planned.map((record) => [record.ipAddress, record]))
    const approvals: Approved[] = waiting.flatMap((found) => {
      const record = byAddress.get(found.address)
      const device = record && matchPlanned(found, [record])
      return device ? [{ gateway, endpoint: found.endpoint, device, credential: demo.credential }] : []
    })
    if (approvals.length > 0) await approve(trx, approvals, clock.now())
    return approvals.length
  })
}

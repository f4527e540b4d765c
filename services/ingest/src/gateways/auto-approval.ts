/** Demonstrations only: simulated cameras of the named project are approved when an imported record is theirs. */
import { districtOf, type GatewayId } from '@hub/contracts'
import {
  type Approved,
  approve,
  type Deps,
  districtsOf,
  type HubConfig,
  isWaiting,
  listDiscovered,
} from '@hub/platform'

type Demo = NonNullable<HubConfig['demo']>

/** Approves what waits at a gateway and belongs to its districts: multicast may reach further. Returns how many cameras that was. */
export async function approveDemo(
  { record, clock }: Pick<Deps, 'record' | 'clock'>,
  gateway: GatewayId,
  { approveProject, credential }: Demo,
): Promise<number> {
  return record.transaction(async (trx) => {
    if (!(await isWaiting(trx, gateway, approveProject))) return 0
    const districts = await districtsOf(trx, gateway)
    const approvals = (await listDiscovered(trx, 'city', { waitingAt: gateway })).flatMap((found): Approved[] => {
      const { matches: device, endpoint, quarantine, project } = found
      if (device === null || quarantine !== 'new' || project !== approveProject) return []
      return districts.includes(districtOf(device)) ? [{ gateway, endpoint, device, credential }] : []
    })
    if (approvals.length > 0) await approve(trx, approvals, clock.now())
    return approvals.length
  })
}

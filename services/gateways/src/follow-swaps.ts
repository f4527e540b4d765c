/** Cameras of a gateway that have been given one another's addresses are followed there, where the configuration says so. */
import type { FoundDevice, GatewayId } from '@hub/contracts'
import { type AddressMove, agreedMoves, serviceAddress } from '@hub/core'
import type { AuditPort, Clock, Log } from '@hub/platform'
import { type Approved, approve } from './approval.ts'
import type { GatewaysConfig } from './config.ts'
import type { FoundChanges } from './put-found.ts'
import type { AppendRegistryChanged } from './registry-changed.ts'
import type { GatewaysDb, GatewaysRecord } from './tables.ts'
import { everyMsOf } from './take-registry-change.ts'

type Parts = {
  record: GatewaysRecord
  config: GatewaysConfig
  audit: AuditPort
  clock: Clock
  log: Log
  registryChanged: AppendRegistryChanged
}

/** Whether a message says that a device answers at another address than before: only then can two have changed places. */
export const hasMoves = ({ changed, before }: Pick<FoundChanges, 'changed' | 'before'>): boolean => {
  const addresses = new Map(before.map(({ endpoint, address }) => [endpoint, address]))
  return changed.some(({ device }) => (addresses.get(device.endpoint) ?? device.address) !== device.address)
}

/** Assigns cameras anew whose moves agree: as an operator does who approves both of them, and written down like that. */
export async function followSwaps(
  { record, config, audit, clock, log, registryChanged }: Parts,
  gateway: GatewayId,
): Promise<void> {
  if (config.policy.addressSwaps !== 'follow') return
  const followed = await record.transaction(async (trx) => {
    const moves = await agreedAt(trx, gateway)
    if (moves.length === 0) return moves
    await approve(trx, moves, everyMsOf(config), { rematch: config.demo !== undefined })
    for (const { device, endpoint, from, to } of moves) {
      const act = { actor: 'hub', action: 'device.follow-address', subject: device } as const
      await audit.append(trx, { at: clock.now(), ...act, detail: { gateway, endpoint, from, to } })
    }
    await registryChanged(
      trx,
      moves.map(({ device }) => device),
      [gateway],
    )
    return moves
  })
  if (followed.length > 0)
    log.warn({ gateway, devices: followed.map(({ device }) => device) }, 'cameras have changed addresses: followed')
}

/** One walk over what the gateway watches: addresses are no key, and seldom change. */
async function agreedAt(trx: GatewaysDb, gateway: GatewayId): Promise<(AddressMove & Approved)[]> {
  const bound = await trx
    .selectFrom('device_binding')
    .leftJoin('discovered', (join) =>
      join
        .onRef('discovered.endpoint', '=', 'device_binding.endpoint')
        .onRef('discovered.gateway', '=', 'device_binding.gateway')
        .onRef('discovered.device', '=', 'device_binding.device')
        .on('discovered.status', '=', 'approved'),
    )
    .select(['device_binding.device', 'device_binding.endpoint', 'xaddr', 'credential', 'found'])
    .where('device_binding.gateway', '=', gateway)
    .where('xaddr', 'is not', null)
    .execute()
  const moves = bound.flatMap(({ device, endpoint, xaddr, credential, found: text }): (AddressMove & Approved)[] => {
    const found = text === null ? undefined : (JSON.parse(text) as FoundDevice)
    if (found?.quarantine !== 'new' || endpoint === null || credential === null) return []
    const [from, to] = [hostOf(xaddr!), hostOf(serviceAddress(found))]
    return from === to ? [] : [{ device, endpoint, gateway, credential, from, to }]
  })
  return agreedMoves(
    moves,
    bound.map(({ xaddr }) => hostOf(xaddr!)),
  )
}

const hostOf = (xaddr: string): string => new URL(xaddr).hostname

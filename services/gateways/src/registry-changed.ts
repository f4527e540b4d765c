/** Says that devices have got another gateway, another address or another password: whoever keeps a copy of them reads them again. */
import { type DeviceId, type GatewayId, namedDevices } from '@hub/contracts'
import type { Clock, Outbox } from '@hub/platform'
import type { GatewaysDb } from './tables.ts'

export type AppendRegistryChanged = (
  trx: GatewaysDb,
  devices: readonly DeviceId[],
  gateways: Iterable<GatewayId>,
) => Promise<void>

/** @returns appends the message, once the assignments of the gateways have been changed */
export const createRegistryChanged =
  ({ outbox, clock }: { outbox: Outbox; clock: Clock }): AppendRegistryChanged =>
  async (trx, devices, gateways) => {
    const touched = [...new Set(gateways)]
    for (const named of namedDevices(devices))
      await outbox.append(trx, 'registry.changed', {}, { v: 1, at: clock.now(), devices: named, gateways: touched })
  }

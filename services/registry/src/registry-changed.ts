/** Says that devices on record have changed, to everybody who keeps a copy of them or assigns them. */
import { type DeviceId, namedDevices } from '@hub/contracts'
import type { Clock, Outbox } from '@hub/platform'
import type { RegistryDb } from './tables.ts'

export type AppendRegistryChanged = (trx: RegistryDb, devices: readonly DeviceId[]) => Promise<void>

/** In the transaction of the change. Which assignments it touches is for gateways to find out: none is named. */
export const createRegistryChanged =
  ({ outbox, clock }: { outbox: Outbox; clock: Clock }): AppendRegistryChanged =>
  async (trx, devices) => {
    for (const named of namedDevices(devices))
      await outbox.append(trx, 'registry.changed', {}, { v: 1, at: clock.now(), devices: named, gateways: [] })
  }

/** What is said when devices on record have changed, or what they need. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'

/** Devices of one message; the rest of a change goes into further ones. */
export const mostNamedDevices = 500

/** Devices have changed: in their records, or in which gateway watches them. Whoever keeps a copy of them reads them again. */
export const RegistryChanged = z.strictObject({
  v: z.literal(1),
  at: Instant,
  /** Null: it may be any. The hub itself names them. */
  devices: z.array(DeviceId).max(mostNamedDevices).nullable(),
  /** Gateways whose assignment has changed with it. Empty where the sender does not know of assignments. */
  gateways: z.array(GatewayId),
})
export type RegistryChanged = z.infer<typeof RegistryChanged>

/** The devices of a change, in as many messages as it takes to name them all: none is read again that has not changed. */
export function* namedDevices(ids: readonly DeviceId[]): Generator<DeviceId[]> {
  for (let i = 0; i < ids.length; i += mostNamedDevices) yield ids.slice(i, i + mostNamedDevices)
}

/** A topology was imported: whoever keeps a copy of it reads it again. */
export const TopologyChanged = z.strictObject({ v: z.literal(1), at: Instant })
export type TopologyChanged = z.infer<typeof TopologyChanged>

/** Passwords of sensors. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'

export const SensorCredentials = z.strictObject({ devices: z.array(DeviceId).min(1).max(5_000) })
/** Shown once: the hub keeps only a hash. */
export const SensorSecrets = z.strictObject({
  secrets: z.array(z.strictObject({ device: DeviceId, password: z.string() })),
})
export type SensorSecrets = z.infer<typeof SensorSecrets>

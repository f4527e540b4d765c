/** What happened to a device beside its state: it became another one, or it noticed something. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { eventTopics } from './observation.ts'

/** What a device says of itself that should not change by itself. */
export const identityKinds = ['manufacturer', 'model', 'firmware', 'serial', 'resolution', 'codec', 'fps'] as const
export type IdentityKind = (typeof identityKinds)[number]
export const deviceEventKinds = [...identityKinds, ...eventTopics] as const
export type DeviceEventKind = (typeof deviceEventKinds)[number]

/** `device.event`. Of a changed identity the old and the new value; of what a camera noticed `to` is `active` or `inactive`. */
export const DeviceEvent = z.strictObject({
  v: z.literal(1),
  device: DeviceId,
  district: DistrictCode,
  at: Instant,
  kind: z.enum(deviceEventKinds),
  from: z.string().max(128).nullable(),
  to: z.string().max(128),
  /** Which video source or input of the camera, in its own words. */
  source: z.string().min(1).max(128).optional(),
})
export type DeviceEvent = z.infer<typeof DeviceEvent>

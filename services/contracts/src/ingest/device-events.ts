/** What happened to a device beside its state, as the API answers it. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { DeviceEvent } from './event.ts'

export const EventsQuery = z.strictObject({
  /** Only those before this instant. */
  before: instant.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
/** Newest first. */
export const DeviceEvents = z.strictObject({ device: DeviceId, asOf: Instant, events: z.array(DeviceEvent) })
export type DeviceEvents = z.infer<typeof DeviceEvents>

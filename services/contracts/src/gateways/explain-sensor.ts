/** "Explain this device" of a sensor: who has connected in its name, what it said, and what of that could not be read. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'

/** The same thing happening again is one entry. */
const again = { firstAt: Instant, lastAt: Instant, count: z.int().min(1), reason: z.string().max(512) }

export const SensorExplanation = z.strictObject({
  kind: z.literal('sensor'),
  device: DeviceId,
  at: Instant,
  /** Open connections. */
  connected: z.int().min(0),
  /** Milliseconds between two messages, as assigned. */
  every: z.int().min(100),
  /** Its last message; null: none since the gateway began. */
  heardAt: Instant.nullable(),
  /** Messages that were due since then and have not come. */
  missed: z.int().min(0),
  clock: z.strictObject({
    /** Sensor minus gateway; 0 while it is right or not known. */
    offsetMs: z.number(),
    /** Since when it sends samples taken earlier; null: it does not. */
    lateSince: Instant.nullable(),
  }),
  /** Since the gateway began. `held`: their acknowledgement was withheld because they came too fast. */
  messages: z.strictObject({ taken: z.int().min(0), held: z.int().min(0), unread: z.int().min(0) }),
  /** Connections in its name that were refused, or ended by a fault. Newest first. */
  refusals: z.array(z.strictObject(again)),
  /** What could not be read, newest first; `payload` is the beginning of the last such message. */
  unread: z.array(z.strictObject({ ...again, payload: z.string().max(1_024) })),
})
export type SensorExplanation = z.infer<typeof SensorExplanation>

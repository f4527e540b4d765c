/** The observations under a period of a device, as the API answers them. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { Observation } from './observation.ts'
import { Refusal } from './refusal.ts'

/** What lies under an interval. Raw observations are kept until their month can no longer be disputed; what they said in a row (evidence) for years. */
export const ObservationsQuery = z.strictObject({
  from: instant,
  to: instant,
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
})
export const DeviceObservations = z.strictObject({
  device: DeviceId,
  asOf: Instant,
  from: Instant,
  to: Instant,
  /** Raw observations exist from here on. */
  keptFrom: Instant,
  /** Oldest first. `truncated`: there are more. */
  observations: z.array(Observation),
  truncated: z.boolean(),
  /** Of this device, at any time; they are in no figure. */
  refused: z.array(Refusal),
  evidence: z.array(
    z.strictObject({
      verdict: Observation.shape.verdict,
      rung: Observation.shape.rung,
      reason: Observation.shape.reason,
      firstAt: Instant,
      lastAt: Instant,
      count: z.int(),
    }),
  ),
})
export type DeviceObservations = z.infer<typeof DeviceObservations>

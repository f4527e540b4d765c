/** The observations under a period of a device, as the API answers them. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { BatchSeal, SealKey } from './batch-seal.ts'
import { Observation } from './observation.ts'
import { Refusal } from './refusal.ts'

/** What lies under an interval. Raw observations are kept until their month can no longer be disputed; what they said in a row (evidence) for years. */
export const ObservationsQuery = z.strictObject({
  from: instant,
  to: instant,
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
})
/** A batch as its gateway sealed it: whoever has this and the gateway's key checks the signature himself (`sealedBatchText`). */
export const SealedBatch = z.strictObject({
  gateway: GatewayId,
  epoch: z.int(),
  seq: z.int(),
  receivedAt: Instant,
  /** SHA-256 of the batch bytes, hex. They hold other devices too and are not shown. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Both null: unsigned. */
  signature: BatchSeal.shape.signature.nullable(),
  key: SealKey.nullable(),
})
export type SealedBatch = z.infer<typeof SealedBatch>
/** A key that a gateway told: it counts from when it was pinned to when it was retired. */
export const PinnedKey = z.strictObject({
  gateway: GatewayId,
  key: SealKey,
  pinnedAt: Instant.nullable(),
  retiredAt: Instant.nullable(),
})
export type PinnedKey = z.infer<typeof PinnedKey>
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
  /** The batches that these observations came in, oldest first, as far as their digests are kept. */
  batches: z.array(SealedBatch),
  /** Every key that the gateways of these batches have told, the oldest first. */
  keys: z.array(PinnedKey),
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

/** What a gateway says of itself. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { SealKey } from '../ingest/batch-seal.ts'
import { AssignmentDigest } from './assignment.ts'

/** Every five seconds, and as the will with `online: false`. */
export const GatewayStatus = z.strictObject({
  v: z.literal(1),
  gateway: GatewayId,
  online: z.boolean(),
  at: Instant,
  version: z.string().max(32),
  /** Version of the assignment in force; 0 when none has arrived. */
  assignment: z.int().min(0),
  devices: z.int().min(0),
  /**
   * How its list stands: from a gateway that takes deltas, once the centre has sent it one on this connection. A centre of before
   * deltas refuses what it does not know.
   */
  holds: z
    .strictObject({
      digest: AssignmentDigest,
      /** While the whole list is sent by ranges: up to which id it is that of version `to`. */
      whole: z.strictObject({ to: z.int().min(1), upTo: DeviceId }).optional(),
    })
    .optional(),
  /** The public key that it seals its batches with: once the centre has asked for it. */
  key: SealKey.optional(),
  /** Batches waiting for an acknowledgement. */
  spooled: z.int().min(0),
  /** Centre minus gateway, RTT/2 corrected; null before the first exchange. */
  clockOffsetMs: z.number().nullable(),
  /** The gateway's own network is down: it sees nothing, and says so. */
  blind: z.boolean(),
  /** The longest that its own event loop was late in the last minute, ms; absent: not by half a second. */
  lateMs: z.int().min(0).optional(),
  /** Of the sweep under way, or of the last one: addresses asked and to ask, devices known. */
  discovery: z
    .strictObject({
      asked: z.int().min(0),
      toAsk: z.int().min(0),
      found: z.int().min(0),
      startedAt: Instant.nullable(),
      /** Null while it runs. */
      endedAt: Instant.nullable(),
    })
    .optional(),
})
export type GatewayStatus = z.infer<typeof GatewayStatus>

/** Approval of what discovery found. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { FoundDevice } from './inventory.ts'
import { MatchBasis, Unmatched } from './rollout.ts'

export const discoveredStatuses = ['waiting', 'approved', 'rejected'] as const
export const DiscoveredRow = FoundDevice.extend({
  gateway: GatewayId,
  status: z.enum(discoveredStatuses),
  firstSeenAt: Instant,
  /** The planned record that it matches; null when none does. */
  matches: DeviceId.nullable(),
  matchedBy: MatchBasis.optional(),
  /** Why there is no match. */
  unmatched: Unmatched.optional(),
  /** Approved, and answers at another address now: it is sent no login there before it is approved again. */
  moved: z.literal(true).optional(),
  /** Who rejected it, when and why. */
  rejection: z.strictObject({ at: Instant, actor: z.string(), reason: z.string() }).optional(),
})
export type DiscoveredRow = z.infer<typeof DiscoveredRow>
export const Approval = z.strictObject({
  approve: z
    .array(
      z.strictObject({
        endpoint: z.string().max(256),
        /** Default: the one planned record that matches by address or name. */
        device: DeviceId.optional(),
        /** Name of a credential in the gateway's own configuration. */
        credential: z.string().min(1).max(64).optional(),
        /** The quarantine reason, when it is another than `new`. */
        confirm: z.string().max(64).optional(),
      }),
    )
    .min(1)
    .max(5_000),
})
export type Approval = z.infer<typeof Approval>
export const ApprovalResult = z.strictObject({
  approved: z.array(DeviceId),
  refused: z.array(z.strictObject({ endpoint: z.string(), problem: z.string() })),
})
export type ApprovalResult = z.infer<typeof ApprovalResult>
export const Rejection = z.strictObject({
  reject: z
    .array(z.strictObject({ endpoint: z.string().max(256), reason: z.string().trim().min(1).max(256) }))
    .min(1)
    .max(5_000),
})
export type Rejection = z.infer<typeof Rejection>
/** Endpoints. Approving one of them undoes it. */
export const RejectionResult = z.strictObject({
  rejected: z.array(z.string()),
  refused: z.array(z.strictObject({ endpoint: z.string(), problem: z.string() })),
})
export type RejectionResult = z.infer<typeof RejectionResult>

/** The keys that gateways seal their batches with. */
import { z } from 'zod'
import { GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { SealKey } from '../ingest/batch-seal.ts'

/** The centre asks a gateway for its key: it pins keys, and takes sealed batches. */
export const KeyWanted = z.strictObject({ v: z.literal(1), gateway: GatewayId })
export type KeyWanted = z.infer<typeof KeyWanted>

export const gatewayKeyStates = ['pinned', 'waiting', 'retired', 'rejected'] as const
/**
 * A key as the centre knows it. The first one that a gateway tells is `pinned`; another one is `waiting` until somebody approves it, and the
 * one before is then `retired`: its batches up to that instant stay good.
 */
export const GatewayKey = z.strictObject({
  key: SealKey,
  state: z.enum(gatewayKeyStates),
  toldAt: Instant,
  pinnedAt: Instant.nullable(),
  retiredAt: Instant.nullable(),
  /** Who approved or rejected it; null for the first one, which nobody had to. */
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
})
export type GatewayKey = z.infer<typeof GatewayKey>

export const GatewayKeyDecision = z.strictObject({
  key: SealKey,
  decision: z.enum(['approve', 'reject']),
  /** Why the gateway has another key: a new machine, a key that may be known to others. */
  reason: z.string().trim().min(1).max(256),
})
export type GatewayKeyDecision = z.infer<typeof GatewayKeyDecision>

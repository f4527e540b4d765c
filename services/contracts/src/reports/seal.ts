/** The seal of a locked scorecard: what was written when it was locked, and whether all that still agrees. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

/** What may be found wrong when a card is read. Whoever trusts nobody checks the pack itself, off line. */
export const sealFaults = [
  /** Locked without a seal: before there were any, or the seal was taken away. */
  'no-seal',
  /** The card in the Record is not the one that was sealed. */
  'card-changed',
  /** The seal was not signed by this hub's key, or not over this content. */
  'signature-bad',
  /** The seal does not follow on the one before. */
  'chain-broken',
  /** The audit has no line of this lock, or another fingerprint in it. */
  'audit-differs',
  /** The anchor cannot be read. */
  'anchor-unreadable',
  /** The anchor has another fingerprint under this number, or none. */
  'anchor-differs',
  /** The file of the pack is gone. */
  'pack-gone',
] as const

export const ScorecardSeal = z.strictObject({
  version: z.int(),
  /** Of all seals of this hub, from 1 on without a gap. Null: there is no seal. */
  seq: z.int().nullable(),
  /** SHA-256, hex, of what is signed. */
  fingerprint: z.string().nullable(),
  sealedAt: Instant.nullable(),
  /** Observations of so many batches, of which so many were signed by no gateway, and so many are missing. */
  evidence: z.strictObject({ batches: z.int(), unsigned: z.int(), missing: z.int() }).nullable(),
  faults: z.array(z.enum(sealFaults)),
})
export type ScorecardSeal = z.infer<typeof ScorecardSeal>
export type SealFault = ScorecardSeal['faults'][number]

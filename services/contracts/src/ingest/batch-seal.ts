/**
 * The seal of a batch: a gateway signs what it publishes, so that nobody behind it can make up an observation.
 *
 * A sealed message is the batch with one more member at its very end, written exactly as `sealSuffix` writes it. The **batch bytes** are the
 * message with that member taken out, byte for byte: all before the suffix, and the closing brace. What is signed is the text of
 * `sealedBatchText`: the name of the batch and the SHA-256 of the batch bytes, so that a signature can be checked years later by
 * the digest alone. Ed25519 (RFC 8032), key and signature in base64url without padding (RFC 4648 5).
 */
import { z } from 'zod'

/** A raw public key of Ed25519: 32 bytes. */
export const SealKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
export type SealKey = z.infer<typeof SealKey>

export const BatchSeal = z.strictObject({
  key: SealKey,
  /** 64 bytes. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
})
export type BatchSeal = z.infer<typeof BatchSeal>

/** What stands at the end of a sealed message: it takes the place of the batch's closing brace. ASCII. */
export const sealSuffix = ({ key, signature }: BatchSeal): string =>
  `,"seal":{"key":"${key}","signature":"${signature}"}}`

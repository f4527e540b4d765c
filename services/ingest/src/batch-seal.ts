/** The seal of a batch (contracts: `batch-seal.ts`): is it the gateway's, and what stays of it. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { type BatchSeal, type SealKey, sealedBatchText, sealSuffix } from '@hub/contracts'
import type { BatchName } from './decode.ts'

/** Keys that are kept ready. There are as many as gateways; whoever brings new ones without end finds no more room than this. */
const keysAtMost = 1_024
const keys = new Map<SealKey, KeyObject>()

/** `signature` null: unsigned. */
export type Sealed = { digest: Uint8Array; key: SealKey | ''; signature: Uint8Array | null }

/**
 * Whose key it is, and whether it is pinned, is not asked here: that stands with the digest, and whoever reads it decides.
 * @returns undefined where the seal is not of these bytes, or not written as a gateway writes it
 */
export function sealOf(
  payload: Buffer,
  seal: BatchSeal | undefined,
  name: BatchName & { gateway: string },
): Sealed | undefined {
  if (!seal) return { digest: createHash('sha256').update(payload).digest(), key: '', signature: null }
  const suffix = sealSuffix(seal)
  const end = payload.length - suffix.length
  if (end < 0 || payload.toString('latin1', end) !== suffix) return undefined
  const digest = createHash('sha256').update(payload.subarray(0, end)).update('}').digest()
  const signature = Buffer.from(seal.signature, 'base64url')
  const text = sealedBatchText(name, digest.toString('hex'))
  return verify(null, Buffer.from(text), keyOf(seal.key), signature) ? { digest, key: seal.key, signature } : undefined
}

/** `,"seal":{"key":"…43…","signature":"…86…"}}`, as a gateway writes it at the end of a batch. */
const suffix = /,"seal":\{"key":"[\w-]{43}","signature":"[\w-]{86}"\}\}$/
const suffixBytes = 163

/** A message without its seal, which stands with its digest: the bytes that the digest is of. One that has none at its end: as it is. */
export function batchBytes(message: Buffer): Buffer {
  const end = message.length - suffixBytes
  return end > 0 && suffix.test(message.toString('latin1', end))
    ? Buffer.concat([message.subarray(0, end), Buffer.from('}')])
    : message
}

function keyOf(key: SealKey): KeyObject {
  const known = keys.get(key)
  if (known) return known
  const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' })
  if (keys.size >= keysAtMost) keys.clear()
  keys.set(key, made)
  return made
}

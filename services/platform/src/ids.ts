/** Random names and secrets, and the digests that are kept of them. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 128 random bits, base64url: a sensor's password, a session's token. */
export const randomToken = (): string => randomBytes(16).toString('base64url')

/** SHA-256, hex. Enough for secrets of 128 random bits; a password that a person chose needs argon2id. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')

/** Compares two hex digests in constant time. */
export const sameDigest = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

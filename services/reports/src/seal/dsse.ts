/**
 * A signed envelope: DSSE v1 (secure-systems-lab/dsse, protocol.md). What is signed are bytes, with their type and length before them; nothing
 * rests on a canonical form of JSON.
 */
import { sha256 } from '@hub/platform'
import type { HubKey } from './hub-key.ts'

/** An in-toto Statement v1. */
export const payloadType = 'application/vnd.in-toto+json'

export type Envelope = { payloadType: string; payload: string; signatures: { keyid: string; sig: string }[] }

/** The pre-authentication encoding. */
function encoded(type: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `
  return Buffer.concat([Buffer.from(head), payload])
}

/** @returns the envelope, and the SHA-256 of the payload: the fingerprint */
export function signed(statement: object, key: HubKey): { envelope: Envelope; fingerprint: string } {
  const payload = Buffer.from(JSON.stringify(statement))
  const sig = key.sign(encoded(payloadType, payload)).toString('base64')
  return {
    envelope: { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: key.id, sig }] },
    fingerprint: sha256(payload),
  }
}

/** @returns the payload when this key has signed it; undefined otherwise, also for what is no envelope */
export function opened(text: string, key: HubKey): { statement: unknown; fingerprint: string } | undefined {
  try {
    const envelope: Envelope = JSON.parse(text)
    const payload = Buffer.from(envelope.payload, 'base64')
    const own = envelope.signatures.find(({ keyid }) => keyid === key.id)
    if (!own || envelope.payloadType !== payloadType) return undefined
    if (!key.verify(encoded(payloadType, payload), Buffer.from(own.sig, 'base64'))) return undefined
    return { statement: JSON.parse(payload.toString()), fingerprint: sha256(payload) }
  } catch {
    return undefined
  }
}

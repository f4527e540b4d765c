/**
 * Checks signatures of gateways in the browser itself, so that nobody need believe the hub's word for it (RFC 8032, by WebCrypto). Pages that
 * came over plain HTTP from another machine have no WebCrypto, and older browsers no Ed25519.
 */
import type { SealedBatch } from '@hub/contracts'
import { signedText } from '@hub/core'

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

/** @throws where the key is none, or the browser cannot */
async function isSigned(key: string, signature: string, text: string): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', bytesOf(key), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', imported, bytesOf(signature), new TextEncoder().encode(text))
}

/** RFC 8032 7.1, test 1: what cannot check this can check nothing. */
export const canCheckSignatures = (): Promise<boolean> =>
  isSigned(
    '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw',
    '',
  ).catch(() => false)

/** Whether this key has signed the digest of the batch under its name. */
export const isSealedBy = (key: string, batch: SealedBatch): Promise<boolean> =>
  batch.signature === null
    ? Promise.resolve(false)
    : isSigned(key, batch.signature, signedText(batch)).catch(() => false)

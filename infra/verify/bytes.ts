/** Bytes and their digests, by what browsers and Node both have. */

const encoder = new TextEncoder()
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)
export const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

export const hex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Base64 (RFC 4648 4) or base64url (5), with or without padding. @throws when it is neither */
export function base64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

const keys = new Map<string, ReturnType<typeof crypto.subtle.importKey>>()

/** Ed25519 (RFC 8032). @param key raw, base64url @param signature base64 or base64url */
export async function isSigned(key: string, signature: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    const known = keys.get(key) ?? crypto.subtle.importKey('raw', base64(key), 'Ed25519', false, ['verify'])
    keys.set(key, known)
    return await crypto.subtle.verify('Ed25519', await known, base64(signature), bytes)
  } catch {
    return false
  }
}

/** Whether this machine can check a signature at all: RFC 8032 7.1, test 1. */
export const canVerify = (): Promise<boolean> =>
  isSigned(
    '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw',
    new Uint8Array(),
  )

/** JSON from outside. */

/** The value, or undefined when the bytes are not UTF-8 JSON. */
export function readJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return undefined
  }
}

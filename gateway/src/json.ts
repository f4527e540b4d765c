/** JSON from outside. */

/** The value, or undefined when the bytes are not UTF-8 JSON. NUL at the end is how C ends a text, and no part of it. */
export function readJson(payload: Uint8Array): unknown {
  let end = payload.length
  while (payload[end - 1] === 0) end--
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload.subarray(0, end)))
  } catch {
    return undefined
  }
}

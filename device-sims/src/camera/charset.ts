/** GB2312 bytes of a text: some makers write names so. Node decodes GB18030 but does not encode it, so the table is turned round. */

let table: Map<string, number> | undefined

function codes(): Map<string, number> {
  if (table) return table
  const decoder = new TextDecoder('gb18030')
  table = new Map()
  for (let high = 0xa1; high <= 0xf7; high++)
    for (let low = 0xa1; low <= 0xfe; low++) {
      const character = decoder.decode(Uint8Array.of(high, low))
      if (character.length === 1 && character !== '�') table.set(character, (high << 8) | low)
    }
  return table
}

/** A character outside GB2312 becomes a question mark. */
export function encodeGb2312(text: string): Buffer {
  const bytes: number[] = []
  for (const character of text) {
    const code = character < '\x80' ? character.charCodeAt(0) : codes().get(character)
    if (code === undefined) bytes.push(0x3f)
    else if (code < 0x80) bytes.push(code)
    else bytes.push(code >> 8, code & 0xff)
  }
  return Buffer.from(bytes)
}

/** Percent-encoded as `encodeURIComponent` does it, but in the camera's own charset. */
export function percentEncode(text: string, charset: 'UTF-8' | 'GB2312' | 'marked'): string {
  if (charset !== 'GB2312') return encodeURIComponent(text)
  return text.replace(/[^\x21-\x7e]/gu, (c) =>
    [...encodeGb2312(c)].map((b) => `%${b.toString(16).toUpperCase()}`).join(''),
  )
}

/**
 * Whether bytes that are valid UTF-8, and have characters of two bytes only, are meant as UTF-8 or as GB18030 (GBK), in which each such
 * character is a Chinese one: 通学路 is `ͨѧ·`, and `Müller` is `M眉ller`. Each run of them says what it is by itself, and which reading
 * is the improbable one is read off what stands around it:
 *
 * | a run | speaks for |
 * | --- | --- |
 * | of bytes 80–A0 after the first: in GBK characters that no name has | UTF-8 |
 * | of accented small letters beside a plain one: no Chinese character stands inside a word | UTF-8 |
 * | of one sign of measures or one letter of Greek that is used as one: `5Ω`, `25°`, `m²`, for which GBK has 惟, 掳, 虏 | UTF-8 |
 * | of anything else: `ͨѧ·`, and `3·`, which is 3路 | GBK |
 */
export function isMeantAsUtf8(text: string): boolean {
  let votes = 0
  for (const { 0: run, index } of text.matchAll(/[\u0080-\u07ff]+/g))
    votes += voteOf(run, text[index - 1] ?? '', text[index + run.length] ?? '')
  return votes > 0
}

const accented = /^[\u00df-\u00f6\u00f8-\u017f]+$/
const plain = /[a-z]/
const measured = /^[°²³µº±®©]$/
const greek = /^[Ωμαγεηθ]$/

/** Above zero for UTF-8. A word says more than a character that stands alone. */
function voteOf(run: string, before: string, after: string): number {
  if ([...run].some((character) => character.charCodeAt(0) % 64 <= 0x20)) return 2
  if (accented.test(run)) return plain.test(before) || plain.test(after) ? 2 : -1
  if (measured.test(run)) return /[a-z\d]/i.test(before) || (run === '±' && /\d/.test(after)) ? 1 : -1
  if (greek.test(run)) return 1
  return run.length > 1 ? -2 : -1
}

/** The text of bytes in UTF-8 or GB18030, whichever it is; undefined when it is neither. @param around the characters before and after it */
export function decodeEither(bytes: Uint8Array, around: { before: string; after: string }): string | undefined {
  const text = decodeStrictly('utf-8', bytes)
  const isUtf8 = text !== undefined && (bytes.every((byte) => byte < 0x80) || bytes.some((byte) => byte >= 0xe0))
  if (isUtf8 || (text !== undefined && isMeantAsUtf8(around.before + text + around.after))) return text
  return decodeStrictly('gb18030', bytes) ?? text
}

function decodeStrictly(encoding: 'utf-8' | 'gb18030', bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

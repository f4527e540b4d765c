/**
 * Text from outside without what nobody can see: control characters, and those that turn the order of what is drawn (CVE-2021-42574,
 * UAX #9) or draw nothing. One function for every door; what a key names as a secret is left alone, for it would become another secret.
 *
 * | taken away | |
 * | --- | --- |
 * | C0, DEL, C1 | U+0000–001F, U+007F–009F; TAB and line breaks become one blank |
 * | bidirectional | U+061C, U+200E, U+200F, U+202A–202E, U+2066–2069 |
 * | invisible | U+00AD, U+180E, U+200B, U+2060–2064, U+206A–206F, U+FEFF, U+FFF9–FFFB, U+E0000–E007F |
 * | no characters | lone surrogates (made U+FFFD), U+FFFE, U+FFFF |
 */

const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/u
const breaks = /[\t\n\v\f\r\x85\u2028\u2029]+/g
const lineFeeds = /\r\n|[\v\f\r\x85\u2028\u2029]/g
const all = new RegExp(hidden.source, 'gu')
const allButLineFeeds = new RegExp(hidden.source.replace('\\x00-\\x1f', '\\x00-\\x09\\x0b-\\x1f'), 'gu')

/** On one line. The same text when there is nothing to take away. */
export function plainText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return hidden.test(whole) ? whole.replace(breaks, ' ').replace(all, '') : whole
}

/** Of several lines: line feeds stay. */
export function plainLines(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return hidden.test(whole) ? whole.replace(lineFeeds, '\n').replaceAll('\t', ' ').replace(allButLineFeeds, '') : whole
}

/** What people write at length. */
const long = new Set(['note', 'reason', 'comment', 'text'])
const secret = /password|secret|token/i

/** Every text of a JSON value. The same object when there is nothing to take away; keys are not looked at, for schemas name them. */
export function plainValue<T>(value: T, key = ''): T {
  if (typeof value === 'string') {
    if (secret.test(key)) return value
    return (long.has(key) ? plainLines(value) : plainText(value)) as T
  }
  if (typeof value !== 'object' || value === null) return value
  let changed: { [key: string]: unknown } | undefined
  for (const [name, one] of Object.entries(value as { [key: string]: unknown })) {
    const plain = plainValue(one, Array.isArray(value) ? key : name)
    if (plain === one) continue
    changed ??= (Array.isArray(value) ? [...value] : { ...value }) as { [key: string]: unknown }
    changed[name] = plain
  }
  return (changed as T | undefined) ?? value
}

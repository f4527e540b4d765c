/**
 * Text of others made harmless. Names of devices and things come from records that anyone may have typed: they must not begin a mail
 * header, mention everybody, hide text or become a link.
 */

/** C0 and C1 controls, line and paragraph separators, marks without width and those that turn the direction of reading (Unicode TR 36). */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu

/** One line, no longer than `most` characters. */
export function plain(text: string, most = 60): string {
  const line = text.replace(unseen, ' ').replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}

/**
 * What is markup in any of the robots' dialects as its full-width twin: they differ in what a backslash does, and some know none.
 * `@` mentions (DingTalk), `<at …>` and `<@…>` too (Feishu, WeCom), `&` begins an entity, `://` becomes a link by itself.
 */
const wide = /[\\`*_{}[\]()#!|<>~@&$]/g
const widen = (character: string): string => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0)

/** Plain text as markdown that shows just that, in one line. */
export const markdownText = (line: string): string =>
  plain(line, 1_000)
    .replace(wide, widen)
    .replace(/:\/\//g, '：//')
    .replace(/^([-+=]|\d+\.)(?=\s|$|[-=]{2})/, '\u3000$1')

/** A heading and a quoted paragraph for each line. */
export const markdownOf = (subject: string, lines: readonly string[]): string =>
  [`### ${markdownText(subject)}`, ...lines.map((line) => `> ${markdownText(line)}`)].join('\n\n')

/** As many lines as go into so many bytes of UTF-8, and a last one that says that there were more. */
export function markdownWithin(subject: string, lines: readonly string[], bytes: number): string {
  for (let kept = lines.length; kept > 0; kept--) {
    const text = markdownOf(subject, kept === lines.length ? lines : [...lines.slice(0, kept), '…'])
    if (Buffer.byteLength(text) <= bytes) return text
  }
  return markdownOf(plain(subject, 60), [])
}

/**
 * Bytes of a text file → its lines, as an editor counts them. A byte-order mark decides; UTF-16 is seen by its zeros; what is left is
 * UTF-8 or GB18030 (GBK), as Excel in China saves by default, and is told line by line:
 *
 * | a line that is | speaks for |
 * | --- | --- |
 * | not valid UTF-8 | GB18030 |
 * | valid UTF-8 with a character of three bytes or more (all Chinese is) | UTF-8 |
 * | valid UTF-8 with characters of two bytes only | what is around them (`isMeantAsUtf8`), where no line of the others is there |
 *
 * Most lines win. A line of the other encoding is a fault and not a guess.
 */
import { isMeantAsUtf8 } from '../text/charset.ts'

export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const
export type Encoding = (typeof encodings)[number]
export type Line = { text: string; fault?: 'other-encoding' | 'broken-bytes' }
export type Lines = {
  encoding: Encoding
  count: number
  /** Whether the last line has its end: one that has not may have been cut off. */
  ended: boolean
  lines: Iterable<Line>
}

export function decodeLines(bytes: Uint8Array): Lines {
  const marked = markOf(bytes)
  if (marked) return linesOfText(decoderOf(marked.encoding).decode(bytes.subarray(marked.skip)), marked.encoding)
  const parts = splitBytes(bytes)
  const kinds = parts.map(kindsBy(new TextDecoder('utf-8', { fatal: true })))
  const encoding = encodingOf(kinds)
  const other = encoding === 'utf-8' ? 'not-utf8' : 'utf8'
  const decoder = decoderOf(encoding)
  const read = function* (): Generator<Line> {
    for (const [n, part] of parts.entries()) {
      const line = lineOf(decoder.decode(part))
      yield kinds[n] === other ? { text: line.text, fault: 'other-encoding' } : line
    }
  }
  const ended = bytes.length === 0 || isBreak(bytes.at(-1)!)
  return { encoding, count: parts.length, ended, lines: { [Symbol.iterator]: read } }
}

/** CRLF, LF or CR; the end of the last line begins no other. */
function linesOfText(text: string, encoding: Encoding): Lines {
  const texts = text.split(/\r\n|\n|\r/)
  const ended = texts.at(-1) === ''
  if (ended) texts.pop()
  return { encoding, count: texts.length, ended, lines: texts.map(lineOf) }
}

/** U+FFFD stands where bytes were no text. */
const lineOf = (text: string): Line => (text.includes('\ufffd') ? { text, fault: 'broken-bytes' } : { text })

const decoderOf = (encoding: Encoding) => new TextDecoder(encoding, { ignoreBOM: true })

function markOf(bytes: Uint8Array): { encoding: Encoding; skip: number } | undefined {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', skip: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', skip: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', skip: 2 }
  // Every heading begins with two ASCII letters.
  if (a !== 0 && b === 0 && c !== 0) return { encoding: 'utf-16le', skip: 0 }
  if (a === 0 && b !== 0 && c === 0) return { encoding: 'utf-16be', skip: 0 }
  return undefined
}

const [lf, cr] = [10, 13]
const isBreak = (byte: number): boolean => byte === lf || byte === cr

/** In both encodings these two bytes are only ever themselves. */
function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  let from = 0
  for (let at = 0; at < bytes.length; at++) {
    if (!isBreak(bytes[at]!)) continue
    parts.push(bytes.subarray(from, at))
    if (bytes[at] === cr && bytes[at + 1] === lf) at++
    from = at + 1
  }
  if (from < bytes.length) parts.push(bytes.subarray(from))
  return parts
}

type Kind = 'ascii' | 'utf8' | 'not-utf8' | 'rather-utf8' | 'rather-gb18030'

const kindsBy =
  (strict: { decode(part: Uint8Array): string }) =>
  (part: Uint8Array): Kind => {
    let most = 0
    for (const byte of part) if (byte > most) most = byte
    if (most < 0x80) return 'ascii'
    try {
      const text = strict.decode(part)
      if (most >= 0xe0) return 'utf8'
      return isMeantAsUtf8(text) ? 'rather-utf8' : 'rather-gb18030'
    } catch {
      return 'not-utf8'
    }
  }

function encodingOf(kinds: readonly Kind[]): Encoding {
  const count = { ascii: 0, utf8: 0, 'not-utf8': 0, 'rather-utf8': 0, 'rather-gb18030': 0 }
  for (const kind of kinds) count[kind]++
  if (count.utf8 + count['not-utf8'] > 0) return count['not-utf8'] > count.utf8 ? 'gb18030' : 'utf-8'
  return count['rather-gb18030'] > count['rather-utf8'] ? 'gb18030' : 'utf-8'
}

/**
 * Noto Sans SC, embedded: the regular face with some eight thousand characters, and for what it lacks (rare characters of names,
 * mathematical signs) the slices of the whole font, each read when a character of it is first printed.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { sfntOf } from './woff.ts'

const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('@fontsource/noto-sans-sc/package.json'))
const read = (part: string, weight: number) =>
  sfntOf(readFileSync(join(folder, 'files', `noto-sans-sc-${part}-${weight}-normal.woff`)))

export const weights = [400, 700] as const
export type Weight = (typeof weights)[number]

export type Run = { font: string; text: string }

/** What pdfkit's document knows of the font in use, beyond its published types. */
type Opened = { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } }
type Document = Pick<PDFKit.PDFDocument, 'registerFont' | 'font'>

export type Fonts = {
  /** The text in pieces that one font holds. A character that no font holds is printed as `?`. */
  runs(text: string, weight: Weight): Run[]
}

export function createFonts(document: Document): Fonts {
  const registered = new Set<string>()
  const fontOf = new Map<string, string | undefined>()
  const use = (part: string, weight: Weight): string => {
    const name = `${part}-${weight}`
    if (!registered.has(name)) document.registerFont(name, read(part, weight))
    registered.add(name)
    return name
  }
  const holds = (font: string, codePoint: number) => {
    document.font(font)
    return (document as unknown as Opened)._font.font.hasGlyphForCodePoint(codePoint)
  }
  function find(character: string, weight: Weight): string | undefined {
    const codePoint = character.codePointAt(0)!
    const main = use('chinese-simplified', weight)
    if (holds(main, codePoint)) return main
    const slice = sliceOf(codePoint)
    const font = slice === undefined ? undefined : use(slice, weight)
    return font !== undefined && holds(font, codePoint) ? font : undefined
  }
  return {
    runs(text, weight) {
      const runs: Run[] = []
      for (const each of text) {
        const key = `${weight}${each}`
        if (!fontOf.has(key)) fontOf.set(key, find(each, weight))
        const found = fontOf.get(key)
        const [font, character] = [found ?? use('chinese-simplified', weight), found ? each : '?']
        const last = runs.at(-1)
        if (last?.font === font) last.text += character
        else runs.push({ font, text: character })
      }
      return runs
    },
  }
}

let slices: { part: string; from: number; to: number }[] | undefined

/** Which slice of the whole font a character is in. */
function sliceOf(codePoint: number): string | undefined {
  slices ??= Object.entries(require('@fontsource/noto-sans-sc/unicode.json') as Record<string, string>).flatMap(
    ([name, ranges]) =>
      ranges.split(',').map((range) => {
        const [from = '', to = from] = range.replace('U+', '').split('-')
        return {
          part: name.replace(/[[\]]/g, ''),
          from: Number.parseInt(from, 16),
          to: Number.parseInt(to, 16),
        }
      }),
  )
  return slices.find(({ from, to }) => from <= codePoint && codePoint <= to)?.part
}

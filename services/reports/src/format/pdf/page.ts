/** A4 pages that text is set on: measured, broken into lines and drawn, whatever fonts its characters come from. */
import { plainLines } from '@hub/core'
import PDFDocument from 'pdfkit'
import { createFonts, type Weight } from './fonts.ts'

export const margin = 40
const lineHeight = 1.45
export const ink = '#1a2430'
export const faint = '#5b6875'

export type Style = { size: number; weight?: Weight; colour?: string; align?: 'left' | 'right' | 'center' }
export type Page = {
  readonly document: PDFKit.PDFDocument
  /** Of the part inside the margins. */
  readonly width: number
  /** Where the next thing is set, and where the page ends. */
  y: number
  readonly bottom: number
  lines(text: string, width: number, style: Style): string[]
  /** Height of so many lines, points. */
  height(lines: number, style: Style): number
  /** Draws lines as they are, at a place; does not move `y`. */
  draw(lines: readonly string[], x: number, y: number, width: number, style: Style): void
  /** Sets text below what is there, on as many lines as it needs. */
  paragraph(text: string, style: Style): void
  next(): void
}

export function openPage(options: { landscape: boolean; title: string; author: string; at: number }): Page {
  const document = new PDFDocument({
    size: 'A4',
    layout: options.landscape ? 'landscape' : 'portrait',
    margins: { top: margin, bottom: margin, left: margin, right: margin },
    // The last page is known only at the end, and every page names it.
    bufferPages: true,
    lang: 'zh-CN',
    displayTitle: true,
    info: { Title: options.title, Author: options.author, CreationDate: new Date(options.at) },
  })
  const fonts = createFonts(document)
  const widths = new Map<string, number>()
  /** Of one character at one point. */
  const advance = (character: string, weight: Weight): number => {
    const key = `${weight}${character}`
    let width = widths.get(key)
    if (width === undefined) {
      const [run] = fonts.runs(character, weight)
      width = run ? document.font(run.font).fontSize(1_000).widthOfString(run.text) / 1_000 : 0
      widths.set(key, width)
    }
    return width
  }
  const measure = (text: string, { size, weight = 400 }: Style) => {
    let width = 0
    for (const character of text) width += advance(character, weight)
    return width * size
  }

  const page: Page = {
    document,
    width: document.page.width - 2 * margin,
    y: margin,
    bottom: document.page.height - margin - 16,
    lines(text, width, style) {
      return plainLines(text)
        .split('\n')
        .flatMap((line) => breakLine(line, width, (part) => measure(part, style)))
    },
    height: (lines, { size }) => lines * size * lineHeight,
    draw(lines, x, y, width, style) {
      const { size, weight = 400, colour = ink, align = 'left' } = style
      for (const [n, line] of lines.entries()) {
        const free = width - measure(line, style)
        let at = x + (align === 'right' ? free : align === 'center' ? free / 2 : 0)
        for (const { font, text } of fonts.runs(line, weight)) {
          document.font(font).fontSize(size).fillColor(colour)
          document.text(text, at, y + n * size * lineHeight, { lineBreak: false })
          at += measure(text, style)
        }
      }
    },
    paragraph(text, style) {
      for (const line of page.lines(text, page.width, style)) {
        if (page.y + page.height(1, style) > page.bottom) page.next()
        page.draw([line], margin, page.y, page.width, style)
        page.y += page.height(1, style)
      }
    },
    next() {
      document.addPage()
      page.y = margin
    },
  }
  return page
}

/** No line begins with these (GB/T 15834-2011 5.1.2): the one before is kept with them. */
const closing = /^[，。、；：？！）》」』”’%,.;:?!)\]}]/

/** Chinese breaks between any two characters, a Latin word stays whole unless it is longer than the line. */
export function breakLine(text: string, width: number, measure: (part: string) => number): string[] {
  const parts = text.match(/[\x21-\x7e]+ *|./gsu) ?? []
  const lines: string[] = []
  let line = ''
  for (const part of parts.flatMap((word) => (measure(word.trimEnd()) > width ? [...word] : [word]))) {
    if (line !== '' && measure(line + part.trimEnd()) > width) {
      const carried = closing.test(part) && [...line].length > 1 ? [...line].at(-1)! : ''
      lines.push(line.slice(0, line.length - carried.length).trimEnd())
      line = carried + part
    } else line += part
  }
  lines.push(line.trimEnd())
  return lines
}

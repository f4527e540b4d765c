/** A report on paper: title, facts and policy first, tables with their header on every page, page x of y at the foot. */
import { HubError, limitText } from '@hub/contracts'
import type { Column, ReportDocument, Table } from '../../document.ts'
import { type Language, pick } from '../../words.ts'
import type { Sink } from '../sink.ts'
import { drawCard } from './card.ts'
import { faint, margin, openPage, type Page } from './page.ts'
import { drawTable } from './table.ts'

/** More rows are a book that nobody reads, and pages are held until the last is known. */
const mostRows = 10_000

/** What is printed of a report. `mark`: at the head of every page. */
type Printed = Pick<ReportDocument, 'title' | 'facts' | 'tables' | 'paper' | 'cards' | 'changed'> & {
  mark?: string | null
}

/** @throws HubError `request.invalid` for more rows than a PDF is made of */
export async function writePdf(
  report: Printed,
  sink: Pick<Sink, 'write'>,
  language: Language,
  tick: () => void,
): Promise<void> {
  const tables = report.paper ?? report.tables
  const page = openPage({
    landscape: tables.some(({ columns }) => widthOf(columns) > 120),
    title: report.title,
    author: pick(language, '衡阳市外场设备平台', 'Hengyang hub'),
    at: Date.now(),
  })
  const written = Promise.withResolvers<void>()
  page.document.on('data', (part: Uint8Array) => {
    try {
      sink.write(part)
    } catch (err) {
      written.reject(err)
    }
  })
  page.document.on('end', () => written.resolve())
  page.document.on('error', written.reject)

  page.paragraph(report.title, { size: 18, weight: 700 })
  page.y += 6
  for (const [label, text] of report.facts)
    page.paragraph(`${label}${pick(language, '：', ': ')}${text}`, { size: 9, colour: faint })
  const counted = limited(tick)
  for (const table of tables) put(page, table, tables.length > 1, counted)
  for (const card of report.cards ?? []) {
    page.next()
    drawCard(page, card, report.changed?.get(card.id)?.differences, language)
  }
  number(page, language, report.mark ?? null)
  page.document.end()
  await written.promise
}

const widthOf = (columns: readonly Column[]) => columns.reduce((sum, { width }) => sum + Math.min(26, width), 0)

function put(page: Page, table: Table, named: boolean, tick: () => void): void {
  page.y += 12
  if (page.y + 60 > page.bottom) page.next()
  if (named) page.paragraph(table.name, { size: 12, weight: 700 })
  drawTable(page, table, table.columns.length > 9 ? 7 : 8.5, tick)
}

function limited(tick: () => void): () => void {
  let rows = 0
  return () => {
    if (++rows > mostRows)
      throw new HubError('request.invalid', {
        field: 'format',
        value: 'pdf',
        limit: limitText('rows-of-pdf', { most: mostRows }),
      })
    tick()
  }
}

function number(page: Page, language: Language, mark: string | null): void {
  const { count } = page.document.bufferedPageRange()
  for (let n = 0; n < count; n++) {
    page.document.switchToPage(n)
    // Text below the margin would open a page of its own.
    page.document.page.margins.bottom = 0
    const text = pick(language, `第 ${n + 1} / ${count} 页`, `Page ${n + 1} of ${count}`)
    const y = page.document.page.height - margin
    page.draw([text], margin, y, page.width, { size: 8, colour: faint, align: 'center' })
    if (mark !== null) page.draw([mark], margin, margin / 3, page.width, { size: 11, weight: 700, align: 'center' })
  }
}

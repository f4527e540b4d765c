/** Tables on pages: the header comes again on every page, a row is never torn apart. */
import { cityTime, cityTimeExact, rateText } from '@hub/core'
import type { Cell, Column, Table } from '../../document.ts'
import { clockOf } from '../duration.ts'
import { faint, margin, type Page, type Style } from './page.ts'

const pad = 4
const rule = '#c8d0d9'
const fill = '#e7ecf2'

export function drawTable(
  page: Page,
  { columns, rows }: Pick<Table, 'columns' | 'rows'>,
  size: number,
  tick: () => void,
): void {
  const widths = widthsOf(columns, page.width)
  const text: Style = { size }
  const bold: Style = { size, weight: 700 }
  const lay = (cells: readonly string[], style: Style) =>
    cells.map((cell, n) => page.lines(cell, widths[n]! - 2 * pad, style))
  const heightOf = (cells: readonly string[][], style: Style) =>
    page.height(Math.max(1, ...cells.map((lines) => lines.length)), style) + 2 * pad
  const put = (cells: readonly string[][], style: Style, height: number) => {
    let x = margin
    for (const [n, lines] of cells.entries()) {
      const align = isNumber(columns[n]!) ? 'right' : 'left'
      page.draw(lines, x + pad, page.y + pad, widths[n]! - 2 * pad, { ...style, align })
      x += widths[n]!
    }
    page.y += height
    page.document.lineWidth(0.4).strokeColor(rule).moveTo(margin, page.y).lineTo(x, page.y).stroke()
  }
  const header = () => {
    const cells = lay(
      columns.map(({ title }) => title),
      bold,
    )
    const height = heightOf(cells, bold)
    page.document.rect(margin, page.y, page.width, height).fill(fill)
    put(cells, bold, height)
  }
  header()
  let count = 0
  for (const row of rows) {
    const cells = lay(
      columns.map(({ kind }, n) => cellText(row[n] ?? null, kind)),
      text,
    )
    const height = heightOf(cells, text)
    if (page.y + height > page.bottom) {
      page.next()
      header()
    }
    put(cells, text, height)
    count++
    tick()
  }
  if (count === 0) page.paragraph('—', { size, colour: faint })
}

/** As wide as they ask to be, all together as wide as the page. */
function widthsOf(columns: readonly Column[], width: number): number[] {
  // A long text column gives way first: it is broken into lines.
  const wanted = columns.map((column) => Math.min(column.width, 26) + 2)
  const sum = wanted.reduce((a, b) => a + b, 0)
  return wanted.map((one) => (one / sum) * width)
}

const isNumber = ({ kind }: Column) =>
  kind === 'count' || kind === 'number' || kind === 'percent' || kind === 'duration'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export function cellText(cell: Cell, kind: Column['kind']): string {
  if (cell === null) return '—'
  if (typeof cell === 'string') return cell
  if (kind === 'instant') return cityTime(cell)
  if (kind === 'moment') return cityTimeExact(cell)
  if (kind === 'duration') return clockOf(cell)
  if (kind === 'percent') return rateText(cell)
  return kind === 'count' ? grouped.format(cell) : cell.toFixed(2)
}

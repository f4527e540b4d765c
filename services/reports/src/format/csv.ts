/**
 * CSV: UTF-8 with a byte-order mark (Excel reads it as UTF-8 only then), CRLF, numbers as numbers, and text that a spreadsheet would run
 * as a formula made safe (CWE-1236). Several tables follow one another after an empty line; the facts come last, as `#` lines.
 */

import { cityTime, cityTimeExact, percentDigits, plainLines, textCell } from '@hub/core'
import { stringify } from 'csv-stringify/sync'
import type { Cell, Column, ColumnKind, ReportDocument } from '../document.ts'
import { type Language, pick } from '../words.ts'
import type { Sink } from './sink.ts'

const rowsAtOnce = 500
/** Units, reasons and sealed cards of earlier may hold characters that nobody can see; a blank before a formula hides it. */
const safe = (text: string): string => textCell(plainLines(text).trim())

export function writeCsv(document: ReportDocument, sink: Sink, language: Language, tick: () => void): void {
  sink.write('\uFEFF')
  for (const [n, { columns, rows }] of document.tables.entries()) {
    if (n > 0) sink.write('\r\n')
    sink.write(lines([columns.map((column) => safe(titleOf(column, language)))]))
    let waiting: (string | number)[][] = []
    for (const row of rows) {
      waiting.push(row.map((cell, at) => cellOf(cell, columns[at]!.kind)))
      tick()
      if (waiting.length < rowsAtOnce) continue
      sink.write(lines(waiting))
      waiting = []
    }
    if (waiting.length > 0) sink.write(lines(waiting))
  }
  sink.write('\r\n')
  sink.write(lines(document.facts.map(([label, text]) => [`# ${label}`, safe(text)])))
}

/** A line break inside a cell, of whatever kind, is quoted: readers would begin a row there, and run what follows. */
const lines = (rows: readonly (string | number)[][]) =>
  stringify([...rows], { record_delimiter: 'windows', quoted_match: /[\r\n]/ })

/** Durations and rates have no type in CSV: they are numbers, of seconds and of percent (as they are printed everywhere), and their column says so. */
function titleOf({ title, kind }: Column, language: Language): string {
  if (kind === 'duration') return `${title}${pick(language, '（秒）', ' (s)')}`
  return kind === 'percent' ? `${title}${pick(language, '（%）', ' (%)')}` : title
}

function cellOf(cell: Cell, kind: ColumnKind): string | number {
  if (cell === null) return ''
  if (typeof cell === 'string') return kind === 'date' ? cell : safe(cell)
  if (kind === 'instant') return cityTime(cell)
  if (kind === 'moment') return cityTimeExact(cell)
  if (kind === 'duration') return cell / 1_000
  return kind === 'percent' ? percentDigits(cell) : cell
}

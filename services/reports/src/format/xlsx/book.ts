/** A workbook of any length: rows go to the file as they come. A table longer than a sheet goes on in the next one. */
import { cityOffsetMs, dayMs, printedShare } from '@hub/core'
import type { Cell, Column, ReportDocument } from '../../document.ts'
import { type Language, pick } from '../../words.ts'
import type { Sink } from '../sink.ts'
import { createZip, type Zip } from '../zip.ts'
import {
  contentTypes,
  rootRels,
  sheetHead,
  sheetTail,
  styleOf,
  styles,
  workbook,
  workbookRels,
  xmlText,
} from './xml.ts'

/** Rows of a sheet, its header among them (Excel specifications and limits). */
const mostRows = 1_048_576
/** Characters of a cell. */
const mostText = 32_767

export function writeXlsx(
  document: ReportDocument,
  sink: Sink,
  language: Language,
  tick: () => void,
  rowsOfSheet = mostRows,
): void {
  const zip = createZip(sink)
  const names: string[] = []
  const open = (name: string, columns: readonly Column[]) => {
    names.push(uniqueName(name, names))
    zip.entry(`xl/worksheets/sheet${names.length}.xml`)
    zip.write(sheetHead(columns.map(({ width }) => width)))
    zip.write(rowXml(1, headerCells(columns)))
  }
  for (const { name, columns, rows } of document.tables) {
    open(name, columns)
    let at = 1
    for (const row of rows) {
      if (at === rowsOfSheet) {
        zip.write(sheetTail)
        open(name, columns)
        at = 1
      }
      at++
      zip.write(rowXml(at, cells(row, columns)))
      tick()
    }
    zip.write(sheetTail)
  }
  writeFacts(document, language, open, zip)
  zip.entry('xl/styles.xml')
  zip.write(styles)
  zip.entry('xl/workbook.xml')
  zip.write(workbook(names))
  zip.entry('xl/_rels/workbook.xml.rels')
  zip.write(workbookRels(names.length))
  zip.entry('_rels/.rels')
  zip.write(rootRels)
  zip.entry('[Content_Types].xml')
  zip.write(contentTypes(names.length))
  zip.end()
}

/** The last sheet: what must be read with the figures. */
function writeFacts(
  { title, facts }: ReportDocument,
  language: Language,
  open: (name: string, columns: readonly Column[]) => void,
  zip: Zip,
): void {
  const columns: Column[] = [
    { title: pick(language, '说明', 'Notes'), kind: 'text', width: 20 },
    { title, kind: 'text', width: 100 },
  ]
  open(pick(language, '说明', 'Notes'), columns)
  for (const [n, row] of facts.entries()) zip.write(rowXml(n + 2, cells(row, columns)))
  zip.write(sheetTail)
}

/** At most 31 characters, none of those that a reference would stumble over, and not the name of another sheet. */
function uniqueName(wanted: string, taken: readonly string[]): string {
  const plain = wanted.replace(/[[\]:*?/\\']/g, ' ')
  for (let n = 1; ; n++) {
    const ending = n === 1 ? '' : ` (${n})`
    const name = `${plain.slice(0, 31 - ending.length)}${ending}`
    if (!taken.includes(name)) return name
  }
}

const rowXml = (at: number, cellsXml: string) => `<row r="${at}">${cellsXml}</row>`
const headerCells = (columns: readonly Column[]) => columns.map(({ title }) => textCell(title, 1)).join('')

const cells = (row: readonly Cell[], columns: readonly Column[]): string => {
  let xml = ''
  for (let n = 0; n < columns.length; n++) xml += cellXml(row[n] ?? null, columns[n]!)
  return xml
}

function cellXml(cell: Cell, { kind }: Column): string {
  if (cell === null || cell === '') return '<c/>'
  const style = styleOf[kind]
  if (typeof cell === 'string') {
    if (kind !== 'date') return textCell(cell, style)
    return numberCell(Date.parse(`${cell}T00:00:00Z`) / dayMs + 25_569, style)
  }
  if (kind === 'instant' || kind === 'moment') return numberCell(serialDay(cell), style)
  // A spreadsheet rounds what it shows.
  if (kind === 'percent') return numberCell(printedShare(cell), style)
  return numberCell(kind === 'duration' ? cell / dayMs : cell, style)
}

const numberCell = (value: number, style: number) => `<c s="${style}"><v>${value}</v></c>`
const textCell = (text: string, style: number) =>
  `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text.slice(0, mostText))}</t></is></c>`

/** Days since 1899-12-30 in the city's time, as spreadsheets count (ECMA-376 18.17.4.1). */
const serialDay = (at: number): number => (at + cityOffsetMs) / dayMs + 25_569

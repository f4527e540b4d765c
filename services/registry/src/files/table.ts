/**
 * A table that somebody made with a spreadsheet or an editor: CSV in whatever separator and encoding, or a workbook. One reader for every
 * file that is imported: it gives each row by the number that an editor shows, as its cells or as what is wrong with it, and says at the
 * end how many lines there were. Rows with nothing in them are counted and not given.
 */
import { type ErrorParams, HubError, limitText, type TableFile } from '@hub/contracts'
import {
  cellsOf,
  decodeLines,
  type Line,
  plainText,
  readCell,
  type Separator,
  separatorOf,
  type TableCell,
} from '@hub/core'
import { isWorkbook, workbookRows } from './workbook.ts'

export type TableRow = { row: number } & ({ cells: TableCell[] } | { fault: ErrorParams })
export type TableRows = AsyncGenerator<TableRow, TableFile>

/** Characters of a line. */
const longest = 65_536

/**
 * The first row given is the heading.
 * @param isKnown whether a heading names a column: which separator it is, only that tells
 * @throws HubError `import.file`, `import.header` when there is no heading
 */
export async function* readTable(bytes: Uint8Array, isKnown: (name: string) => boolean): TableRows {
  const file = yield* isWorkbook(bytes) ? readWorkbook(bytes) : readLines(bytes, isKnown)
  if (file.heading === 0) throw new HubError('import.header', { value: 'no line', limit: limitText('file-empty') })
  return file
}

async function* readWorkbook(bytes: Uint8Array): TableRows {
  let [lines, given] = [0, 0]
  for await (const { row, cells } of workbookRows(bytes)) {
    lines = row
    if (isBlank(cells)) continue
    given++
    yield { row, cells }
  }
  const heading = Math.min(given, 1)
  return { format: 'xlsx', encoding: null, separator: null, lines, heading, blank: lines - given }
}

async function* readLines(bytes: Uint8Array, isKnown: (name: string) => boolean): TableRows {
  const { encoding, count, ended, lines } = decodeLines(bytes)
  const file: TableFile = { format: 'csv', encoding, separator: null, lines: count, heading: 0, blank: 0 }
  let separator: Separator | undefined
  let columns = 0
  let row = 0
  for (const line of lines) {
    row++
    // Excel's own line before the heading.
    const told = row === 1 ? /^"?sep=([,;\t])"?$/i.exec(line.text) : null
    if (told) {
      separator = told[1] as Separator
      file.heading++
      continue
    }
    if (file.separator === null) separator ??= line.text.trim() === '' ? undefined : separatorOf(line.text, isKnown)
    const read = readLine(line, separator ?? ',')
    if ('cells' in read && isBlank(read.cells)) {
      file.blank++
      continue
    }
    if (file.separator === null) {
      file.separator = separator!
      file.heading++
      columns = 'cells' in read ? read.cells.length : 0
    } else if ('cells' in read && row === count && !ended && read.cells.length < columns) {
      yield { row, fault: { field: 'row', value: `${read.cells.length} cells`, limit: limitText('cut-off') } }
      continue
    }
    yield { row, ...read }
  }
  return file
}

function readLine({ text, fault }: Line, separator: Separator): { cells: TableCell[] } | { fault: ErrorParams } {
  const refused = (limit: string, value = 'malformed') => ({ fault: { field: 'row', value, limit } })
  if (fault) return refused(limitText(fault))
  if (text.length > longest) return refused(limitText('row-length', { most: longest }), `${text.length} characters`)
  const cells = cellsOf(text, separator)
  if (typeof cells === 'string') return refused(limitText(cells))
  return {
    cells: cells.map((cell) => {
      const { text, marked } = readCell(cell)
      return { text: plainText(text).trim(), marked }
    }),
  }
}

const isBlank = (cells: readonly TableCell[]): boolean => cells.every(({ text }) => text === '')

/** Workbooks (.xlsx): the rows of their sheet, and a sheet all of whose cells are text, which Excel leaves as they are. */
import { HubError, limitText } from '@hub/contracts'
import { plainText, type TableCell } from '@hub/core'
import { type CellValue, readXlsx, streamXlsxRows, writeXlsxStream } from 'hucre/xlsx'

/** ZIP, or the compound file of an old or encrypted workbook, which is refused by name. */
export const isWorkbook = (bytes: Uint8Array): boolean => begins(bytes, 0x50, 0x4b, 3, 4) || isCompound(bytes)
const isCompound = (bytes: Uint8Array): boolean => begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)
const begins = (bytes: Uint8Array, ...head: number[]) => head.every((byte, n) => bytes[n] === byte)

/** Each is looked at, and each look reads the texts of the workbook anew. */
const mostSheets = 64

/**
 * The rows of the only sheet with rows, whichever it is: of several, the rows of all but one would vanish without a word.
 * @throws HubError `import.file`
 */
export async function* workbookRows(bytes: Uint8Array): AsyncGenerator<{ row: number; cells: TableCell[] }> {
  const refused = (limit: string) => new HubError('import.file', { value: '.xlsx', limit })
  if (isCompound(bytes)) throw refused(limitText('save-as-xlsx'))
  try {
    const count = await countSheets(bytes)
    if (count > mostSheets) throw refused(limitText('sheets-at-most', { most: mostSheets }))
    const filled: number[] = []
    for (let sheet = 0; sheet < count; sheet++) if (await hasRows(bytes, sheet)) filled.push(sheet)
    if (filled.length > 1) throw refused(limitText('sheet-only'))
    const [sheet = 0] = filled
    for await (const { index, values } of streamXlsxRows(bytes, { sheet }))
      yield { row: index + 1, cells: values.map(cellOf) }
  } catch (error) {
    throw error instanceof HubError ? error : refused(limitText('broken-workbook'))
  }
}

/** The library gives no rows for a sheet that is not there, as for an empty one, so that they are counted first. No sheet is read for it. */
async function countSheets(bytes: Uint8Array): Promise<number> {
  let count = 0
  const sheets = () => {
    count++
    return false
  }
  await readXlsx(bytes, { sheets })
  return count
}

async function hasRows(bytes: Uint8Array, sheet: number): Promise<boolean> {
  try {
    for await (const { values } of streamXlsxRows(bytes, { sheet }))
      if (values.some((value) => cellOf(value).text !== '')) return true
  } catch (error) {
    // A sheet that is a chart.
    if (!/missing worksheet file/.test(String(error))) throw error
  }
  return false
}

const dayMs = 86_400_000
/** Digits of a number that Excel keeps. */
const kept = 15

/** Text is text; a number may have been a code once. */
function cellOf(value: CellValue): TableCell {
  if (typeof value === 'string') return { text: plainText(value).trim(), marked: true }
  if (value === null || value === undefined) return { text: '', marked: true }
  if (typeof value === 'number') return { text: numberText(value), marked: false }
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
    return { text: value.getTime() % dayMs === 0 ? text.slice(0, 10) : text, marked: false }
  }
  return { text: plainText(String(value)), marked: false }
}

const numberText = (value: number): string =>
  Math.abs(value) >= 10 ** kept ? value.toExponential(kept - 1) : String(Number(value.toPrecision(kept)))

/** @param rows the heading first */
export async function* workbookOf(
  name: string,
  rows: AsyncIterable<string[]>,
  columns: number,
): AsyncGenerator<Uint8Array, void> {
  const text = { width: 22, numFmt: '@' }
  yield* writeXlsxStream(rows, { name, columns: Array.from({ length: columns }, () => text), freezePane: { rows: 1 } })
}

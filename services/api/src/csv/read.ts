/** A registry file, row by row: each row is a record, or says what is wrong with it. */
import {
  type DeviceRecord,
  DeviceRecord as DeviceRecordSchema,
  districtOf,
  type ErrorParams,
  firstIssue,
  HubError,
  localIssues,
  type RecordField,
  recordFields,
} from '@hub/contracts'
import type { Language } from '../http/call.ts'
import { restore } from './cells.ts'
import { readHeader } from './header.ts'
import { csvFileRows } from './rows.ts'

/** Row 1 is the header, as a spreadsheet counts. */
export type CsvRow = { row: number } & ({ record: DeviceRecord } | { fault: ErrorParams })

/**
 * @throws HubError `import.header`. A bad row never throws: it is answered as its fault and the next one is read.
 */
export async function* readRows(bytes: Uint8Array, language: Language): AsyncGenerator<CsvRow> {
  let fields: RecordField[] | undefined
  for await (const read of csvFileRows(bytes)) {
    if ('fault' in read) yield read
    else if (fields) yield { row: read.row, ...readRow(fields, read.cells, language) }
    else fields = readHeader(read.cells)
  }
  if (!fields) throw new HubError('import.header', { value: 'no line', limit: 'the file is empty' })
}

function readRow(fields: readonly RecordField[], cells: readonly string[], language: Language) {
  if (cells.length > fields.length)
    return { fault: { field: 'row', value: `${cells.length} cells`, limit: `the header has ${fields.length}` } }
  const input: { [field: string]: string } = {}
  for (const [i, field] of fields.entries()) {
    const cell = restore(cells[i] ?? '').trim()
    if (cell !== '') input[field] = cell
  }
  const parsed = DeviceRecordSchema.safeParse(input, { error: localIssues[language] })
  if (!parsed.success) {
    const { field, value, limit } = firstIssue(parsed.error, input)
    return { fault: { field: recordFields[field as RecordField].csv, value, limit } }
  }
  const { id } = parsed.data
  if (!districtOf(id))
    return { fault: { field: 'DeviceID', value: id, limit: 'must begin with the code of a district of Hengyang' } }
  return { record: parsed.data }
}

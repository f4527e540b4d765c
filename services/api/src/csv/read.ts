/** A registry file, row by row: each row is a record, or says what is wrong with it. */
import { Readable } from 'node:stream'
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
import { type CsvError, parse } from 'csv-parse'
import type { Language } from '../http/call.ts'
import { restore } from './cells.ts'
import { decodeCsv } from './decode.ts'
import { readHeader } from './header.ts'

/** Row 1 is the header, as a spreadsheet counts. */
export type CsvRow = { row: number } & ({ record: DeviceRecord } | { fault: ErrorParams })

/**
 * @throws HubError `import.header`. A bad row never throws: it is answered as its fault and the next one is read.
 */
export async function* readRows(bytes: Uint8Array, language: Language): AsyncGenerator<CsvRow> {
  const skipped: CsvError[] = []
  const parser = Readable.from([decodeCsv(bytes)]).pipe(
    parse({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: 65_536,
    }),
  )
  parser.on('skip', (error: CsvError | undefined) => error && skipped.push(error))
  let fields: RecordField[] | undefined
  let row = 0
  for await (const cells of parser as AsyncIterable<string[]>) {
    row++
    if (!fields) fields = readHeader(cells)
    else yield { row, ...readRow(fields, cells, language) }
    for (const error of skipped.splice(0)) yield { row: ++row, fault: malformed(error) }
  }
  if (!fields) throw new HubError('import.header', { value: 'no line', limit: 'the file is empty' })
  for (const error of skipped) yield { row: ++row, fault: malformed(error) }
}

const malformed = (error: CsvError): ErrorParams => ({ field: 'row', value: 'malformed', limit: error.code })

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

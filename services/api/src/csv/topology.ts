/** Imported topology as CSV, in the way of the record's: each row is a need, or says what is wrong with it. */
import { Readable } from 'node:stream'
import { type ErrorParams, HubError } from '@hub/contracts'
import { type TopologyNeed, type TopologyRow, topologyColumns, topologyRowOf } from '@hub/platform'
import { type CsvError, parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import { neutralise, restore } from './cells.ts'
import { decodeCsv } from './decode.ts'

/** Row 1 is the header, as a spreadsheet counts. */
export type TopologyLine = { row: number } & ({ cells: TopologyRow } | { fault: ErrorParams })

export function topologyCsv(needs: readonly TopologyNeed[]): string {
  const rows = needs.map((need) => {
    const cells = topologyRowOf(need)
    return topologyColumns.map((column) => neutralise(cells[column]))
  })
  return `\uFEFF${stringify([[...topologyColumns], ...rows], { record_delimiter: 'windows', quoted_match: /[\r\n]/ })}`
}

/** @throws HubError `import.header`. A bad row never throws. */
export async function readTopology(bytes: Uint8Array): Promise<TopologyLine[]> {
  const skipped: CsvError[] = []
  const parser = Readable.from([decodeCsv(bytes)]).pipe(
    parse({
      ...{ bom: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_error: true },
      max_record_size: 65_536,
    }),
  )
  parser.on('skip', (error: CsvError | undefined) => error && skipped.push(error))
  const lines: TopologyLine[] = []
  let columns: (keyof TopologyRow)[] | undefined
  let row = 0
  const takeSkipped = () => {
    for (const { code } of skipped.splice(0))
      lines.push({ row: ++row, fault: { field: 'row', value: 'malformed', limit: code } })
  }
  for await (const cells of parser as AsyncIterable<string[]>) {
    row++
    if (columns) lines.push({ row, ...readCells(columns, cells) })
    else columns = readHeader(cells)
    takeSkipped()
  }
  if (!columns) throw new HubError('import.header', { value: 'no line', limit: 'the file is empty' })
  takeSkipped()
  return lines
}

function readHeader(cells: readonly string[]): (keyof TopologyRow)[] {
  const columns: (keyof TopologyRow)[] = []
  for (const cell of cells) {
    const column = topologyColumns.find((name) => name === cell.trim())
    if (!column) throw new HubError('import.header', { value: cell || 'an empty column', limit: 'no such column' })
    if (columns.includes(column)) throw new HubError('import.header', { value: column, limit: 'a column twice' })
    columns.push(column)
  }
  const missing = topologyColumns.find((column) => !columns.includes(column))
  if (missing) throw new HubError('import.header', { value: `no ${missing}`, limit: 'the column is required' })
  return columns
}

function readCells(columns: readonly (keyof TopologyRow)[], cells: readonly string[]) {
  if (cells.length > columns.length)
    return { fault: { field: 'row', value: `${cells.length} cells`, limit: `the header has ${columns.length}` } }
  const read: TopologyRow = { DeviceID: '', Need: '', Alternatives: '' }
  for (const [i, column] of columns.entries()) read[column] = restore(cells[i] ?? '').trim()
  return { cells: read }
}

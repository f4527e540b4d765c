/** Imported topology as CSV, in the way of the record's: each row is a need, or says what is wrong with it. */
import { type ErrorParams, HubError } from '@hub/contracts'
import { type TopologyNeed, type TopologyRow, topologyColumns, topologyRowOf } from '@hub/platform'
import { stringify } from 'csv-stringify/sync'
import { neutralise, restore } from './cells.ts'
import { csvFileRows } from './rows.ts'

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
  const lines: TopologyLine[] = []
  let columns: (keyof TopologyRow)[] | undefined
  for await (const read of csvFileRows(bytes)) {
    if ('fault' in read) lines.push(read)
    else if (columns) lines.push({ row: read.row, ...readCells(columns, read.cells) })
    else columns = readHeader(read.cells)
  }
  if (!columns) throw new HubError('import.header', { value: 'no line', limit: 'the file is empty' })
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

/** Imported topology as a file, in the way of the record's: each row is a need, or says what is wrong with it. */
import type { ErrorParams, TableFile } from '@hub/contracts'
import { keyOf, kindOf, narrow, nodeOf, readRecordCell, type TableCell } from '@hub/core'
import { type TopologyRow, topologyColumns } from '../topology.ts'
import { beyond, readHeading } from './heading.ts'
import { readTable } from './table.ts'

export type TopologyLine = { row: number } & ({ cells: TopologyRow } | { fault: ErrorParams })
type Column = keyof TopologyRow

const columnOf = (name: string) => topologyColumns.find((column) => column === name)
const required = topologyColumns.map((column) => ({ column, name: column }))

/** @throws HubError `import.header`, `import.file`. A bad row never throws. */
export async function* readTopologyRows(bytes: Uint8Array): AsyncGenerator<TopologyLine, TableFile> {
  const table = readTable(bytes, (name) => columnOf(name) !== undefined)
  let columns: Column[] | undefined
  for (;;) {
    const { value, done } = await table.next()
    if (done) return value
    if (!columns) columns = readHeading(value, columnOf, required)
    else if ('fault' in value) yield value
    else yield { row: value.row, ...readCells(columns, value.cells) }
  }
}

function readCells(
  columns: readonly Column[],
  cells: readonly TableCell[],
): { cells: TopologyRow } | { fault: ErrorParams } {
  const fault = beyond(cells, columns.length)
  if (fault) return { fault }
  const read: TopologyRow = { DeviceID: '', Need: '', Alternatives: '' }
  for (const [n, column] of columns.entries()) {
    const cell = cells[n]
    if (!cell) continue
    const is = readCell(column, cell)
    if ('limit' in is) return { fault: { field: column, value: cell.text, limit: is.limit } }
    read[column] = is.value
  }
  return { cells: read }
}

/** As the record is read: what Excel does to its codes it does to these, and keys are to be those that the record has. */
function readCell(column: Column, cell: TableCell): { value: string } | { limit: string } {
  if (column === 'DeviceID') return readRecordCell('id', cell)
  if (column === 'Need') return { value: narrow(cell.text) }
  return { value: cell.text.split(/[|｜]/).map(narrowNode).join('|') }
}

/** A feed's key is a name, which the record keeps as it was typed. */
function narrowNode(text: string): string {
  const node = text.replace('：', ':')
  if (!node.includes(':')) return narrow(text)
  const kind = narrow(kindOf(node)) as ReturnType<typeof kindOf>
  return nodeOf(kind, kind.trim() === 'feed' ? keyOf(node) : narrow(keyOf(node)))
}

/** A file of the camera record, row by row: each is a record, or says what is wrong with it. */
import {
  type CoordinateSystem,
  coordinateColumn,
  coordinateSystems,
  type DeviceId,
  DeviceId as DeviceIdSchema,
  type DeviceRecord,
  DeviceRecord as DeviceRecordSchema,
  districtOf,
  type ErrorParams,
  firstIssue,
  limitText,
  localIssues,
  type RecordField,
  recordFieldNames,
  recordFields,
  type TableFile,
} from '@hub/contracts'
import { readRecordCell, readSystem, type TableCell, toWgs84 } from '@hub/core'
import type { Language } from '@hub/platform'
import { beyond, readHeading } from './heading.ts'
import { readTable } from './table.ts'

/** `device`: whose row it is, as far as it can be told. */
export type RecordRow = { row: number } & ({ record: DeviceRecord } | { fault: ErrorParams; device?: DeviceId })

/** `coordinates`: the system chosen for rows that do not say it. */
type Asked = { language: Language; coordinates?: CoordinateSystem | undefined }
type Column = RecordField | typeof coordinateColumn

const columnOf = new Map<string, Column>([
  ...recordFieldNames.map((name) => [recordFields[name].csv, name] as const),
  [coordinateColumn, coordinateColumn],
])
const required = recordFieldNames
  .filter((name) => 'required' in recordFields[name] && recordFields[name].required === true)
  .map((column) => ({ column: column as Column, name: recordFields[column].csv }))
const systems = coordinateSystems.join(', ')

/**
 * @throws HubError `import.header`, `import.file`. A bad row never throws: it is answered as its fault and the next one is read.
 */
export async function* readRecordRows(bytes: Uint8Array, asked: Asked): AsyncGenerator<RecordRow, TableFile> {
  const table = readTable(bytes, (name) => columnOf.has(name))
  let columns: Column[] | undefined
  for (;;) {
    const { value, done } = await table.next()
    if (done) return value
    if (!columns) columns = readHeading(value, (name) => columnOf.get(name), required)
    else if ('fault' in value) yield value
    else yield { row: value.row, ...readRow(columns, value.cells, asked) }
  }
}

function readRow(columns: readonly Column[], cells: readonly TableCell[], { language, coordinates }: Asked) {
  const input: { [field: string]: string } = {}
  let system: CoordinateSystem | undefined
  let fault: ErrorParams | undefined = beyond(cells, columns.length)
  for (const [n, column] of columns.entries()) {
    const cell = cells[n]
    if (!cell || cell.text === '') continue
    if (column === coordinateColumn) {
      system = readSystem(cell.text)
      if (!system) fault ??= { field: column, value: cell.text, limit: limitText('one-of-systems', { systems }) }
      continue
    }
    const read = readRecordCell(column, cell)
    if ('value' in read) input[column] = read.value
    else fault ??= { field: recordFields[column].csv, value: cell.text, limit: read.limit }
  }
  const device = DeviceIdSchema.safeParse(input.id).data
  const refused = (fault: ErrorParams) => ({ fault, ...(device && { device }) })
  if (fault) return refused(fault)
  const parsed = DeviceRecordSchema.safeParse(input, { error: localIssues[language] })
  if (!parsed.success) {
    const { field, value, limit } = firstIssue(parsed.error, input)
    return refused({ field: recordFields[field as RecordField].csv, value, limit })
  }
  const { id } = parsed.data
  if (!districtOf(id)) return refused({ field: 'DeviceID', value: id, limit: limitText('hengyang-code') })
  const placed = place(parsed.data, system, coordinates)
  return 'fault' in placed ? refused(placed.fault) : placed
}

/** Its position in WGS-84. In which system a file has them is never guessed: hundreds of metres lie between. */
function place(
  record: DeviceRecord,
  said: CoordinateSystem | undefined,
  chosen: CoordinateSystem | undefined,
): { record: DeviceRecord } | { fault: ErrorParams } {
  const { longitude, latitude } = record
  if (longitude === undefined && latitude === undefined) return { record }
  const fault = (field: string, value: unknown, limit: string) => ({ fault: { field, value, limit } })
  const system = said ?? chosen
  if (!system) return fault(coordinateColumn, undefined, limitText('declare-coordinates', { systems }))
  if (chosen && chosen !== system) return fault(coordinateColumn, said, limitText('chosen-otherwise', { chosen }))
  if (system === 'WGS-84' || system === 'CGCS2000') return { record }
  if (longitude === undefined || latitude === undefined)
    return fault(longitude === undefined ? 'Longitude' : 'Latitude', undefined, limitText('both-coordinates'))
  const [x, y] = toWgs84(system, longitude, latitude)
  return { record: { ...record, longitude: x, latitude: y } }
}

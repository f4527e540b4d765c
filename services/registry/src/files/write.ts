/**
 * The camera record and topology as files. CSV: UTF-8 with a byte-order mark (Excel reads it as UTF-8 only then), CRLF, one line a row,
 * formula-safe, and codes that Excel would spoil marked as text. Workbook: every cell is text.
 */
import { coordinateColumn, type DeviceRecord, recordFieldNames, recordFields } from '@hub/contracts'
import { neutralise, plainText, textCell } from '@hub/core'
import { stringify } from 'csv-stringify/sync'
import { type TopologyNeed, topologyColumns, topologyRowOf } from '../topology.ts'

/** Dates, which Excel may show in its own way: they come back as what they were. */
const dates = new Set<string>(['installTime', 'plannedAt', 'acceptedAt', 'inServiceAt', 'retiredAt'])
const lines = (rows: string[][]) => stringify(rows, { record_delimiter: 'windows' })

export const recordHeading: string[] = [...recordFieldNames.map((name) => recordFields[name].csv), coordinateColumn]

/** What was taken in before control characters were refused may still have some. */
export const recordCells = (record: DeviceRecord): string[] => [
  ...recordFieldNames.map((name) => plainText(String(record[name] ?? ''))),
  record.longitude === undefined && record.latitude === undefined ? '' : 'WGS-84',
]

export const csvHeader = (): string => `\uFEFF${lines([recordHeading])}`
export const csvRows = (records: readonly DeviceRecord[]): string =>
  lines(
    records.map((record) =>
      recordCells(record).map((cell, n) => (dates.has(recordFieldNames[n] ?? '') ? neutralise(cell) : textCell(cell))),
    ),
  )

export function topologyCsv(needs: readonly TopologyNeed[]): string {
  const rows = needs.map((need) => {
    const cells = topologyRowOf(need)
    return topologyColumns.map((column) => textCell(plainText(cells[column])))
  })
  return `\uFEFF${lines([[...topologyColumns], ...rows])}`
}

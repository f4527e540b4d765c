/** The camera record as CSV: UTF-8 with a byte-order mark (Excel reads it as UTF-8 only then), CRLF, formula-safe cells. */
import { type DeviceRecord, recordFieldNames, recordFields } from '@hub/contracts'
import { stringify } from 'csv-stringify/sync'
import { neutralise } from './cells.ts'

/** Any line break inside a cell is quoted: at a lone CR readers would begin a row, and run what follows. */
const lines = (rows: string[][]) => stringify(rows, { record_delimiter: 'windows', quoted_match: /[\r\n]/ })

export const csvHeader = (): string => `\uFEFF${lines([recordFieldNames.map((name) => recordFields[name].csv)])}`

export const csvRows = (records: readonly DeviceRecord[]): string =>
  lines(records.map((record) => recordFieldNames.map((name) => neutralise(String(record[name] ?? '')))))

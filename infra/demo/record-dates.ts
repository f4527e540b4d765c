/** Puts other dates into the camera record that the simulators made, before it is imported. */
import { recordFields } from '@hub/contracts'
import type { Dates } from './past.ts'

/** @param csv as the simulators write it: quoted where need be, CRLF, no line break inside a cell */
export function withDates(csv: string, dates: ReadonlyMap<string, Dates>): string {
  const [header = '', ...lines] = csv.trimEnd().split('\r\n')
  const columns = header.split(',')
  const at = (field: keyof Dates | 'id') => columns.indexOf(recordFields[field].csv)
  const changed = lines.map((line) => {
    const cells = line.match(/(?<=^|,)("([^"]|"")*"|[^,]*)/g) ?? []
    const of = dates.get(cells[at('id')] ?? '')
    if (of) for (const [field, date] of Object.entries(of) as [keyof Dates, string][]) cells[at(field)] = date
    return cells.join(',')
  })
  return `${[header, ...changed].join('\r\n')}\r\n`
}

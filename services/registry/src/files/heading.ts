/** The heading of a file: every column that must be there, none twice, none unknown. Order is free; separators at its end are no columns. */
import { HubError, limitText } from '@hub/contracts'
import type { TableCell } from '@hub/core'
import type { TableRow } from './table.ts'

/**
 * @param columnOf the column of a name; undefined: there is no such column
 * @throws HubError `import.header`
 */
export function readHeading<C extends string>(
  read: TableRow,
  columnOf: (name: string) => C | undefined,
  required: readonly { column: C; name: string }[],
): C[] {
  const refused = (value: string, limit: string) => new HubError('import.header', { value, limit })
  if ('fault' in read) throw refused(String(read.fault.value), String(read.fault.limit))
  const names = read.cells.map(({ text }) => text)
  while (names.at(-1) === '') names.pop()
  const columns: C[] = []
  for (const name of names) {
    const column = columnOf(name)
    if (!column) throw refused(name || 'an empty column', limitText('no-such-column'))
    if (columns.includes(column)) throw refused(name, limitText('column-twice'))
    columns.push(column)
  }
  const missing = required.find(({ column }) => !columns.includes(column))
  if (missing) throw refused(`no ${missing.name}`, limitText('column-required'))
  return columns
}

/** What stands beyond the last column, unless nothing does. */
export function beyond(cells: readonly TableCell[], columns: number) {
  const more = cells.slice(columns).find(({ text }) => text !== '')
  return more && { field: 'row', value: more.text, limit: limitText('no-column') }
}

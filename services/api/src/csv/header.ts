/** The header of a registry file: every required column, none twice, none unknown. Order is free. */
import { HubError, type RecordField, recordFieldNames, recordFields } from '@hub/contracts'

const byColumn = new Map<string, RecordField>(recordFieldNames.map((name) => [recordFields[name].csv, name]))
const alwaysRequired = recordFieldNames.filter(
  (n) => 'required' in recordFields[n] && recordFields[n].required === true,
)

/** @throws HubError `import.header` */
export function readHeader(columns: readonly string[]): RecordField[] {
  const fields: RecordField[] = []
  for (const column of columns) {
    const field = byColumn.get(column.trim())
    if (!field) throw new HubError('import.header', { value: column || 'an empty column', limit: 'no such column' })
    if (fields.includes(field)) throw new HubError('import.header', { value: column, limit: 'a column twice' })
    fields.push(field)
  }
  const missing = alwaysRequired.find((name) => !fields.includes(name))
  if (missing)
    throw new HubError('import.header', { value: `no ${recordFields[missing].csv}`, limit: 'the column is required' })
  return fields
}

/** Completeness of a device's record (档案完整率): which required fields are missing, which filled ones are invalid. */
import { isRequired, limitText, PointClass, type RecordField, recordFieldNames, recordFields } from '@hub/contracts'

export type RecordFault = { field: RecordField; limit: string }

/** Faults in the order of the table. A record of unknown point class is held to what every device must have. */
export function recordFaults(record: Readonly<Partial<Record<RecordField, unknown>>>): RecordFault[] {
  const pointType = PointClass.safeParse(record.pointType).data ?? '9'
  return recordFieldNames.flatMap((field) => faultOf(field, record[field], pointType) ?? [])
}

/** What is wrong with one field of a device of this point class; null when nothing is. */
export function faultOf(field: RecordField, value: unknown, pointType: PointClass): RecordFault | null {
  if (value === undefined || value === null || value === '')
    return isRequired(field, pointType) ? { field, limit: limitText('required-for-class', { class: pointType }) } : null
  const result = recordFields[field].schema.safeParse(value)
  return result.success ? null : { field, limit: result.error.issues[0]!.message }
}

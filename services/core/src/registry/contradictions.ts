/** What in a record cannot be true together: dates out of order, a date that its stage denies, a division that is not that of the code. */
import { type DeviceRecord, districtOf, limitText, type RecordField, recordFields } from '@hub/contracts'

/** `field`: its column. */
type Contradiction = { field: string; value: unknown; limit: string }

type Dates = 'installTime' | 'acceptedAt' | 'inServiceAt' | 'retiredAt'
/** In the order in which they come to pass. */
const course: readonly Dates[] = ['installTime', 'acceptedAt', 'inServiceAt', 'retiredAt']

/** In the order of the rules; none: the record agrees with itself. @param today `YYYY-MM-DD`: a retirement to come may be on record */
export function contradictions(record: DeviceRecord, today: string): Contradiction[] {
  const fault = (field: RecordField, limit: string) => ({ field: recordFields[field].csv, value: record[field], limit })
  const found: Contradiction[] = []
  const dated = course.filter((field) => record[field] !== undefined)
  for (const [i, field] of dated.entries()) {
    const before = dated[i - 1]
    if (before && record[field]! < record[before]!)
      found.push(
        fault(field, limitText('not-before-field', { field: recordFields[before].csv, date: record[before]! })),
      )
  }
  const district = districtOf(record.id)
  // Wider ones hold it, towns of it are in it.
  const { civilCode } = record
  if (district && !civilCode.startsWith(district) && !district.startsWith(civilCode))
    found.push(fault('civilCode', limitText('be-within', { code: district })))
  const isOver = record.retiredAt !== undefined && record.retiredAt <= today
  if (isOver && record.stage !== 'retired')
    found.push(fault('retiredAt', limitText('not-with-stage', { stage: record.stage })))
  return found
}

import { type DeviceRecord, type RecordField, recordFieldNames } from '@hub/contracts'

/** Fields in which two records of a device differ, in the order of the table. */
export const changedFields = (before: DeviceRecord, after: DeviceRecord): RecordField[] =>
  recordFieldNames.filter((field) => before[field] !== after[field])

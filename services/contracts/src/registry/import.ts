/** The answer to an import of a file: what became of each of its lines. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'

export const coordinateSystems = ['WGS-84', 'GCJ-02', 'BD-09', 'CGCS2000'] as const
/** In which system the longitudes and latitudes of a file are; the record's are WGS-84. */
export const CoordinateSystem = z.enum(coordinateSystems)
export type CoordinateSystem = z.infer<typeof CoordinateSystem>
/** The column in which a file of the record says so, row by row; no field of a device. */
export const coordinateColumn = 'CoordinateSystem'

/** `coordinates`: for rows that do not say it themselves. */
export const ImportQuery = z.strictObject({ coordinates: CoordinateSystem.optional() })

/** The media types of a file that is imported; what it is, its bytes say. */
export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const tableTypes = ['text/csv', xlsxType, 'text/tab-separated-values', 'text/plain'] as const

export const TableFile = z.strictObject({
  format: z.enum(['csv', 'xlsx']),
  encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']).nullable(),
  separator: z.enum([',', ';', '\t']).nullable(),
  /** As an editor counts them: `heading + blank + created + unchanged + changed + refused`, the lists by their lengths. */
  lines: z.int(),
  heading: z.int(),
  /** With nothing in them, or separators alone. */
  blank: z.int(),
})
export type TableFile = z.infer<typeof TableFile>

/** Rows count from 1, as an editor shows them. */
export const ImportResult = z.strictObject({
  file: TableFile,
  created: z.int(),
  unchanged: z.int(),
  changed: z.array(z.strictObject({ row: z.int(), device: DeviceId, fields: z.array(z.string()) })),
  refused: z.array(z.strictObject({ row: z.int(), field: z.string(), message: z.string() })),
  /** On record in the viewer's districts, and not in the file. Nothing is deleted. */
  missing: z.array(DeviceId),
})
export type ImportResult = z.infer<typeof ImportResult>

/** What of a row reaches back is not written: it is applied for as an adjustment, and holds once a second person has approved it. */
const HeldChange = z.strictObject({
  row: z.int(),
  device: DeviceId,
  from: Instant,
  to: Instant,
  /** Whether the device would have been due in `[from, to)`. */
  due: z.boolean(),
  adjustment: z.uuid(),
})
export const RegistryImportResult = ImportResult.extend({
  held: z.array(HeldChange),
  /** Rows of which nothing is written: all that they change is held. They add to the sum of the lines. */
  waiting: z.int(),
})
export type RegistryImportResult = z.infer<typeof RegistryImportResult>

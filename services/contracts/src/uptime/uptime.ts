/** Online rate over any period, by any attribute of the devices. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Application, Carrier, DeviceId } from '../common/identity.ts'
import { instant, list, ordered } from '../common/query.ts'
import { RateText } from '../common/rate-text.ts'
import { Instant } from '../common/time.ts'
import { PointClass } from '../registry/record.ts'
import { JudgedBy } from './judged-by.ts'

export const uptimeGroups = ['district', 'application', 'carrier', 'pointType', 'project', 'zone', 'device'] as const
export const UptimeGroup = z.enum(uptimeGroups)
export type UptimeGroup = z.infer<typeof UptimeGroup>

const filters = {
  district: list(DistrictCode).optional(),
  application: list(Application).optional(),
  carrier: list(Carrier).optional(),
  pointType: list(PointClass).optional(),
  project: list(z.string().max(64)).optional(),
  zone: list(z.string().max(6)).optional(),
  device: list(DeviceId).optional(),
}
/** As it was known at an instant; absent: as known now. */
const asOf = instant.optional()
const UptimeFilter = z.strictObject(filters)
/** Absent: not narrowed by it. */
export type UptimeFilter = z.infer<typeof UptimeFilter>

/** `[from, to)`; what lies after now is left out. Without `by`: one row. */
export const UptimeQuery = z
  .strictObject({ ...filters, from: instant, to: instant, asOf, by: list(UptimeGroup).default([]) })
  .refine((q) => q.from < q.to, ordered)
export type UptimeQuery = z.infer<typeof UptimeQuery>

/** Milliseconds; the four add up to the due time. Degraded counts as up. */
const totals = { up: z.int(), down: z.int(), unknown: z.int(), exempt: z.int() }
export const UptimeRow = z.strictObject({
  /** One value for each of `by`; '' where the record has none. */
  key: z.partialRecord(UptimeGroup, z.string()),
  /** Devices that were due at some time of the period. */
  devices: z.int(),
  ...totals,
  /** up ÷ (up + down); null when nothing is known. */
  rate: z.number().nullable(),
})
export type UptimeRow = z.infer<typeof UptimeRow>
const ReportedRow = UptimeRow.extend({ rateText: RateText })

export const UptimePolicy = z.strictObject({
  target: z.number(),
  provenance: z.string(),
  /** How unknown, degraded and exempt time count. */
  rules: z.array(z.string()),
  /** Versions of the rules that hold in some part of the period, ascending; the target is that of the last. */
  judging: z.array(JudgedBy),
})
export const UptimeReport = z.strictObject({
  asOf: Instant,
  from: Instant,
  to: Instant,
  policy: UptimePolicy,
  total: ReportedRow,
  /** In the order of their keys. */
  rows: z.array(ReportedRow),
})
export type UptimeReport = z.infer<typeof UptimeReport>

export const uptimeSteps = ['hour', 'day', 'month'] as const
/** A series over time: hours from the buckets, days and months (of the city) from the exact record. */
export const UptimeSeriesQuery = z
  .strictObject({ ...filters, from: instant, to: instant, asOf, step: z.enum(uptimeSteps).default('day') })
  .refine((q) => q.from < q.to, ordered)
export type UptimeSeriesQuery = z.infer<typeof UptimeSeriesQuery>
const UptimePoint = z.strictObject({
  at: Instant,
  ...totals,
  rate: z.number().nullable(),
  /** Not all of the hour, day or month: the period cuts it, it still runs, or its last minutes are not added up yet. */
  partial: z.boolean(),
  /** Late data or an adjustment is being worked in: the figure will change. */
  recomputing: z.boolean(),
})
export type UptimePoint = z.infer<typeof UptimePoint>
export const UptimeSeries = z.strictObject({
  asOf: Instant,
  step: z.enum(uptimeSteps),
  policy: UptimePolicy,
  /** What of the period is before it is not kept in this step; null when all is. */
  keptFrom: Instant.nullable(),
  /** Oldest first. */
  points: z.array(UptimePoint.extend({ rateText: RateText })),
})
export type UptimeSeries = z.infer<typeof UptimeSeries>

const knowledgeKinds = ['record', 'adjustment', 'observations'] as const
/** What of a period is known otherwise now than at an instant, down to the devices; each with what was said, decided or observed since. */
export const UptimeChangesQuery = z
  .strictObject({ ...filters, from: instant, to: instant, asOf: instant })
  .refine((q) => q.from < q.to, ordered)
export const UptimeChanges = z.strictObject({
  /** Then; the period ends by it. */
  asOf: Instant,
  now: Instant,
  from: Instant,
  to: Instant,
  /** As known then, and as known now. */
  before: UptimeRow,
  after: UptimeRow,
  /** Devices whose time differs, in the order of their codes. */
  total: z.int(),
  devices: z.array(
    z.strictObject({
      device: DeviceId,
      before: z.strictObject(totals),
      after: z.strictObject(totals),
      because: z.array(
        z.strictObject({
          kind: z.enum(knowledgeKinds),
          /** When it was said, decided or arrived. */
          at: Instant,
          /** Of which time it speaks; null: no end. */
          from: Instant,
          to: Instant.nullable(),
          adjustment: z.uuid().nullable(),
        }),
      ),
    }),
  ),
})
export type UptimeChanges = z.infer<typeof UptimeChanges>

/** The city at a glance: counts and rates of now, of its districts, applications and carriers. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Application, Carrier } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Transition } from '../ingest/transition.ts'
import { OutageRow } from '../outages/outage.ts'
import { Stage } from '../registry/stage.ts'

/** Counts at an instant over the devices that are due (in service). `rate` = (up + degraded) ÷ (due − exempt); null when none is due, or of none that is due anything is known. */
export const Snapshot = z.strictObject({
  rate: z.number().min(0).max(1).nullable(),
  due: z.int(),
  up: z.int(),
  degraded: z.int(),
  down: z.int(),
  unknown: z.int(),
  exempt: z.int(),
})
export type Snapshot = z.infer<typeof Snapshot>

/** A row of a ranking: a district, an application, a carrier. */
export const Group = z.strictObject({
  key: z.string(),
  now: Snapshot,
  /** Time rate of the last whole day (Asia/Shanghai); null when nothing is known of it. */
  yesterday: z.number().nullable(),
  /** Since when the device that is down longest has been down. */
  oldestDownSince: Instant.nullable(),
})
export type Group = z.infer<typeof Group>

export const TrendPoint = z.strictObject({
  at: Instant,
  /** Time rate of the bucket: up s ÷ (due s − exempt s − unknown s); null when nothing was known. */
  rate: z.number().nullable(),
  /** Share of due time that is unknown. */
  unknown: z.number(),
})
export type TrendPoint = z.infer<typeof TrendPoint>

export const Policy = z.strictObject({
  target: z.number(),
  /** Where the target comes from: it is a reported average, not a contract threshold. */
  provenance: z.string(),
  /** How unknown counts in the snapshot and in the time rate. */
  unknown: z.string(),
})
export type Policy = z.infer<typeof Policy>
/** Without a district: all that the viewer may see. With one, every figure and the trend are that district's. */
export const OverviewQuery = z.strictObject({ district: DistrictCode.optional() })
export const Overview = z.strictObject({
  asOf: Instant,
  policy: Policy,
  city: Group,
  districts: z.array(Group),
  applications: z.array(Group),
  carriers: z.array(Group),
  stages: z.partialRecord(Stage, z.int()),
  trend: z.array(TrendPoint),
  /** Latest changes to down, degraded or back, newest first. */
  feed: z.array(Transition.extend({ name: z.string(), carrier: Carrier, application: Application })),
  gateways: z.strictObject({ online: z.int(), total: z.int() }),
  /** Current outages of several devices that are down and not expected, problems first: at most six, and how many there are. */
  outages: z.strictObject({
    total: z.int(),
    rows: z.array(
      OutageRow.pick({ id: true, cause: true, from: true, districts: true, members: true, down: true, status: true }),
    ),
  }),
})
export type Overview = z.infer<typeof Overview>

export const DistrictRow = z.strictObject({
  code: DistrictCode,
  zh: z.string(),
  en: z.string(),
  centre: z.tuple([z.number(), z.number()]),
  now: Snapshot,
})
export type DistrictRow = z.infer<typeof DistrictRow>

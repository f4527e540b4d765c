/** Online rate over any period, by any attribute of the devices; and the other figures that the city reports. */
import { z } from 'zod'
import { Application, Carrier, DeviceId, DistrictCode, Instant } from './identity.ts'
import { Observation } from './observation.ts'
import { PointClass } from './record.ts'
import { measureNames } from './telemetry.ts'

const list = <T extends z.ZodType>(of: T) => z.union([of, z.array(of)]).transform((v) => (Array.isArray(v) ? v : [v]))
const instant = z.coerce.number().pipe(Instant)

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
const UptimeFilter = z.strictObject(filters)
/** Absent: not narrowed by it. */
export type UptimeFilter = z.infer<typeof UptimeFilter>

const ordered = { message: 'must be after from', path: ['to'] }
/** `[from, to)`; what lies after now is left out. Without `by`: one row. */
export const UptimeQuery = z
  .strictObject({ ...filters, from: instant, to: instant, by: list(UptimeGroup).default([]) })
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

export const UptimePolicy = z.strictObject({
  target: z.number(),
  provenance: z.string(),
  /** How unknown, degraded and exempt time count. */
  rules: z.array(z.string()),
})
export const UptimeReport = z.strictObject({
  asOf: Instant,
  from: Instant,
  to: Instant,
  policy: UptimePolicy,
  total: UptimeRow,
  /** In the order of their keys. */
  rows: z.array(UptimeRow),
})
export type UptimeReport = z.infer<typeof UptimeReport>

export const uptimeSteps = ['hour', 'day', 'month'] as const
/** A series over time: hours from the buckets, days and months (of the city) from the exact record. */
export const UptimeSeriesQuery = z
  .strictObject({ ...filters, from: instant, to: instant, step: z.enum(uptimeSteps).default('day') })
  .refine((q) => q.from < q.to, ordered)
export type UptimeSeriesQuery = z.infer<typeof UptimeSeriesQuery>
export const UptimeSeries = z.strictObject({
  asOf: Instant,
  step: z.enum(uptimeSteps),
  policy: UptimePolicy,
  /** Oldest first. */
  points: z.array(z.strictObject({ at: Instant, ...totals, rate: z.number().nullable() })),
})
export type UptimeSeries = z.infer<typeof UptimeSeries>

export const kpiNames = [
  'online-time',
  'online-snapshot',
  'platform-normal',
  'intact',
  'clock',
  'record',
  'position',
] as const
/** 在线率（时间）, 在线率（时点）, 平台正常率, 完好率, 时钟合格率, 档案完整率, 坐标正确率. */
export const KpiName = z.enum(kpiNames)
export type KpiName = z.infer<typeof KpiName>

export const intactParts = ['online', 'image', 'recording', 'control'] as const
/** What an intact device (完好) does. */
export const IntactPart = z.enum(intactParts)
export type IntactPart = z.infer<typeof IntactPart>

export const Kpi = z.strictObject({
  kpi: KpiName,
  /** numerator ÷ denominator (for `platform-normal` both are of the platform with the least); null when nothing is due or known. */
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
  unit: z.enum(['ms', 'devices', 'probes', 'fields']),
  /** What was left out of the denominator and why; `count` in the unit. With `part`: what was not asked of so many devices, for nobody measures it. */
  excluded: z.array(
    z.strictObject({
      reason: z.enum(['exempt', 'unknown', 'not-measured', 'not-due', 'no-platform']),
      count: z.number(),
      part: IntactPart.optional(),
    }),
  ),
  target: z.number(),
  provenance: z.string(),
  /** The rule in one sentence, as the report prints it. */
  rule: z.strictObject({ zh: z.string(), en: z.string() }),
  /** The figure that was stated from outside for the same period and place, where there is one. */
  stated: z.strictObject({ value: z.number(), source: z.string() }).nullable(),
})
export type Kpi = z.infer<typeof Kpi>
export const KpiQuery = z
  .strictObject({ from: instant, to: instant, district: DistrictCode.optional(), carrier: Carrier.optional() })
  .refine((q) => q.from < q.to, ordered)
export type KpiQuery = z.infer<typeof KpiQuery>
export const KpiReport = z.strictObject({ asOf: Instant, from: Instant, to: Instant, kpis: z.array(Kpi) })
export type KpiReport = z.infer<typeof KpiReport>

/** Latest value and history of what a sensor measures. */
export const TelemetryQuery = z.strictObject({
  measure: z.enum(measureNames).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
})
export const TelemetryAnswer = z.strictObject({
  device: DeviceId,
  asOf: Instant,
  from: Instant,
  to: Instant,
  measures: z.array(
    z.strictObject({
      measure: z.enum(measureNames),
      unit: z.string(),
      /** Outside it a value is refused as implausible. */
      min: z.number(),
      max: z.number(),
      latest: z.strictObject({ at: Instant, value: z.number() }).nullable(),
      /** Oldest first, at most `limit` newest. */
      points: z.array(z.tuple([Instant, z.number()])),
    }),
  ),
})
export type TelemetryAnswer = z.infer<typeof TelemetryAnswer>

/** What lies under an interval. Raw observations are kept for some days; what they said in a row (evidence) for ever. */
export const ObservationsQuery = z.strictObject({
  from: instant,
  to: instant,
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
})
export const DeviceObservations = z.strictObject({
  device: DeviceId,
  asOf: Instant,
  from: Instant,
  to: Instant,
  /** Raw observations exist from here on. */
  keptFrom: Instant,
  /** Oldest first. `truncated`: there are more. */
  observations: z.array(Observation),
  truncated: z.boolean(),
  evidence: z.array(
    z.strictObject({
      verdict: Observation.shape.verdict,
      rung: Observation.shape.rung,
      reason: Observation.shape.reason,
      firstAt: Instant,
      lastAt: Instant,
      count: z.int(),
    }),
  ),
})
export type DeviceObservations = z.infer<typeof DeviceObservations>

/** A system whose normality the city reports (系统平台正常率): the hub's own parts, and addresses that the configuration names. */
export const PlatformRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['hub', 'gateway', 'site']),
  url: z.string().nullable(),
  /** Of the last check. */
  normal: z.boolean().nullable(),
  checkedAt: Instant.nullable(),
  ms: z.number().nullable(),
  problem: z.string().nullable(),
  /** Over the period asked for. */
  passed: z.int(),
  due: z.int(),
  rate: z.number().nullable(),
})
export const PlatformReport = z.strictObject({
  asOf: Instant,
  from: Instant,
  to: Instant,
  platforms: z.array(PlatformRow),
})
export type PlatformReport = z.infer<typeof PlatformReport>

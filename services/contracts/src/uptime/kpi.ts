/** The figures that the city reports, each with numerator, denominator and exclusions. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Carrier } from '../common/identity.ts'
import { instant, ordered } from '../common/query.ts'
import { RateText } from '../common/rate-text.ts'
import { Instant } from '../common/time.ts'
import { JudgedBy } from './judged-by.ts'

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
  rateText: RateText,
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
  .strictObject({
    from: instant,
    to: instant,
    asOf: instant.optional(),
    district: DistrictCode.optional(),
    carrier: Carrier.optional(),
  })
  .refine((q) => q.from < q.to, ordered)
export type KpiQuery = z.infer<typeof KpiQuery>
export const KpiReport = z.strictObject({
  asOf: Instant,
  from: Instant,
  to: Instant,
  kpis: z.array(Kpi),
  /** Versions of the rules that hold in some part of the period, ascending; targets are those of the last. */
  judging: z.array(JudgedBy),
  /** Of an instant that is past: figures of which it is not kept how they were known. They are not among the others. */
  notKept: z.array(KpiName).optional(),
})
export type KpiReport = z.infer<typeof KpiReport>

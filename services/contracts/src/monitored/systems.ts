/** Systems whose normality the city reports. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

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

/** What every channel has in the configuration. */
import { DistrictCode, Unit } from '@hub/contracts'
import { z } from 'zod'

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
export const secret = z.string().min(1).max(512)

/** Letters and digits, which no format of a message changes. */
export const keyword = z.string().regex(/^[\p{L}\p{N}]{1,10}$/u, 'must be 1 to 10 letters or digits')

export const channelFields = {
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a–z, 0–9, -'),
  name: z.string().min(1).max(64),
  language: z.enum(['zh', 'en']).default('zh'),
  /** Only outages that touch these districts; absent: all. */
  districts: z.array(DistrictCode).min(1).optional(),
  least: z.enum(['low', 'normal', 'high']).default('low'),
  /** Work orders near (yellow) or past (red) a limit: both colours, red only, or none. */
  overtime: z.enum(['yellow', 'red', 'none']).default('yellow'),
  /** Only work orders of these units; absent: of all. */
  units: z.array(Unit).min(1).max(1_000).optional(),
  /** Messages an hour to this recipient; beyond it they wait and go together. */
  perHour: z.int().min(1).max(3_600).default(20),
}

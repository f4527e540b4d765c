/** Gateways as the API lists them. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Instant } from '../common/time.ts'
import { Refusal } from '../ingest/refusal.ts'
import { GatewayKey } from './key.ts'
import { GatewayStatus } from './status.ts'

export const GatewayRow = GatewayStatus.extend({
  name: z.string(),
  districts: z.array(DistrictCode),
  lastSeenAt: Instant.nullable(),
  /** Newest first; none: it seals nothing. */
  keys: z.array(GatewayKey),
  /** What of its observations was acknowledged and not taken; absent: nothing. */
  refused: z.array(Refusal).optional(),
})
export type GatewayRow = z.infer<typeof GatewayRow>

/** How far the hub itself is behind with what its gateways say. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

/**
 * `stalled`: its process was held up. `broker`: it has lost the broker, and hears nobody. `commits`: what has arrived waits to be
 * committed. `deliveries`: what is committed was old already when it came, of most gateways at once.
 */
export const lagCauses = ['stalled', 'broker', 'commits', 'deliveries'] as const
export type LagCause = (typeof lagCauses)[number]

export const DataLag = z.strictObject({
  /** When this was so. */
  at: Instant,
  /** Age of the newest data, as far as the hub is the reason. */
  behindMs: z.int().min(0),
  /** Since when it is behind: no silence is judged and no outage opens. Null: it is not. */
  since: Instant.nullable(),
  /** `silent`: the process that takes data in says nothing. `disk`: its disk refuses what is to be committed. Null while it is not behind. */
  cause: z.enum([...lagCauses, 'silent', 'disk']).nullable(),
})
export type DataLag = z.infer<typeof DataLag>
export const notLate: Omit<DataLag, 'at'> = { behindMs: 0, since: null, cause: null }

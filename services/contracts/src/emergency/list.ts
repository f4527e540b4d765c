/** Incidents as they are listed and counted. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { instant, list, ordered } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { IncidentRow } from './incident.ts'
import { IncidentClass, IncidentLevel, IncidentSource } from './words.ts'

export const IncidentQuery = z
  .strictObject({
    /** `open`: not yet ended; `review`: ended, not yet archived. */
    view: z.enum(['open', 'review', 'archived', 'all']).default('open'),
    /** Drills are shown only where they are asked for. */
    drill: z.enum(['no', 'yes', 'both']).default('both'),
    district: list(DistrictCode).optional(),
    level: list(z.coerce.number().pipe(IncidentLevel)).optional(),
    class: list(IncidentClass).optional(),
    source: list(IncidentSource).optional(),
    /** In number, title or address. */
    search: z.string().trim().min(1).max(64).optional(),
    /** Accepted within. */
    from: instant.optional(),
    to: instant.optional(),
    /** Accepted before: to go on. */
    before: instant.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  })
  .refine((q) => q.from === undefined || q.to === undefined || q.from < q.to, ordered)
export type IncidentQuery = z.infer<typeof IncidentQuery>

export const IncidentList = z.strictObject({
  asOf: Instant,
  /** Worst level first, those not graded before them; then the latest. Of what has ended the latest first. */
  incidents: z.array(IncidentRow),
  total: z.int(),
  next: Instant.nullable(),
})
export type IncidentList = z.infer<typeof IncidentList>

/** Linkage events of each district, drills left out. */
export const IncidentCounts = z.strictObject({
  asOf: Instant,
  districts: z.array(
    z.strictObject({
      district: DistrictCode,
      open: z.int(),
      /** Not yet acknowledged by anybody. */
      unseen: z.int(),
      /** Of those that are open; null: none is, or none is graded. */
      worst: IncidentLevel.nullable(),
      /** Taken in within the last 24 hours. */
      lastDay: z.int(),
    }),
  ),
})
export type IncidentCounts = z.infer<typeof IncidentCounts>

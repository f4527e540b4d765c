/** Who did what to which subject, and whether the log is whole. */
import { z } from 'zod'
import { JsonValue } from '../common/json.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'

export const AuditQuery = z.strictObject({
  actor: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  subject: z.string().max(256).optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** Only lines before this one. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export const AuditPage = z.strictObject({
  asOf: Instant,
  /** Newest first. `hash`: over the line and the hash before it. */
  lines: z.array(
    z.strictObject({
      id: z.int(),
      at: Instant,
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      detail: z.record(z.string(), JsonValue),
      hash: z.string().nullable(),
    }),
  ),
  /** What to ask for `before` to go on; null at the end. */
  next: z.int().nullable(),
  /** The chain of hashes over all lines; `brokenAt`: the first line that was edited, taken out or cut off. */
  chain: z.strictObject({
    whole: z.boolean(),
    brokenAt: z.int().nullable(),
    checkedAt: Instant,
    anchor: z.strictObject({ id: z.int(), hash: z.string() }).nullable(),
  }),
})
export type AuditPage = z.infer<typeof AuditPage>

export const DeviceAuditQuery = AuditQuery.pick({ before: true, limit: true })
export const DeviceAuditPage = AuditPage.omit({ chain: true })

/** Outages as the API lists and explains them. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { instant, list } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { OrdersAtClose, OutageStep } from './action.ts'
import { Cause, CauseKind } from './cause.ts'
import { Judgement } from './judgement.ts'
import { OutageChange, OutageMember, OutageRow } from './outage.ts'

export const OutageQuery = z.strictObject({
  /** `current`: all that is not closed. */
  view: z.enum(['current', 'closed', 'all']).default('current'),
  district: list(DistrictCode).optional(),
  kind: list(CauseKind).optional(),
  assignee: z.string().max(64).optional(),
  device: DeviceId.optional(),
  /** Lone devices too, or only what concerns several. */
  lone: z.enum(['yes', 'no']).default('yes'),
  before: instant.optional(),
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
})
export type OutageQuery = z.infer<typeof OutageQuery>
export const OutageBoard = z.strictObject({
  asOf: Instant,
  total: z.int(),
  down: z.int(),
  /** Problems first: open before handled, wide before narrow, old before new. */
  outages: z.array(OutageRow),
})
export type OutageBoard = z.infer<typeof OutageBoard>

export const OutageDetail = z.strictObject({
  asOf: Instant,
  outage: OutageRow,
  members: z.array(
    OutageMember.extend({
      name: z.string(),
      district: DistrictCode,
      longitude: z.number().nullable(),
      latitude: z.number().nullable(),
    }),
  ),
  /** There are members that the viewer may not see: everything here counts the others only. */
  hidden: z.boolean(),
  changes: z.array(OutageChange),
  steps: z.array(OutageStep),
  /** What people said of it, newest first. */
  judgements: z.array(Judgement),
  /** Of a closed one: until when a person may reopen it. Null while it is not closed. */
  reopenUntil: Instant.nullable(),
  /** Of a resolved one: when it is closed by itself, unless it fails again. */
  closesAt: Instant.nullable(),
  /** What becomes of its work orders then, by the policy. */
  ordersAtClose: OrdersAtClose,
  /** Past outages of the same cause, or of mostly the same devices; newest first. */
  similar: z.array(
    z.strictObject({
      id: z.string(),
      cause: Cause,
      from: Instant,
      to: Instant.nullable(),
      members: z.int(),
      shared: z.int(),
    }),
  ),
})
export type OutageDetail = z.infer<typeof OutageDetail>

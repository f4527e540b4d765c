/** The planned rollout against what discovery found. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Carrier, DeviceId, GatewayId } from '../common/identity.ts'
import { list } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { Stage } from '../registry/stage.ts'
import { FoundDevice } from './inventory.ts'

/**
 * By what a found device is known as a planned one, in order of trust. The code is ours and written on purpose; a serial number
 * and a MAC are the maker's and unique; an address is whoever holds it now; a name is free text.
 */
export const matchBases = ['code', 'serial', 'mac', 'address', 'name'] as const
export const MatchBasis = z.enum(matchBases)
export type MatchBasis = z.infer<typeof MatchBasis>

/**
 * `ambiguous`: several records carry the sign. `contradicted`: the record that carries it says otherwise by a sign that is
 * trusted more. `contested`: another found device claims the same record.
 */
export const unmatchedReasons = ['none', 'ambiguous', 'contradicted', 'contested'] as const
export const Unmatched = z.strictObject({
  reason: z.enum(unmatchedReasons),
  by: MatchBasis.optional(),
  /** The records that it could be. */
  candidates: z.array(DeviceId),
})
export type Unmatched = z.infer<typeof Unmatched>

/** Cameras on record that are not retired. `approved` + `matched` + `missing` = `planned`. */
const counts = {
  planned: z.int(),
  /** Bound to a found device by an operator. */
  approved: z.int(),
  /** Found, and waiting for approval. */
  matched: z.int(),
  /** Planned and not found. */
  missing: z.int(),
}
export const RolloutCount = z.strictObject(counts)
export type RolloutCount = z.infer<typeof RolloutCount>

export const rolloutLists = ['missing', 'unplanned', 'matched'] as const
export const RolloutList = z.enum(rolloutLists)
export type RolloutList = z.infer<typeof RolloutList>

/** `missing` has a device, `unplanned` what was found, `matched` both. */
export const RolloutRow = z.strictObject({
  device: z
    .strictObject({
      id: DeviceId,
      name: z.string(),
      district: DistrictCode,
      carrier: Carrier,
      stage: Stage,
      ipAddress: z.string().nullable(),
    })
    .nullable(),
  found: FoundDevice.extend({ gateway: GatewayId, firstSeenAt: Instant }).nullable(),
  by: MatchBasis.nullable(),
  unmatched: Unmatched.nullable(),
})
export type RolloutRow = z.infer<typeof RolloutRow>

export const Rollout = z.strictObject({
  asOf: Instant,
  counts: z.strictObject({ ...counts, unplanned: z.int() }),
  /** Of `matched`, by which sign. */
  by: z.partialRecord(MatchBasis, z.int()),
  districts: z.array(z.strictObject({ key: DistrictCode, ...counts })),
  carriers: z.array(z.strictObject({ key: Carrier, ...counts })),
  list: RolloutList,
  /** Rows of the list under the filters, on all pages. */
  total: z.int(),
  rows: z.array(RolloutRow),
})
export type Rollout = z.infer<typeof Rollout>

const rolloutFilters = {
  list: RolloutList.default('missing'),
  district: list(DistrictCode).optional(),
  carrier: list(Carrier).optional(),
  /** Of the list `matched`. */
  by: list(MatchBasis).optional(),
  /** In code, name, address or endpoint. */
  search: z.string().max(64).optional(),
}
export const RolloutFilters = z.strictObject(rolloutFilters)
export const RolloutQuery = z.strictObject({
  ...rolloutFilters,
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
})

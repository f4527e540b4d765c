/**
 * Exemptions and corrections: time that an approved decision counts otherwise than the evidence does. An exemption (power cut, road
 * works, maintenance) takes time out of the rate; a correction states after the fact what a device really was.
 */

import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Application, Carrier, DeviceId, DeviceKind } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { AdjustmentKind, CountedState } from './adjustment-kind.ts'
import { RecordChange } from './record-change.ts'

export const adjustmentStatuses = ['requested', 'approved', 'rejected', 'withdrawn'] as const
export const AdjustmentStatus = z.enum(adjustmentStatuses)
export type AdjustmentStatus = z.infer<typeof AdjustmentStatus>

export const adjustmentScopes = ['devices', 'pole', 'feed', 'district'] as const
/** Which devices: those named, those on a pole, those on a power feed (取电), or all of a district; then narrowed by the rest. */
export const AdjustmentScope = z.strictObject({
  by: z.enum(adjustmentScopes),
  /** Device codes, pole numbers, power sources or district codes, according to `by`. */
  values: z.array(z.string().trim().min(1).max(64)).min(1).max(5_000),
  carriers: z.array(Carrier).min(1).optional(),
  applications: z.array(Application).min(1).optional(),
  kind: DeviceKind.optional(),
})
export type AdjustmentScope = z.infer<typeof AdjustmentScope>

/** A window that comes back inside the period, in the city's time: on these weekdays (1 Monday … 7 Sunday), or days of the month; every day when neither is given. */
export const Recurrence = z
  .strictObject({
    weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
    monthDays: z.array(z.int().min(1).max(31)).min(1).max(31).optional(),
    start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, limitText('hour-minute')),
    minutes: z.int().min(1).max(1_440),
  })
  .refine((r) => !(r.weekdays && r.monthDays), {
    message: limitText('one-recurrence'),
    path: ['monthDays'],
  })
export type Recurrence = z.infer<typeof Recurrence>

const request = {
  kind: AdjustmentKind,
  /** Of an exemption or correction. */
  countAs: CountedState.optional(),
  /** Of a `record`: what the record was. */
  change: RecordChange.optional(),
  scope: AdjustmentScope,
  from: Instant,
  /** Half-open; at most five years after `from`. */
  to: Instant,
  recurrence: Recurrence.optional(),
  reason: z.string().trim().min(1).max(512),
  /** What proves it: a document and its number, a file and its digest. Required of a `record`. */
  evidence: z.string().trim().min(1).max(512).optional(),
  /** The unit or person that asks for it. */
  applicant: z.string().trim().min(1).max(128),
}
const longest = 5 * 366 * 86_400_000
export const AdjustmentRequest = z
  .strictObject(request)
  .refine((a) => a.from < a.to, { message: limitText('after-from'), path: ['to'] })
  .refine((a) => a.to - a.from <= longest, { message: limitText('five-years'), path: ['to'] })
  .refine((a) => a.kind === 'record' || (a.countAs && (a.kind === 'exemption') === (a.countAs === 'exempt')), {
    message: limitText('counts-as'),
    path: ['countAs'],
  })
  .refine((a) => (a.kind === 'record') === (a.change !== undefined) && !(a.change && a.countAs), {
    message: limitText('record-change'),
    path: ['change'],
  })
  .refine((a) => a.kind !== 'record' || a.evidence !== undefined, {
    message: limitText('needed-evidence'),
    path: ['evidence'],
  })
  .refine((a) => a.kind === 'exemption' || !a.recurrence, {
    message: limitText('correction-once'),
    path: ['recurrence'],
  })
  .refine((a) => a.scope.by !== 'devices' || a.scope.values.every((id) => DeviceId.safeParse(id).success), {
    message: limitText('device-codes'),
    path: ['scope', 'values'],
  })
  .refine((a) => a.scope.by !== 'district' || a.scope.values.every((code) => DistrictCode.safeParse(code).success), {
    message: limitText('district-codes'),
    path: ['scope', 'values'],
  })
export type AdjustmentRequest = z.infer<typeof AdjustmentRequest>

export const Adjustment = z.strictObject({
  ...request,
  id: z.uuid(),
  status: AdjustmentStatus,
  /** The districts that whoever entered it may see: it never reaches beyond them. */
  within: z.union([z.literal('city'), z.array(DistrictCode)]),
  requestedBy: z.string(),
  requestedAt: Instant,
  /** Who approved, rejected or withdrew it; never the one who entered it, but for a withdrawal. */
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
  note: z.string().nullable(),
  /** Devices that it covers now. */
  devices: z.int(),
})
export type Adjustment = z.infer<typeof Adjustment>

export const AdjustmentDecision = z.strictObject({
  decision: z.enum(['approve', 'reject', 'withdraw']),
  note: z.string().trim().max(512).optional(),
})
export type AdjustmentDecision = z.infer<typeof AdjustmentDecision>

const totals = z.strictObject({ up: z.int(), down: z.int(), unknown: z.int(), exempt: z.int() })
const effectGroups = ['district', 'application', 'carrier', 'pointType', 'project', 'zone'] as const
const EffectGroup = z.enum(effectGroups)
const compared = {
  devices: z.int(),
  /** Milliseconds. */
  before: totals,
  after: totals,
  rateBefore: z.number().nullable(),
  rateAfter: z.number().nullable(),
}
/** What an adjustment would do, or has done, to the time that it touches: the days it reaches into, over the devices it covers. */
export const AdjustmentEffect = z.strictObject({
  from: Instant,
  to: Instant,
  ...compared,
  districts: z.array(z.strictObject({ district: DistrictCode, ...compared })),
  /** Of a `record`: each figure that it changes, in the order of groups and keys. `devices`: those with time in it, before or after. */
  figures: z.array(z.strictObject({ by: EffectGroup, key: z.string(), ...compared })).optional(),
})
export type AdjustmentEffect = z.infer<typeof AdjustmentEffect>

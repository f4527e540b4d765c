/** State of a device, the intervals that state makes, and the changes that the bus carries. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Reason, Rung } from './observation.ts'

export const deviceStates = ['up', 'degraded', 'down', 'unknown'] as const
/** Health, decided in one place. `degraded` is online with a fault; `unknown` is neither up nor down. */
export const DeviceState = z.enum(deviceStates)
export type DeviceState = z.infer<typeof DeviceState>

/** Which rule set a state, with the evidence it counted. */
export const Rule = z.strictObject({
  /** `confirmed`: enough observations in a row agreed. `stale`: none when due. `never-seen`: none yet. */
  id: z.enum(['confirmed', 'stale', 'never-seen']),
  rung: Rung.optional(),
  reason: Reason.optional(),
  /** Looks that agreed, and how many were needed. */
  count: z.int().min(0),
  needed: z.int().min(0),
  /** First and last observation counted (for `stale`: the last one, and when it went stale). */
  firstAt: Instant.nullable(),
  lastAt: Instant.nullable(),
})
export type Rule = z.infer<typeof Rule>

/** Half-open `[from, to)`; `to` null while it lasts. */
export const Interval = z.strictObject({
  from: Instant,
  to: Instant.nullable(),
  state: DeviceState,
  rule: Rule,
})
export type Interval = z.infer<typeof Interval>

/** `device.transition`: the present state of a device changed. A corrected past is a `Correction`, never this. */
export const Transition = z.strictObject({
  v: z.literal(1),
  device: DeviceId,
  district: DistrictCode,
  from: DeviceState,
  to: DeviceState,
  /** Event time: when the new state began. */
  at: Instant,
  /** When the centre decided. */
  decidedAt: Instant,
  rule: Rule,
})
export type Transition = z.infer<typeof Transition>

/** `device.correction`: late evidence rewrote `[from, to)` of a device's past. Figures over it must be derived again. */
export const Correction = z.strictObject({
  v: z.literal(1),
  device: DeviceId,
  district: DistrictCode,
  from: Instant,
  to: Instant,
  decidedAt: Instant,
})
export type Correction = z.infer<typeof Correction>

/** What failed, and why that is believed. */
import { z } from 'zod'

/**
 * What may fail for many devices at once. `place` (same spot), `subnet` (address block) and `cohort` (devices that failed together
 * before) are inferred; the rest is the camera record's. `device`: the device itself; `flapping`: it comes and goes.
 */
export const causeKinds = [
  'device',
  'flapping',
  'port',
  'pole',
  'place',
  'recorder',
  'switch',
  'feed',
  'cohort',
  'subnet',
  'line',
  'gateway',
  'district',
] as const
export const CauseKind = z.enum(causeKinds)
export type CauseKind = z.infer<typeof CauseKind>

/**
 * How it shows: `together` within one round of probes; `rolling` one after another; for a gateway `silent` (nothing comes from it)
 * or `blind` (it says that its own network is down): its devices are then unknown, not down.
 */
export const causeModes = ['together', 'rolling', 'silent', 'blind'] as const
export const Cause = z.strictObject({
  kind: CauseKind,
  /** Number, name or code of the thing; for `line` `carrier/district`, for `port` `switch/port`. */
  key: z.string().max(160),
  mode: z.enum(causeModes),
})
export type Cause = z.infer<typeof Cause>

/** Why the cause is believed: "`down` of `of` devices behind it fell silent within `withinMs`". */
export const CauseEvidence = z.strictObject({
  down: z.int(),
  /** Devices behind it that were due and up before. */
  of: z.int(),
  withinMs: z.int(),
  /** Other causes that would explain some of it, and why they were not chosen: more of their devices stayed up. */
  rejected: z.array(z.strictObject({ kind: CauseKind, key: z.string(), down: z.int(), of: z.int() })),
})
export type CauseEvidence = z.infer<typeof CauseEvidence>

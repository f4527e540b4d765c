/** What failed, and why that is believed. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'

/**
 * What may fail for many devices at once. `place` (same spot, or an area), `subnet` (address block) and `cohort` (devices that failed
 * together before) are inferred; `attribute` (model, firmware …) is what devices have in common without hanging on it; `moment`: they failed at the same moment, and nothing that is known joins them;
 * `other`: what a person says, in words; the rest is the camera record's. `device`: the
 * device itself; `flapping`: it comes and goes.
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
  'attribute',
  'moment',
  'other',
] as const
export const CauseKind = z.enum(causeKinds)
export type CauseKind = z.infer<typeof CauseKind>

/**
 * How it shows: `together` within one round of probes; `rolling` one after another; `unstable`: many of its devices come and go, the
 * others stay; for a gateway `silent` (nothing comes from it) or `blind` (it says that its own network is down): its devices are then
 * unknown, not down.
 */
export const causeModes = ['together', 'rolling', 'unstable', 'silent', 'blind'] as const
export const Cause = z.strictObject({
  kind: CauseKind,
  /**
   * Number, name or code of the thing; for `line` `carrier/district`, for `port` `switch/port`, for an area `longitude,latitude/metres`,
   * for an attribute `model:…`, `firmware:…`, `credential:…`, `maintainer:…`,
   * for a moment `kind:key@milliseconds`, or `@milliseconds`: within what it happened, and when; for `other` words.
   */
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
  /** How many would have failed by chance in that time among those that share what is named. */
  chance: z.number().optional(),
  /** What else they share: `down` of its `of` devices are in it. */
  shared: z.array(z.strictObject({ kind: CauseKind, key: z.string(), down: z.int(), of: z.int() })).optional(),
  /** Devices that failed with it though the record says that they hang on another of its kind (`recorded`): the record may be wrong. */
  misplaced: z.array(z.strictObject({ device: DeviceId, recorded: z.string() })).optional(),
})
export type CauseEvidence = z.infer<typeof CauseEvidence>

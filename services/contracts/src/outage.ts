/** Outages: failures that belong together, with a likely cause and its evidence. */
import { z } from 'zod'
import { DeviceId, DistrictCode, Instant } from './identity.ts'

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
 * How it shows: `together` within one round of looks; `rolling` one after another; for a gateway `silent` (nothing comes from it)
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

export const outageStatuses = ['open', 'acknowledged', 'in-progress', 'resolved', 'closed'] as const
export const OutageStatus = z.enum(outageStatuses)
export type OutageStatus = z.infer<typeof OutageStatus>

export const outageChanges = [
  'opened',
  'grew',
  'cause',
  'merged',
  'split',
  'partly-healed',
  'healed',
  'reopened',
] as const
/** A step in the history of an outage, as the correlation saw it. */
export const OutageChange = z.strictObject({
  at: Instant,
  change: z.enum(outageChanges),
  /** Devices in it, and of these still down. */
  members: z.int(),
  down: z.int(),
  cause: Cause,
  /** The outage merged in, or split from. */
  other: z.string().optional(),
})
export type OutageChange = z.infer<typeof OutageChange>

export const OutageMember = z.strictObject({
  device: DeviceId,
  from: Instant,
  to: Instant.nullable(),
})
export type OutageMember = z.infer<typeof OutageMember>

/** What the correlation knows of an outage. */
export const OutageFacts = z.strictObject({
  id: z.string().max(64),
  cause: Cause,
  evidence: CauseEvidence,
  /** Onset of the first member; UTC milliseconds. */
  from: Instant,
  /** When the last member came back; null while any is down. */
  to: Instant.nullable(),
  districts: z.array(DistrictCode),
  /** Covered by approved exemptions or maintenance when it began: nobody is told. */
  expected: z.boolean(),
})
export type OutageFacts = z.infer<typeof OutageFacts>

const list = <T extends z.ZodType>(of: T) => z.union([of, z.array(of)]).transform((v) => (Array.isArray(v) ? v : [v]))

export const outageSteps = [
  'acknowledge',
  'start',
  'resolve',
  'close',
  'reopen',
  'assign',
  'comment',
  'silence',
] as const
/** What a person does with an outage. */
export const OutageAction = z
  .strictObject({
    step: z.enum(outageSteps),
    note: z.string().trim().min(1).max(1_000).optional(),
    /** Of `assign`: a user, or '' for nobody. */
    assignee: z.string().max(64).optional(),
    /** Of `silence`: nobody is told until then; at most seven days. */
    until: Instant.optional(),
  })
  .refine((a) => a.step !== 'comment' || a.note !== undefined, { message: 'is needed for a comment', path: ['note'] })
  .refine((a) => a.step !== 'assign' || a.assignee !== undefined, {
    message: 'is needed to assign',
    path: ['assignee'],
  })
  .refine((a) => a.step !== 'silence' || a.until !== undefined, { message: 'is needed to silence', path: ['until'] })
export type OutageAction = z.infer<typeof OutageAction>

/** One line of its life: by a person, or by the hub (`hub`): resolved when all were back, reopened, escalated. */
export const OutageStep = z.strictObject({
  at: Instant,
  actor: z.string(),
  step: z.enum([...outageSteps, 'escalate']),
  note: z.string().nullable(),
})
export type OutageStep = z.infer<typeof OutageStep>

export const outageImportances = ['high', 'normal', 'low'] as const
export const OutageRow = OutageFacts.extend({
  status: OutageStatus,
  /** Devices ever in it, and of these still down. */
  members: z.int(),
  down: z.int(),
  /** By the point classes of its members and their number. */
  importance: z.enum(outageImportances),
  assignee: z.string().nullable(),
  acknowledgedAt: Instant.nullable(),
  silencedUntil: Instant.nullable(),
  /** How often it was escalated because nobody acted in time. */
  escalation: z.int(),
  reopened: z.int(),
  /** Work orders that are not closed. */
  workOrders: z.int(),
  /** Name of the one device, when there is one; else null. */
  name: z.string().nullable(),
  updatedAt: Instant,
})
export type OutageRow = z.infer<typeof OutageRow>
export const OutageQuery = z.strictObject({
  /** `current`: all that is not closed. */
  view: z.enum(['current', 'closed', 'all']).default('current'),
  district: list(DistrictCode).optional(),
  kind: list(CauseKind).optional(),
  assignee: z.string().max(64).optional(),
  device: DeviceId.optional(),
  /** Lone devices too, or only what concerns several. */
  lone: z.enum(['yes', 'no']).default('yes'),
  before: z.coerce.number().pipe(Instant).optional(),
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
  /** Members that the viewer may not see. */
  hidden: z.int(),
  changes: z.array(OutageChange),
  steps: z.array(OutageStep),
  /** Of a closed one: until when a person may reopen it. Null while it is not closed. */
  reopenUntil: Instant.nullable(),
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

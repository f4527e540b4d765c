/** Linkage rules as data: when something is so, do these in order. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId, Unit } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { FieldCommandName } from '../gateways/field-command.ts'
import { eventTopics } from '../ingest/observation.ts'
import { measureNames } from '../ingest/telemetry.ts'
import { GeoPoint } from './incident.ts'
import { LinkageRun } from './run.ts'
import { IncidentClass, IncidentLevel, IncidentType } from './words.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const seconds = (most: number) => z.int().min(0).max(most)

/** A measured value beyond a threshold. */
const MeasureTrigger = z.strictObject({
  kind: z.literal('measure'),
  measure: z.enum(measureNames),
  compare: z.enum(['above', 'below']),
  threshold: z.number(),
  /** It must be so without a break for so long. */
  holdSeconds: seconds(86_400),
  /** It is over when the value has come back by this much beyond the threshold: it does not fire again before. */
  hysteresis: z.number().min(0),
})
/** A camera noticed something. */
const EventTrigger = z.strictObject({ kind: z.literal('event'), topics: z.array(z.enum(eventTopics)).min(1) })
/** An outage of at least so many devices was opened. */
const OutageTrigger = z.strictObject({ kind: z.literal('outage'), members: z.int().min(1) })
/** An incident was taken in. */
const IncidentTrigger = z.strictObject({
  kind: z.literal('incident'),
  classes: z.array(IncidentClass).optional(),
  types: z.array(IncidentType).optional(),
  /** This level or worse; absent: also those that are not graded. */
  level: IncidentLevel.optional(),
  sources: z.array(z.string()).optional(),
})
export const LinkageTrigger = z.discriminatedUnion('kind', [
  MeasureTrigger,
  EventTrigger,
  OutageTrigger,
  IncidentTrigger,
])
export type LinkageTrigger = z.infer<typeof LinkageTrigger>

/** Only there, only then; what is left out is no condition. */
export const LinkageWhere = z.strictObject({
  districts: z.array(DistrictCode).optional(),
  devices: z.array(DeviceId).max(1_000).optional(),
  /** A ring, WGS-84, its first point not repeated; on the edge is inside. */
  area: z.array(GeoPoint).min(3).max(500).optional(),
  applications: z.array(z.string()).optional(),
})
export const LinkageSchedule = z.strictObject({
  /** 1 Monday … 7 Sunday, in the city's time; absent: every day. A window over midnight belongs to the day on which it begins. */
  days: z.array(z.int().min(1).max(7)).optional(),
  /** `HH:MM`, half-open; `to` before `from`: over midnight. */
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
})

const ofAction = {
  /** It has failed when it is not done by then. */
  deadlineSeconds: z.int().min(1).max(3_600),
  /** Tries after the first. */
  retries: z.int().min(0).max(10),
}
export const LinkageAction = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('open-incident'),
    ...ofAction,
    title: text(120),
    class: IncidentClass,
    type: IncidentType,
    level: IncidentLevel.nullable(),
    /** Joins one of the same type that is open, within so many metres and minutes, instead of opening another. */
    joinMetres: z.int().min(0).max(20_000),
    joinMinutes: z.int().min(0).max(10_080),
  }),
  z.strictObject({
    kind: z.literal('choose-cameras'),
    ...ofAction,
    radius: z.int().min(10).max(20_000),
    most: z.int().min(1).max(16),
  }),
  /** Calls the preset of that name at each chosen camera that can turn; without a name the one that is nearest by name to the place. */
  z.strictObject({ kind: z.literal('preset'), ...ofAction, name: text(64).nullable() }),
  z.strictObject({
    kind: z.literal('snapshots'),
    ...ofAction,
    count: z.int().min(1).max(20),
    everySeconds: z.int().min(1).max(300),
  }),
  z.strictObject({ kind: z.literal('record'), ...ofAction, seconds: z.int().min(10).max(3_600) }),
  z.strictObject({ kind: z.literal('notify'), ...ofAction, importance: z.enum(['high', 'normal']) }),
  z.strictObject({ kind: z.literal('work-order'), ...ofAction, unit: Unit.nullable() }),
  /** To a siren, a sign, a barrier at the field broker; it answers that it has done it. */
  z.strictObject({
    kind: z.literal('field-command'),
    ...ofAction,
    device: DeviceId,
    command: FieldCommandName,
    args: z.record(z.string().max(32), z.string().max(256)).optional(),
  }),
  z.strictObject({ kind: z.literal('cap'), ...ofAction }),
  z.strictObject({ kind: z.literal('plan'), ...ofAction, plan: z.uuid() }),
])
export type LinkageAction = z.infer<typeof LinkageAction>

export const RuleDraft = z
  .strictObject({
    name: text(64),
    when: LinkageTrigger,
    where: LinkageWhere,
    schedule: LinkageSchedule.nullable(),
    /** After it fired for a device or place it rests for so long. */
    restSeconds: seconds(86_400),
    /** The storm guard: at most so many runs an hour; what is more is counted and told. */
    mostPerHour: z.int().min(1).max(10_000),
    actions: z.array(LinkageAction).min(1).max(20),
  })
  .refine((r) => r.when.kind === 'incident' || r.actions[0]?.kind === 'open-incident', {
    path: ['actions'],
    message: limitText('opens-first'),
  })
  .refine((r) => r.when.kind !== 'incident' || r.actions.every((a) => a.kind !== 'open-incident'), {
    path: ['actions'],
    message: limitText('no-loop'),
  })
export type RuleDraft = z.infer<typeof RuleDraft>

export const ruleStates = ['dry-run', 'on', 'off'] as const
/** A new rule, and a new version of one, starts in `dry-run`: its runs are kept and nothing is done. */
export const RuleState = z.enum(ruleStates)
export type RuleState = z.infer<typeof RuleState>

export const LinkageRule = z.strictObject({
  id: z.uuid(),
  version: z.int().min(1),
  draft: RuleDraft,
  state: RuleState,
  at: Instant,
  by: z.string(),
  /** Runs, and dry ones, of the last 24 hours; what the storm guard kept back; and what came too late to act on. */
  runs: z.int(),
  dryRuns: z.int(),
  held: z.int(),
  late: z.int(),
  lastRunAt: Instant.nullable(),
})
export type LinkageRule = z.infer<typeof LinkageRule>
export const LinkageRuleList = z.strictObject({ asOf: Instant, rules: z.array(LinkageRule) })
export type LinkageRuleList = z.infer<typeof LinkageRuleList>

/** What a rule would have done over the last days of what is stored. */
export const Rehearsal = z.strictObject({ draft: RuleDraft, days: z.int().min(1).max(90) })
export const RehearsalResult = z.strictObject({
  from: Instant,
  to: Instant,
  /** Since when what it reads is kept: before it nothing can be said. */
  keptFrom: Instant,
  fired: z.int(),
  incidents: z.int(),
  joined: z.int(),
  held: z.int(),
  perDay: z.array(z.strictObject({ day: z.iso.date(), fired: z.int() })),
  /** The last of them. */
  runs: z.array(LinkageRun.pick({ at: true, trigger: true })),
})
export type RehearsalResult = z.infer<typeof RehearsalResult>

/** An incident as it was at an instant, for its review; and what a month of incidents comes to. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { DeviceState } from '../ingest/transition.ts'
import { Month } from '../reports/score.ts'
import { NearbyCamera } from './camera.ts'
import { Incident } from './incident.ts'
import { IncidentLevel, IncidentSource, IncidentStatus, LimitedStep } from './words.ts'

/** A step against its limit; `at` null: it was not taken by then. */
export const StepTime = z.strictObject({
  step: LimitedStep,
  /** The unit that takes it; null: the duty officer. */
  unit: z.string().nullable(),
  from: Instant,
  due: Instant,
  at: Instant.nullable(),
  /** After `due`; of one that was not taken, so far; 0: in time. */
  lateMs: z.int().min(0),
})
export type StepTime = z.infer<typeof StepTime>

/** Where it stands and looks by the record of today; how it was by the observations of then. */
export const ReplayCamera = NearbyCamera.omit({ state: true, lastAt: true }).extend({
  /** Null: nothing is kept of it for then. */
  state: DeviceState.nullable(),
  /** Since when it was so. */
  since: Instant.nullable(),
})
export type ReplayCamera = z.infer<typeof ReplayCamera>

/** A camera that was chosen then. */
export const ReplayChoice = z.strictObject({
  device: DeviceId,
  name: z.string(),
  chosenAt: Instant,
  chosenBy: z.string(),
  /** Name of the preset that it was sent to last. */
  preset: z.string().nullable(),
})
export type ReplayChoice = z.infer<typeof ReplayChoice>

export const replayGaps = ['not-yet', 'no-place', 'states', 'some-states', 'record-of-today'] as const
/**
 * What cannot be said as of then: `not-yet` taken in; `no-place`: so nothing is around it; `states` (or some of them) are not kept for then;
 * `record-of-today`: names, places and headings of cameras are those on record now.
 */
export const ReplayGap = z.enum(replayGaps)
export type ReplayGap = z.infer<typeof ReplayGap>

export const ReplayQuery = z.strictObject({
  at: instant,
  /** Metres around the incident's place of then. */
  radius: z.coerce.number().min(10).max(20_000).default(1_000),
})
export const IncidentReplay = Incident.pick({
  id: true,
  number: true,
  drill: true,
  class: true,
  title: true,
  type: true,
  level: true,
  warning: true,
  description: true,
  casualties: true,
  district: true,
  address: true,
  point: true,
  duty: true,
  acknowledgedAt: true,
  acknowledgedBy: true,
  units: true,
  plan: true,
  runs: true,
  attachments: true,
  log: true,
}).extend({
  at: Instant,
  /** Null: it had not been taken in. */
  status: IncidentStatus.nullable(),
  chosen: z.array(ReplayChoice),
  /** The chosen ones that are on record, then those within the radius. */
  cameras: z.array(ReplayCamera),
  /** Steps that were taken, then those that were waited for. By the limits that hold now. */
  times: z.array(StepTime),
  unsaid: z.array(ReplayGap),
})
export type IncidentReplay = z.infer<typeof IncidentReplay>

export const ReportQuery = z.strictObject({
  /** Default: the language of the request. */
  lang: z.enum(['zh', 'en']).optional(),
})

export const StatisticsQuery = z.strictObject({
  /** Of the city's time; default: this one. */
  month: Month.optional(),
})

/** What a number of incidents comes to. */
export const IncidentFigures = z.strictObject({
  incidents: z.int(),
  /** Of each level, as it is now; `ungraded` beside them. */
  levels: z.array(z.strictObject({ level: IncidentLevel, incidents: z.int() })),
  ungraded: z.int(),
  /** False alarms (误报): dismissed. */
  dismissed: z.int(),
  merged: z.int(),
  /** Steps that were taken late, or are overdue. */
  late: z.int(),
  /** Each step that was taken or is overdue, in the usual order; times from when it was waited for; null: none was taken. */
  steps: z.array(
    z.strictObject({
      step: LimitedStep,
      taken: z.int(),
      late: z.int(),
      medianMs: z.int().nullable(),
      p90Ms: z.int().nullable(),
    }),
  ),
})
export type IncidentFigures = z.infer<typeof IncidentFigures>

/** Incidents that were taken in within a month. */
export const IncidentStatistics = z.strictObject({
  asOf: Instant,
  month: Month,
  /** Where the limits come from. */
  provenance: z.string(),
  total: IncidentFigures,
  /** Those with an incident, the most first. */
  districts: z.array(IncidentFigures.extend({ district: DistrictCode })),
  sources: z.array(IncidentFigures.extend({ source: IncidentSource })),
  /** How many of each source in each district. */
  cells: z.array(z.strictObject({ district: DistrictCode, source: IncidentSource, incidents: z.int() })),
  /** In none of the figures above. */
  drills: IncidentFigures,
})
export type IncidentStatistics = z.infer<typeof IncidentStatistics>

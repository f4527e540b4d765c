/** An incident (应急联动事件): from the first report to the archived review. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId, Unit } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Overtime } from '../work-orders/work-order.ts'
import { ChosenCamera } from './camera.ts'
import { IncidentPlan } from './plan.ts'
import { LinkageRun } from './run.ts'
import {
  IncidentClass,
  IncidentLevel,
  IncidentSource,
  IncidentStatus,
  IncidentStep,
  IncidentType,
  LimitedStep,
  WarningColour,
} from './words.ts'

/** WGS-84. */
export const GeoPoint = z.strictObject({
  longitude: z.number().min(-180).max(180),
  latitude: z.number().min(-90).max(90),
})
export type GeoPoint = z.infer<typeof GeoPoint>

export const unitParts = ['lead', 'assist'] as const
/** A unit that was sent, and how far it has come. */
export const IncidentUnit = z.strictObject({
  unit: Unit,
  part: z.enum(unitParts),
  dispatchedAt: Instant,
  signedAt: Instant.nullable(),
  departedAt: Instant.nullable(),
  arrivedAt: Instant.nullable(),
})
export type IncidentUnit = z.infer<typeof IncidentUnit>

/** Limit of a step that has not been taken, by the policy for its level. */
export const IncidentClock = z.strictObject({
  step: LimitedStep,
  /** The unit that must take it; null: the duty officer. */
  unit: z.string().nullable(),
  /** Since when it counts, and until when it must be done. */
  from: Instant,
  due: Instant,
  colour: Overtime,
})
export type IncidentClock = z.infer<typeof IncidentClock>

export const incidentEntryKinds = [
  'step',
  'note',
  'detail',
  'camera',
  'unit',
  'plan',
  'linkage',
  'attachment',
  'reveal',
  'warning',
  'link',
  'cap',
] as const
/** A line of the log: what was done, by whom, when. Never edited, never deleted. */
export const IncidentEntry = z.strictObject({
  seq: z.int().min(1),
  at: Instant,
  /** User, or `hub`. */
  actor: z.string(),
  kind: z.enum(incidentEntryKinds),
  step: IncidentStep.nullable(),
  /** As a person wrote it. */
  note: z.string().nullable(),
  /** Particulars by name, for words in the reader's language: `{ unit }`, `{ level, was }`, `{ camera, preset }`. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type IncidentEntry = z.infer<typeof IncidentEntry>

export const Attachment = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** As its bytes show, not as its name says. */
  type: z.enum(['image/jpeg', 'image/png', 'application/pdf']),
  bytes: z.int(),
  sha256: z.string(),
  at: Instant,
  by: z.string(),
})
export type Attachment = z.infer<typeof Attachment>

/** Where it came from, as far as that is known. */
export const IncidentOrigin = z.strictObject({
  source: IncidentSource,
  /** Number or identifier that the sender gave it; with the source it is one incident. */
  reference: z.string().max(320).nullable(),
  /** Sensor or camera that noticed it. */
  device: DeviceId.nullable(),
  /** Linkage rule that opened it. */
  rule: z.string().nullable(),
})

export const IncidentRow = z.strictObject({
  id: z.uuid(),
  /** For people: `YJ-20261201-0007`; a drill's begins with `YL-`. */
  number: z.string(),
  /** A drill (演练): never in a figure, and marked wherever it is shown. */
  drill: z.boolean(),
  title: z.string(),
  class: IncidentClass,
  type: IncidentType,
  /** Null until it is graded. */
  level: IncidentLevel.nullable(),
  warning: WarningColour.nullable(),
  origin: IncidentOrigin,
  status: IncidentStatus,
  district: DistrictCode,
  address: z.string(),
  point: GeoPoint.nullable(),
  occurredAt: Instant,
  reportedAt: Instant,
  /** When a person or a rule took it in here. */
  acceptedAt: Instant,
  endedAt: Instant.nullable(),
  /** Null: nobody has seen it yet: it still sounds. */
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: Instant.nullable(),
  lead: z.string().nullable(),
  /** The limit that is nearest or most overdue; null: none runs. */
  clock: IncidentClock.nullable(),
  parent: z.uuid().nullable(),
  /** The incident that it was merged into. */
  mergedInto: z.uuid().nullable(),
  /** Alarms, calls and reports that it holds, the first included. */
  reports: z.int().min(1),
  updatedAt: Instant,
  /** Counts the changes: what two officers do is told apart by it. */
  revision: z.int(),
})
export type IncidentRow = z.infer<typeof IncidentRow>

export const Incident = IncidentRow.extend({
  description: z.string(),
  /** Masked: `138****1234`. Whoever needs it whole asks (`revealCaller`), and that is in the log. */
  caller: z.strictObject({ name: z.string().nullable(), phone: z.string().nullable() }).nullable(),
  casualties: z.strictObject({ dead: z.int(), injured: z.int(), missing: z.int() }),
  /** The duty unit that answers for it (值班单位). */
  duty: z.string(),
  units: z.array(IncidentUnit),
  clocks: z.array(IncidentClock),
  /** Steps that are allowed now, in their usual order. */
  next: z.array(IncidentStep),
  cameras: z.array(ChosenCamera),
  workOrders: z.array(z.strictObject({ id: z.uuid(), number: z.string(), unit: z.string(), status: z.string() })),
  plan: IncidentPlan.nullable(),
  runs: z.array(LinkageRun),
  attachments: z.array(Attachment),
  children: z.array(z.uuid()),
  /** Probably the same, by place, time and class, the likeliest first; offered, never done by itself. */
  similar: z.array(
    z.strictObject({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      metres: z.number().nullable(),
      apartMs: z.int(),
    }),
  ),
  log: z.array(IncidentEntry),
  /** Who has it open now, and since when. */
  present: z.array(z.strictObject({ user: z.string(), since: Instant })),
})
export type Incident = z.infer<typeof Incident>

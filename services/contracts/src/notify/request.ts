/**
 * What another room asks notify to tell people of. A request is the latest state of one thing, by its key; who is told, when and how often
 * is decided by the rule of its kind (core/notify), from the state and from what each recipient has been told. A new kind is one more
 * schema here, its rule in core, and its words in notify.
 */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Unit } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { IncidentClock, IncidentRow } from '../emergency/incident.ts'
import { DataLag } from '../ingest/lag.ts'
import { OutageRow, outageImportances } from '../outages/outage.ts'
import { Scorecard } from '../reports/scorecard.ts'
import { Overtime, WorkOrder } from '../work-orders/work-order.ts'

/** An outage, as far as the rule and the message need it. */
const OutageState = OutageRow.pick({
  cause: true,
  evidence: true,
  expected: true,
  from: true,
  to: true,
  members: true,
  down: true,
  status: true,
  silencedUntil: true,
  escalation: true,
  name: true,
}).extend({
  /** A request of before has none. */
  countsFrom: OutageRow.shape.countsFrom.default(null),
})

/** A work order whose limit is near or has passed. */
const WorkOrderState = WorkOrder.pick({
  number: true,
  outage: true,
  subject: true,
  down: true,
  issuedBy: true,
  issuedAt: true,
  respondBy: true,
  repairBy: true,
  rule: true,
  receivedAt: true,
  doneAt: true,
  steps: true,
  whole: true,
}).extend({
  colour: Overtime.exclude(['none']),
  /** How many it is about. */
  devices: z.int(),
  /** From which share of a limit on it is near. */
  yellowShare: z.number(),
})

/** The hub is behind with its own data, or has caught up. */
const HubState = z.strictObject({
  from: Instant,
  /** Null while it is behind. */
  to: Instant.nullable(),
  cause: DataLag.shape.cause.unwrap(),
  /** When it began. */
  behindMs: z.int().min(0),
})

/** A scorecard was sealed: whoever is told keeps the fingerprint where the hub cannot change it. */
const SealState = Scorecard.pick({ month: true, subject: true, version: true, score: true, pay: true }).extend({
  seq: z.int(),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  previous: z.string().nullable(),
  sealedAt: Instant,
  /** The key that signed it. */
  hub: z.string(),
})

/** An incident: that it was taken in, became worse, is late, is over. */
const IncidentNoticeState = IncidentRow.pick({
  number: true,
  drill: true,
  title: true,
  type: true,
  level: true,
  status: true,
  address: true,
  occurredAt: true,
  acceptedAt: true,
  endedAt: true,
}).extend({
  /** Limits that are near or have passed. */
  overtime: z.array(IncidentClock.pick({ step: true, unit: true, from: true, due: true, colour: true })),
})

const RuleValue = z.union([z.number(), z.string(), z.boolean(), z.null()])

/** States and scores are judged by other rules from then on. */
const RulesState = z.strictObject({
  from: Instant,
  /** `health.confirm.down`, and what it was and is; null: there was or is none. */
  changes: z.array(z.strictObject({ field: z.string(), was: RuleValue, now: RuleValue })).min(1),
})

const request = {
  v: z.literal(1),
  at: Instant,
  /** Of the thing, among those of its kind: a later request says how it is now. */
  key: z.string().min(1).max(64),
  /** Where it is: recipients of other districts hear nothing of it. */
  districts: z.array(DistrictCode),
  /** Whose it is, where only one unit is concerned. */
  unit: Unit.optional(),
  importance: z.enum(outageImportances),
  /** Nothing more is to be told but that it is over. */
  ended: z.boolean(),
}

export const NotificationRequested = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outage'), ...request, state: OutageState }),
  z.strictObject({ kind: z.literal('work-order'), ...request, state: WorkOrderState }),
  z.strictObject({ kind: z.literal('hub'), ...request, state: HubState }),
  z.strictObject({ kind: z.literal('seal'), ...request, state: SealState }),
  z.strictObject({ kind: z.literal('rules'), ...request, state: RulesState }),
  z.strictObject({ kind: z.literal('incident'), ...request, state: IncidentNoticeState }),
])
export type NotificationRequested = z.infer<typeof NotificationRequested>
export type NotificationKind = NotificationRequested['kind']
export type RequestOf<K extends NotificationKind> = Extract<NotificationRequested, { kind: K }>

/** Outages: failures that belong together, with a likely cause and its evidence. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Cause, CauseEvidence } from './cause.ts'

export const outageStatuses = ['open', 'acknowledged', 'in-progress', 'resolved', 'closed'] as const
export const OutageStatus = z.enum(outageStatuses)
export type OutageStatus = z.infer<typeof OutageStatus>

export const outageChanges = [
  'opened',
  'grew',
  'cause',
  'merged',
  'split',
  'partly-resolved',
  'resolved',
  'reopened',
  'expected',
  'unexpected',
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
  /** What is out is covered by approved exemptions or maintenance: nobody is told while that holds. */
  expected: z.boolean(),
  /** Since when it counts for holding, telling and escalating, where that is not its onset: the end of the last ground that kept it from being told. */
  countsFrom: Instant.nullable(),
})
export type OutageFacts = z.infer<typeof OutageFacts>

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
  /** A person has said what belongs to it, or what it is of: the hub only adds to it. */
  held: z.boolean(),
  /** Work orders that are not closed. */
  workOrders: z.int(),
  /** Name of the one device, when there is one; else null. */
  name: z.string().nullable(),
  updatedAt: Instant,
})
export type OutageRow = z.infer<typeof OutageRow>

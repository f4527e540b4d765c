/** From the columns of the Record to what the rules and the wire call an incident. */
import type {
  DistrictCode,
  IncidentClass,
  IncidentClock,
  IncidentRow,
  IncidentSource,
  IncidentStatus,
  IncidentType,
  IncidentUnit,
} from '@hub/contracts'
import { clocksOf, type IncidentLimits, type IncidentState, type TimedIncident } from '@hub/core'
import type { Selectable } from 'kysely'
import type { Db } from '../tables.ts'
import type { IncidentTable, IncidentTables } from './tables.ts'

export type Row = Selectable<IncidentTable>

/** Parameters of one statement stay few. */
const slice = 500

export const pointOf = ({ longitude, latitude }: Pick<Row, 'longitude' | 'latitude'>) =>
  longitude === null || latitude === null ? null : { longitude, latitude }

/** Units of each of them, in the order in which they were sent. */
export async function unitsOf(db: Db, incidents: readonly string[]): Promise<Map<string, IncidentUnit[]>> {
  const units = new Map<string, IncidentUnit[]>()
  for (let i = 0; i < incidents.length; i += slice) {
    const rows = await db
      .selectFrom('incident_unit')
      .selectAll()
      .where('incident', 'in', incidents.slice(i, i + slice))
      .orderBy('incident')
      .orderBy('seq')
      .execute()
    for (const row of rows) units.set(row.incident, [...(units.get(row.incident) ?? []), unitOf(row)])
  }
  return units
}

const unitOf = (row: Selectable<IncidentTables['incident_unit']>): IncidentUnit => ({
  unit: row.unit,
  part: row.part as IncidentUnit['part'],
  dispatchedAt: row.dispatched_at,
  signedAt: row.signed_at,
  departedAt: row.departed_at,
  arrivedAt: row.arrived_at,
})

export const stateOf = (row: Pick<Row, 'status' | 'level'>, units: readonly IncidentUnit[]): IncidentState => ({
  status: row.status as IncidentStatus,
  level: row.level,
  units,
})

const timedOf = (row: Row, units: readonly IncidentUnit[]): TimedIncident => ({
  status: row.status as IncidentStatus,
  level: row.level,
  openedAt: row.opened_at,
  verifiedAt: row.verified_at,
  gradedAt: row.graded_at,
  endedAt: row.ended_at,
  reviewedAt: row.reviewed_at,
  units,
})

export const clocksOfRow = (
  row: Row,
  units: readonly IncidentUnit[],
  now: number,
  limits: IncidentLimits,
): IncidentClock[] => clocksOf(timedOf(row, units), now, limits)

/** @param clocks those that run, the one that ends first at the front */
export const incidentRowOf = (row: Row, clocks: readonly IncidentClock[]): IncidentRow => ({
  id: row.id,
  number: row.number,
  drill: row.drill === 1,
  title: row.title,
  class: row.class as IncidentClass,
  type: row.type as IncidentType,
  level: row.level,
  warning: row.warning as IncidentRow['warning'],
  origin: { source: row.source as IncidentSource, reference: row.reference, device: row.device, rule: row.rule },
  status: row.status as IncidentStatus,
  district: row.district as DistrictCode,
  address: row.address,
  point: pointOf(row),
  occurredAt: row.occurred_at,
  reportedAt: row.reported_at,
  acceptedAt: row.accepted_at,
  endedAt: row.ended_at,
  acknowledgedBy: row.acknowledged_by,
  acknowledgedAt: row.acknowledged_at,
  lead: row.lead,
  clock: clocks[0] ?? null,
  parent: row.parent,
  mergedInto: row.merged_into,
  reports: row.reports,
  updatedAt: row.updated_at,
  revision: row.revision,
})

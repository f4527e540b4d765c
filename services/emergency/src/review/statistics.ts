/** A month of incidents, as it is counted. */
import type { IncidentEntry, Scope } from '@hub/contracts'
import { type CountedIncident, type IncidentLimits, incidentStatistics, monthSpan, walkIncident } from '@hub/core'
import { inLists } from '@hub/platform'
import { within } from '../incidents/queries.ts'
import { incidentRowOf, unitsOf } from '../incidents/rows.ts'
import type { Db } from '../tables.ts'

type Step = Pick<IncidentEntry, 'at' | 'kind' | 'step' | 'detail'>

/** Those that were taken in within the month of the city. */
export async function statisticsOf(db: Db, scope: Scope, month: string, now: number, limits: IncidentLimits) {
  const { from, to } = monthSpan(month)
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where(within(scope))
    .where('accepted_at', '>=', from)
    .where('accepted_at', '<', to)
    .execute()
  const ids = rows.map(({ id }) => id)
  const [units, steps] = [await unitsOf(db, ids), await stepsOf(db, ids)]
  const counted = rows.map((row): CountedIncident => {
    const { drill, level, status, district, origin, acceptedAt } = incidentRowOf(row, [])
    const logged = { acceptedAt, units: units.get(row.id) ?? [], log: steps.get(row.id) ?? [] }
    return { drill, level, status, district, source: origin.source, times: walkIncident(logged, now, limits).times }
  })
  return incidentStatistics(counted)
}

async function stepsOf(db: Db, incidents: readonly string[]): Promise<Map<string, Step[]>> {
  const steps = new Map<string, Step[]>()
  for (const some of inLists(incidents)) {
    const rows = await db
      .selectFrom('incident_entry')
      .select(['incident', 'at', 'step', 'detail'])
      .where('incident', 'in', some)
      .where('kind', '=', 'step')
      .orderBy('incident')
      .orderBy('seq')
      .execute()
    for (const { incident, at, step, detail } of rows) {
      const entry = { at, kind: 'step', step: step as Step['step'], detail: JSON.parse(detail) } as const
      steps.set(incident, [...(steps.get(incident) ?? []), entry])
    }
  }
  return steps
}

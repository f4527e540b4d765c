/** What is looked back at: an incident as it was, and a month of incidents. */
import { monthOf, walkIncident } from '@hub/core'
import { Download, type Handlers, type RouteDeps, tablesOf } from '@hub/platform'
import { type EmergencyConfig, limitsOf } from '../config.ts'
import { findIncident } from '../incidents/find.ts'
import { createNearby } from '../nearby/index.ts'
import type { EmergencyDb } from '../tables.ts'
import { reviewPaper } from './paper.ts'
import { replayIncident } from './replay.ts'
import { statisticsOf } from './statistics.ts'

export function reviewHandlers(
  deps: RouteDeps<EmergencyConfig>,
): Pick<Handlers, 'incidentReplay' | 'incidentReport' | 'incidentStatistics'> {
  const { clock, config } = deps
  const { db } = tablesOf<EmergencyDb>(deps.record)
  const nearby = createNearby(deps)
  const limits = limitsOf(config)
  return {
    async incidentReplay({ viewer: { scope }, params: { id }, query }) {
      const incident = await findIncident(db, scope, id, clock.now(), limits, [])
      return replayIncident(db, nearby, scope, incident, query, limits)
    },

    async incidentReport({ viewer: { scope, user }, params: { id }, query: { lang }, language }) {
      const now = clock.now()
      const incident = await findIncident(db, scope, id, now, limits, [])
      const { times } = walkIncident(incident, now, limits)
      const printed = { now, user, provenance: config.emergency.limits.provenance }
      const pdf = await deps.print(reviewPaper(incident, times, printed, lang ?? language), lang ?? language)
      return new Download('application/pdf', { full: `${incident.number}.pdf` }, pdf, pdf.length)
    },

    async incidentStatistics({ viewer: { scope }, query: { month = monthOf(clock.now()) } }) {
      const figures = await statisticsOf(db, scope, month, clock.now(), limits)
      return { asOf: clock.now(), month, provenance: config.emergency.limits.provenance, ...figures }
    },
  }
}

/** What a report needs of the running hub, asked with the scope of whoever wants it. Long answers are left to the thread that writes. */
import { type ExportRequest, exportQueries, parseOr, type Scope, type UptimeReport } from '@hub/contracts'
import { dayOf, uptimeRules } from '@hub/core'
import { type Deps, gatherKpis, listAdjustments, listScorecards } from '@hub/platform'
import type { Gathered } from '../gathered.ts'

type Needs = Pick<Deps, 'record' | 'uptime' | 'config' | 'clock'>

/** @throws HubError `request.invalid` for a query that the report's own route would refuse */
export async function gather(deps: Needs, request: ExportRequest, scope: Scope, now: number): Promise<Gathered> {
  const { report, query, language } = request
  switch (report) {
    case 'uptime': {
      const { by, from, to: asked, ...filter } = parseOr(exportQueries.uptime, query, 'request.invalid')
      const to = Math.max(from, Math.min(asked, now))
      const selection = { scope, filter, from, to, now }
      const [total] = await deps.uptime.by({ ...selection, by: [] })
      const rows = by.length === 0 ? [] : await deps.uptime.by({ ...selection, by })
      const { target, provenance } = deps.config.policy
      const policy = { target, provenance, rules: uptimeRules.map((rule) => rule[language]) }
      const answer: UptimeReport = { asOf: now, from, to, policy, total: total ?? nothing, rows }
      return { report, by, answer }
    }
    case 'intervals': {
      const { by: _, ...question } = parseOr(exportQueries.intervals, query, 'request.invalid')
      return { report, question }
    }
    case 'scorecards': {
      const { month = lastMonth(now), kind } = parseOr(exportQueries.scorecards, query, 'request.invalid')
      const cards = await listScorecards(deps.record.db, scope, { month, kind })
      return { report, month, answer: { asOf: now, cards } }
    }
    case 'adjustments': {
      const filter = parseOr(exportQueries.adjustments, query, 'request.invalid')
      return { report, answer: await listAdjustments(deps.record, scope, filter) }
    }
    case 'progress':
      return { report, question: parseOr(exportQueries.progress, query, 'request.invalid') }
    case 'kpis': {
      const question = parseOr(exportQueries.kpis, query, 'request.invalid')
      return { report, answer: await gatherKpis(deps, question, scope) }
    }
  }
}

const nothing: UptimeReport['total'] = {
  ...{ key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null },
}

/** The last whole month of the city. */
function lastMonth(now: number): string {
  const [year = 0, month = 1] = dayOf(now).split('-').map(Number)
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}

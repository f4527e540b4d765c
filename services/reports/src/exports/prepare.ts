/** What a report needs of the running hub, asked with the scope of whoever requested it. Long answers are left to the thread that writes. */
import { type ExportRequest, exportQueries, parseOr, type UptimeReport, type UptimeRow } from '@hub/contracts'
import { judgedBy, seenAmong, uptimePolicy, withRateText } from '@hub/core'
import type { Deps, RecordStore, Viewer } from '@hub/platform'
import { lastMonth } from '../last-month.ts'
import { changedCards } from '../scorecards/lockable.ts'
import { listScorecards } from '../scorecards/store.ts'
import type { ReportsData } from '../tables.ts'
import type { Prepared } from '../task.ts'

type Sources = Pick<Deps, 'uptime' | 'clock'> & { record: RecordStore<ReportsData> }

/** @throws HubError `request.invalid` for a query that the report's own route would refuse */
export async function prepareExport(
  sources: Sources,
  request: ExportRequest,
  { scope, devices }: Pick<Viewer, 'scope' | 'devices'>,
  now: number,
): Promise<Prepared> {
  const { record, uptime } = sources
  const { report, query, language } = request
  const within = <F extends { device?: string[] | undefined }>(filter: F): F => {
    const device = seenAmong(devices, filter.device)
    return device ? { ...filter, device } : filter
  }
  switch (report) {
    case 'uptime': {
      const { by, from, to: until, ...filter } = parseOr(exportQueries.uptime, query, 'request.invalid')
      const to = Math.max(from, Math.min(until, now))
      const selection = { scope, filter: within(filter), from, to, now }
      const [total] = await uptime.by({ ...selection, by: [] })
      const rows = by.length === 0 ? [] : await uptime.by({ ...selection, by })
      const policy = uptimePolicy(await uptime.judging({ from, to }), language)
      const figures = { total: withRateText(total ?? nothing), rows: rows.map(withRateText) }
      const answer: UptimeReport = { asOf: now, from, to, policy, ...figures }
      return { report, by, answer }
    }
    case 'intervals': {
      const { by: _, ...question } = parseOr(exportQueries.intervals, query, 'request.invalid')
      const judging = judgedBy(await uptime.judging(question))
      return { report, question: within(question), judging }
    }
    case 'scorecards': {
      const { month = lastMonth(now), kind } = parseOr(exportQueries.scorecards, query, 'request.invalid')
      const cards = await listScorecards(record.db, scope, { month, kind })
      const changed = await changedCards(sources, scope, cards)
      return { report, month, answer: { asOf: now, cards, changed } }
    }
    case 'adjustments': {
      const filter = parseOr(exportQueries.adjustments, query, 'request.invalid')
      return { report, answer: await uptime.listAdjustments(scope, filter) }
    }
    case 'progress':
      return { report, question: parseOr(exportQueries.progress, query, 'request.invalid') }
    case 'kpis': {
      const question = parseOr(exportQueries.kpis, query, 'request.invalid')
      return { report, answer: await uptime.kpis(question, scope) }
    }
  }
}

const nothing: UptimeRow = { key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null }

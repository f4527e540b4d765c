/**
 * The figures that the city reports, gathered from the Record. What is of an instant (snapshot, intact, clock) is of now; time,
 * platforms, records and positions are of the period.
 */
import {
  type GatewaysViews,
  inScope,
  type JudgingRules,
  type Kpi,
  type KpiName,
  type KpiQuery,
  type KpiReport,
  type MonitoredViews,
  provenances,
  type ReportsViews,
  type Scope,
} from '@hub/contracts'
import { dayOf, judgedBy, kpiRule, monthSpan, onlineTime, platformNormal, rateText, versionsIn } from '@hub/core'
import { type Deps, type RecordStore, tablesOf, type Uptime } from '@hub/platform'
import type { UptimeConfig } from './config.ts'
import { judgingVersions } from './judging.ts'
import { countChecks } from './monitored-checks.ts'
import { registryQueries } from './registry-queries.ts'

type Needs = Pick<Deps<UptimeConfig>, 'record' | 'config' | 'clock'> & { uptime: Pick<Uptime, 'by'> }

export const gatherKpis = async (deps: Needs, question: KpiQuery, viewer: Scope): Promise<KpiReport> =>
  addStated(deps.record, await computeKpis(deps, question, viewer), question, viewer)

/** Of a past instant it is kept how time was known, and checks of platforms never come late. */
const toldOfThen: readonly KpiName[] = ['online-time', 'platform-normal']

/** Without what was stated from outside. */
export async function computeKpis(
  { record, uptime, config, clock }: Needs,
  question: KpiQuery,
  viewer: Scope,
): Promise<KpiReport> {
  const now = clock.now()
  const { from, district, carrier, asOf } = question
  const to = Math.max(from, Math.min(question.to, now, asOf ?? now))
  const scope = district === undefined ? viewer : inScope(viewer, district) ? [district] : []
  const filter = carrier === undefined ? {} : { carrier: [carrier] }
  const versions = versionsIn(await judgingVersions({ record, config }), { from, to })
  const { rules } = versions.at(-1)!
  const clockLimitMs = rules.kpis.clockSeconds * 1_000
  const [[time], { parts, figures }, checks] = await Promise.all([
    uptime.by({ scope, filter, from, to, now, asOf, by: [] }),
    registryQueries(record).ask('registryFigures', { scope, carrier, from, to, now, clockLimitMs }),
    countChecks(tablesOf<MonitoredViews & GatewaysViews>(record).db, scope, { from, to }),
  ])
  const [snapshot, ...others] = figures
  const all = [onlineTime(time ?? nothing), snapshot, platformNormal(checks), ...others]
  const kpis = all.map((figure) => ({
    ...figure,
    rateText: rateText(figure.value),
    ...targetOf(figure.kpi, rules),
    rule: kpiRule(figure.kpi, { parts, clockLimitMs }),
    stated: null,
  }))
  const judging = judgedBy(versions)
  if (asOf === undefined) return { asOf: now, from, to, kpis, judging }
  const isKept = ({ kpi }: Kpi) => toldOfThen.includes(kpi)
  const notKept = kpis.filter((kpi) => !isKept(kpi)).map(({ kpi }) => kpi)
  return { asOf, from, to, kpis: kpis.filter(isKept), judging, notKept }
}

export async function addStated(
  record: RecordStore,
  report: KpiReport,
  question: KpiQuery,
  viewer: Scope,
): Promise<KpiReport> {
  const stated = await statedOf(record, question, viewer)
  return { ...report, kpis: report.kpis.map((kpi) => ({ ...kpi, stated: stated.get(kpi.kpi) ?? null })) }
}

function targetOf(kpi: KpiName, policy: JudgingRules): Pick<Kpi, 'target' | 'provenance'> {
  const { platformNormal, intact, clock, record, position } = policy.kpis
  const own = { 'platform-normal': platformNormal, intact, clock, record, position } as const
  if (kpi === 'online-time' || kpi === 'online-snapshot')
    return { target: policy.target, provenance: policy.provenance }
  return { target: own[kpi], provenance: provenances.kpi.zh }
}

const nothing = { up: 0, down: 0, unknown: 0, exempt: 0 }

/** The month that the period is: a stated figure is of a month. */
function monthOf({ from, to }: KpiQuery): string | undefined {
  const month = dayOf(from).slice(0, 7)
  const span = monthSpan(month)
  return span.from === from && span.to === to ? month : undefined
}

/** The place that is asked for, as a figure is stated of it; undefined for what nobody states. */
function subjectOf({ district, carrier }: KpiQuery, viewer: Scope): { kind: string; key: string } | undefined {
  if (district !== undefined)
    return carrier === undefined && inScope(viewer, district) ? { kind: 'district', key: district } : undefined
  if (viewer !== 'city') return undefined
  return carrier === undefined ? { kind: 'city', key: '' } : { kind: 'carrier', key: carrier }
}

/** Only those of the very place that is asked for. */
async function statedOf(record: RecordStore, question: KpiQuery, viewer: Scope): Promise<Map<string, Kpi['stated']>> {
  const [month, subject] = [monthOf(question), subjectOf(question, viewer)]
  if (!month || !subject) return new Map()
  const rows = await tablesOf<ReportsViews>(record)
    .db.selectFrom('reports_statement')
    .select(['what', 'value', 'source'])
    .where('month', '=', month)
    .where('subject_kind', '=', subject.kind)
    .where('subject', '=', subject.key)
    .execute()
  return new Map(rows.map(({ what, value, source }) => [what, { value, source }]))
}

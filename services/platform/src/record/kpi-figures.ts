/**
 * The figures that the city reports, gathered from the Record. What is of an instant (snapshot, intact, clock) is of now; time,
 * platforms, records and positions are of the period.
 */
import {
  type Carrier,
  type DistrictCode,
  inScope,
  type Kpi,
  type KpiName,
  type KpiReport,
  type Scope,
  type StatementRow,
} from '@hub/contracts'
import { dayOf, kpiRule, monthSpan, onlineTime, platformNormal } from '@hub/core'
import type { Deps } from '../module.ts'
import { listPlatforms } from './platforms.ts'
import { registryReader } from './registry-reader.ts'
import { listStatements } from './statements.ts'

export type KpiQuestion = {
  from: number
  to: number
  district?: DistrictCode | undefined
  carrier?: Carrier | undefined
}

type Needs = Pick<Deps, 'record' | 'uptime' | 'config' | 'clock'>

export const gatherKpis = async (deps: Needs, question: KpiQuestion, viewer: Scope): Promise<KpiReport> =>
  addStated(deps.record, await computeKpis(deps, question, viewer), question, viewer)

/** Without what was stated from outside. */
export async function computeKpis(
  { record, uptime, config, clock }: Needs,
  question: KpiQuestion,
  viewer: Scope,
): Promise<KpiReport> {
  const now = clock.now()
  const { from, district, carrier } = question
  const to = Math.max(from, Math.min(question.to, now))
  const scope = district === undefined ? viewer : inScope(viewer, district) ? [district] : []
  const filter = carrier === undefined ? {} : { carrier: [carrier] }
  const clockLimitMs = config.policy.kpis.clockSeconds * 1_000
  const [[time], { parts, figures }, platforms] = await Promise.all([
    uptime.by({ scope, filter, from, to, now, by: [] }),
    registryReader(record).ask('registryFigures', { scope, carrier, from, to, now, clockLimitMs }),
    listPlatforms(record.db, scope, { from, to }),
  ])
  const [snapshot, ...others] = figures
  const all = [onlineTime(time ?? nothing), snapshot, platformNormal(platforms), ...others]
  const kpis = all.map((figure) => ({
    ...figure,
    ...targetOf(figure.kpi, config.policy),
    rule: kpiRule(figure.kpi, { parts, clockLimitMs }),
    stated: null,
  }))
  return { asOf: now, from, to, kpis }
}

export async function addStated(
  { db }: Pick<Deps['record'], 'db'>,
  report: KpiReport,
  question: KpiQuestion,
  viewer: Scope,
): Promise<KpiReport> {
  const stated = statedOf(await listStatements(db, viewer, monthOf(question)), question, viewer)
  return { ...report, kpis: report.kpis.map((kpi) => ({ ...kpi, stated: stated.get(kpi.kpi) ?? null })) }
}

function targetOf(kpi: KpiName, policy: Deps['config']['policy']): Pick<Kpi, 'target' | 'provenance'> {
  const { platformNormal, intact, clock, record, position } = policy.kpis
  const own = { 'platform-normal': platformNormal, intact, clock, record, position } as const
  if (kpi === 'online-time' || kpi === 'online-snapshot')
    return { target: policy.target, provenance: policy.provenance }
  return { target: own[kpi], provenance: '考核指标参考值，非合同阈值' }
}

const nothing = { up: 0, down: 0, unknown: 0, exempt: 0 }

/** The month that the period is: a stated figure is of a month. */
function monthOf({ from, to }: KpiQuestion): string | undefined {
  const month = dayOf(from).slice(0, 7)
  const span = monthSpan(month)
  return span.from === from && span.to === to ? month : '-'
}

/** Only those of the very place that is asked for. */
function statedOf(statements: readonly StatementRow[], { district, carrier }: KpiQuestion, viewer: Scope) {
  const place =
    district !== undefined && carrier === undefined
      ? `district ${district}`
      : viewer !== 'city' || district !== undefined
        ? undefined
        : carrier === undefined
          ? 'city '
          : `carrier ${carrier}`
  return new Map<string, Kpi['stated']>(
    statements
      .filter(({ subject }) => `${subject.kind} ${subject.key}` === place)
      .map(({ what, value, source }) => [what, { value, source }]),
  )
}

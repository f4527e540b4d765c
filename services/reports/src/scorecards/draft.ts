/**
 * The figures of a month that its scorecards are made of: computed where the hub measures, stated where a report from outside
 * names one, unmeasured otherwise.
 */
import {
  HubError,
  limitText,
  type ScoreItem,
  ScoreSubject,
  type Statement,
  scoreItems,
  type UptimeRow,
} from '@hub/contracts'
import { coverageOf, judgedBy, monthSpan, scoreCard } from '@hub/core'
import type { Deps, RecordStore } from '@hub/platform'
import type { ReportsData } from '../tables.ts'
import { type Counts, countRepairs } from './repairs.ts'
import { listStatements, ownsSubject } from './statements.ts'
import type { ScorecardDraft } from './store.ts'

type Kind = ScoreSubject['kind']
export type Sources = Pick<Deps, 'uptime' | 'clock'> & { record: RecordStore<ReportsData> }

const sources = {
  online: '设备状态区间（已计豁免与更正）',
  image: '最近一次取图判定',
  record: '一机一档必填字段',
  repair: '当月到期工单（按时修复 ÷ 应修复）',
} as const

/**
 * One draft for each subject that had a device due in the month and that the viewer may make cards of: districts of the scope; carriers,
 * whose cards are of the whole city, only for the whole city.
 * @param month `YYYY-MM`; one that still runs is scored up to now
 * @throws HubError `request.invalid` for a month that has not begun
 */
export async function draftScores(
  { record, uptime, clock }: Sources,
  month: string,
  kind: Kind,
  scope: Parameters<typeof ownsSubject>[0],
): Promise<ScorecardDraft[]> {
  const now = clock.now()
  const { from, to } = monthSpan(month)
  if (from >= now)
    throw new HubError('request.invalid', { field: 'month', value: month, limit: limitText('not-begun') })
  if (kind === 'carrier' && scope !== 'city') return []
  const rows = await uptime.by({ scope, filter: {}, from, to: Math.min(to, now), now, by: [kind] })
  const counts = await uptime.registryCounts({ kind, from, to })
  const registry = new Map(counts.map((row) => [row.subject, row]))
  const repairs = await countRepairs(record.db, kind, { from, to: Math.min(to, now) })
  const statements = await listStatements(record.db, scope, month)
  // By the rules that held when the month began: one that changes in it holds for the next.
  const versions = await uptime.judging({ from, to: Math.min(to, now) })
  const { scorecard: policy, coverage: rule } = versions[0]!.rules
  return rows.flatMap((row) => {
    const subject = ScoreSubject.safeParse({ kind, key: row.key[kind] }).data
    if (!subject || row.devices === 0 || !ownsSubject(scope, subject)) return []
    const { record: fields, image } = registry.get(subject.key) ?? { record: nothing, image: nothing }
    const measured = {
      online: { ...onlineOf(row), source: sources.online },
      image: { ...image, source: sources.image },
      record: { ...fields, source: sources.record },
      repair: { ...(repairs.get(subject.key) ?? nothing), source: sources.repair },
    }
    const score = scoreCard({
      policy,
      coverage: coverageOf(row, rule),
      measured,
      stated: statedOf(statements, subject),
    })
    const { devices, up, down, unknown, exempt } = row
    const totals = { up, down, unknown, exempt }
    return [{ month, subject, ...score, policy, judging: judgedBy(versions), devices, totals, asOf: now }]
  })
}

const nothing: Counts = { numerator: 0, denominator: 0 }
const onlineOf = ({ up, down }: UptimeRow): Counts => ({ numerator: up, denominator: up + down })

function statedOf(statements: readonly Statement[], { kind, key }: ScoreSubject) {
  const stated: { [item in ScoreItem]?: { value: number; source: string } } = {}
  for (const { what, subject, value, source } of statements)
    if (subject.kind === kind && subject.key === key && isItem(what)) stated[what] = { value, source }
  return stated
}

const isItem = (what: string): what is ScoreItem => (scoreItems as readonly string[]).includes(what)

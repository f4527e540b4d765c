/**
 * The figures of a month that its scorecards are made of: computed where the hub measures, stated where a report from outside
 * names one, unmeasured otherwise.
 */
import { HubError, type ScoreItem, ScoreSubject, type Statement, scoreItems, type UptimeRow } from '@hub/contracts'
import { monthSpan, type Span, scoreCard } from '@hub/core'
import { sql } from 'kysely'
import type { Deps } from '../module.ts'
import { registryReader } from './registry-reader.ts'
import type { ScorecardDraft } from './scorecards.ts'
import { listStatements, ownsSubject } from './statements.ts'

type Kind = ScoreSubject['kind']
type Counts = { numerator: number; denominator: number }

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
export async function gatherScores(
  { record, uptime, config, clock }: Pick<Deps, 'record' | 'uptime' | 'config' | 'clock'>,
  month: string,
  kind: Kind,
  scope: Parameters<typeof ownsSubject>[0],
): Promise<ScorecardDraft[]> {
  const now = clock.now()
  const { from, to } = monthSpan(month)
  if (from >= now) throw new HubError('request.invalid', { field: 'month', value: month, limit: 'has not begun' })
  if (kind === 'carrier' && scope !== 'city') return []
  const rows = await uptime.by({ scope, filter: {}, from, to: Math.min(to, now), now, by: [kind] })
  const counts = await registryReader(record).ask('registryCounts', { kind, from, to })
  const registry = new Map(counts.map((row) => [row.subject, row]))
  const repairs = await countRepairs(record, kind, { from, to: Math.min(to, now) })
  const statements = await listStatements(record.db, scope, month)
  const policy = config.policy.scorecard
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
    const score = scoreCard({ policy, measured, stated: statedOf(statements, subject) })
    const { devices, up, down, unknown, exempt } = row
    return [{ month, subject, ...score, policy, devices, totals: { up, down, unknown, exempt }, asOf: now }]
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

/** Work orders whose limit to repair fell in the period, and those of them that were done by then, by subject. */
async function countRepairs(
  { db }: Pick<Deps['record'], 'db'>,
  kind: Kind,
  { from, to }: Span,
): Promise<Map<string, Counts>> {
  const [subject, table] =
    kind === 'carrier' ? [sql`carrier`, sql`work_order`] : [sql`value`, sql`work_order, json_each(districts)`]
  const { rows } = await sql<Counts & { subject: string }>`
    SELECT ${subject} AS subject, coalesce(sum(done_at <= repair_by), 0) AS numerator, count(*) AS denominator
    FROM ${table} WHERE repair_by >= ${from} AND repair_by < ${to} AND status <> 'cancelled' AND ${subject} IS NOT NULL
    GROUP BY 1`.execute(db)
  return new Map(rows.map(({ subject, ...counts }) => [subject, counts]))
}

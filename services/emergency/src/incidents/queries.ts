/** Incidents as they are listed and counted: what lies beyond a viewer's districts is not there. */
import {
  type DistrictCode,
  districtCodes,
  type IncidentCounts,
  type IncidentList,
  type IncidentQuery,
  inScope,
  type Scope,
} from '@hub/contracts'
import { dayMs, type IncidentLimits } from '@hub/core'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../tables.ts'
import { clocksOfRow, incidentRowOf, type Row, unitsOf } from './rows.ts'
import { openStatuses, statusesOf } from './statuses.ts'

/** For a query over `incident`. */
export const within = (scope: Scope): RawBuilder<boolean> =>
  scope === 'city' ? sql`1 = 1` : sql`district IN (${sql.join([...scope])})`

/** Of those that are open the worst first, and no pages; of others the latest first. */
export async function listIncidents(
  db: Db,
  scope: Scope,
  query: IncidentQuery,
  now: number,
  limits: IncidentLimits,
): Promise<IncidentList> {
  const matched = db.selectFrom('incident').where(matching(scope, query))
  const { total } = await matched.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const { rows, next } = query.view === 'open' ? await worst() : await latest()
  const units = await unitsOf(
    db,
    rows.map(({ id }) => id),
  )
  const incidents = rows.map((row) => incidentRowOf(row, clocksOfRow(row, units.get(row.id) ?? [], now, limits)))
  return { asOf: now, incidents, total: Number(total), next }

  async function worst(): Promise<{ rows: Row[]; next: null }> {
    const rows = await matched
      .selectAll()
      .orderBy(sql`coalesce(level, 0)`)
      .orderBy('accepted_at', 'desc')
      .orderBy('number', 'desc')
      .limit(query.limit)
      .execute()
    return { rows, next: null }
  }
  /** Those of one instant stay on one page: nothing falls between two. */
  async function latest(): Promise<{ rows: Row[]; next: number | null }> {
    const upTo = query.before === undefined ? matched : matched.where('accepted_at', '<', query.before)
    const last = await upTo
      .select('accepted_at')
      .orderBy('accepted_at', 'desc')
      .limit(1)
      .offset(query.limit - 1)
      .executeTakeFirst()
    const page = last === undefined ? upTo : upTo.where('accepted_at', '>=', last.accepted_at)
    const rows = await page.selectAll().orderBy('accepted_at', 'desc').orderBy('number', 'desc').execute()
    const more =
      last && (await upTo.select('id').where('accepted_at', '<', last.accepted_at).limit(1).executeTakeFirst())
    return { rows, next: more && last ? last.accepted_at : null }
  }
}

function matching(scope: Scope, query: IncidentQuery): RawBuilder<boolean> {
  const { view, drill, district, level, class: classes, source, search, from, to } = query
  const conditions: RawBuilder<unknown>[] = [within(scope)]
  const among = (column: string, values: readonly (string | number)[] | undefined) => {
    if (values) conditions.push(sql`${sql.ref(column)} IN (${sql.join([...values])})`)
  }
  if (view !== 'all') among('status', statusesOf[view])
  if (drill !== 'both') conditions.push(sql`drill = ${Number(drill === 'yes')}`)
  among('district', district)
  among('level', level)
  among('class', classes)
  among('source', source)
  if (from !== undefined) conditions.push(sql`accepted_at >= ${from}`)
  if (to !== undefined) conditions.push(sql`accepted_at < ${to}`)
  if (search !== undefined) {
    const like = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(
      sql`(lower(number) LIKE ${like} ESCAPE '\\' OR lower(title) LIKE ${like} ESCAPE '\\' OR lower(address) LIKE ${like} ESCAPE '\\')`,
    )
  }
  return sql`${sql.join(conditions, sql` AND `)}`
}

/** Every district of the viewer, those without an incident, too. */
export async function countIncidents(db: Db, scope: Scope, now: number): Promise<IncidentCounts> {
  const isOpen = sql`status IN (${sql.join([...openStatuses])})`
  const { rows } = await sql<{ district: string; open: number; unseen: number; worst: number | null; lastDay: number }>`
    SELECT district, sum(CASE WHEN ${isOpen} THEN 1 ELSE 0 END) AS open,
      sum(CASE WHEN ${isOpen} AND acknowledged_at IS NULL THEN 1 ELSE 0 END) AS unseen,
      min(CASE WHEN ${isOpen} THEN level END) AS worst,
      sum(CASE WHEN accepted_at > ${now - dayMs} THEN 1 ELSE 0 END) AS "lastDay"
    FROM incident WHERE drill = 0 AND ${within(scope)} AND (${isOpen} OR accepted_at > ${now - dayMs})
    GROUP BY district`.execute(db)
  const counted = new Map(rows.map((row) => [row.district, row]))
  const none = (district: DistrictCode) => ({ district, open: 0, unseen: 0, worst: null, lastDay: 0 })
  const own = districtCodes.filter((code) => inScope(scope, code))
  return { asOf: now, districts: own.map((code) => ({ ...none(code), ...counted.get(code), district: code })) }
}

/** What people said of outages, to be read: of one outage, as choices for a cause, as agreement by month. */
import type { CauseChoices, Judgement, OutageAgreement, OutageRow, Scope } from '@hub/contracts'
import { monthOf } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import { within } from './board.ts'
import type { OutagesDb } from './tables.ts'

type Db = Kysely<OutagesDb>

/** Also those that made it: by which it was split off from another. */
export async function judgementsOf(db: Db, outage: string): Promise<Judgement[]> {
  const { rows } = await sql<Stored>`
    SELECT id, at, actor, act, outage, others, devices, was, cause, reason, undoes, undone, effect FROM outage_judgement
    WHERE outage = ${outage} OR EXISTS (SELECT 1 FROM json_each(others) WHERE value = ${outage}) ORDER BY id DESC`.execute(
    db,
  )
  return rows.map((r) => ({
    ...r,
    others: JSON.parse(r.others),
    was: JSON.parse(r.was),
    cause: r.cause === null ? null : JSON.parse(r.cause),
    undone: r.undone === 1,
  }))
}
type Stored = Omit<Judgement, 'others' | 'was' | 'cause' | 'undone'> & {
  others: string
  was: string
  cause: string | null
  undone: number
}

const choicesMost = 40
type Recorded = {
  pole: string | null
  feed: string | null
  switch: string | null
  recorder: string | null
  gateway: string | null
  line: string
  district: string
}
const kinds = ['pole', 'feed', 'switch', 'recorder', 'line', 'gateway', 'district'] as const

export async function causeChoices(db: Db, scope: Scope, { id }: Pick<OutageRow, 'id'>): Promise<CauseChoices> {
  const { rows } = await sql<Recorded>`
    SELECT DISTINCT d.id, d.pole, d.feed, d.switch, d.recorder, b.gateway, d.carrier || '/' || d.district AS line, d.district
    FROM outage_member m JOIN registry_device d ON d.id = m.device LEFT JOIN gateways_binding b ON b.device = d.id
    WHERE m.outage = ${id} AND ${within(scope)}`.execute(db)
  const counts = new Map<string, CauseChoices['choices'][number]>()
  for (const row of rows)
    for (const kind of kinds) {
      const key = row[kind]
      if (key === null) continue
      const choice = counts.get(`${kind}:${key}`)
      if (choice) choice.members++
      else counts.set(`${kind}:${key}`, { kind, key, members: 1 })
    }
  const rank = (kind: string) => kinds.indexOf(kind as (typeof kinds)[number])
  const choices = [...counts.values()].sort((a, b) => b.members - a.members || rank(a.kind) - rank(b.kind))
  return { choices: choices.slice(0, choicesMost) }
}

/** Undone ones, and those without effect, count for nothing. */
export async function agreementOf(db: Db, asOf: number): Promise<OutageAgreement> {
  const rows = await db
    .selectFrom('outage_judgement')
    .select(['at', 'act', 'outage'])
    .where('undone', '=', 0)
    .where('effect', '<>', 'lost')
    .where('act', '<>', 'undo')
    .orderBy('at', 'desc')
    .execute()
  const months = new Map<string, Map<string, boolean>>()
  for (const { at, act, outage } of rows) {
    const month = monthOf(at)
    const judged = months.get(month) ?? new Map<string, boolean>()
    months.set(month, judged.set(outage, (judged.get(outage) ?? true) && act === 'confirm'))
  }
  return {
    asOf,
    months: [...months].map(([month, judged]) => ({
      month,
      judged: judged.size,
      agreed: [...judged.values()].filter((agreed) => agreed).length,
    })),
  }
}

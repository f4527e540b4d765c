/** Linkage rules as they are kept: every version, of which the latest counts. */
import { randomUUID } from 'node:crypto'
import { HubError, type LinkageRule, type RuleDraft, type RuleState } from '@hub/contracts'
import { dayMs, hourMs } from '@hub/core'
import { sql } from 'kysely'
import type { Db } from './db.ts'

export type KeptRule = Pick<LinkageRule, 'id' | 'version' | 'draft' | 'state'>

/** Those that act or try: by what is kept, not by who may see them. */
export async function activeRules(db: Db): Promise<KeptRule[]> {
  const rows = await db
    .selectFrom('linkage_rule')
    .select(['id', 'version', 'draft', 'state'])
    .where('latest', '=', 1)
    .where('state', '!=', 'off')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, draft: JSON.parse(row.draft), state: row.state as RuleState }))
}

/** Each in its latest version, by name. */
export async function listRules(db: Db, now: number, id?: string): Promise<LinkageRule[]> {
  const since = now - dayMs
  const rows = await db
    .selectFrom('linkage_rule')
    .selectAll()
    .where('latest', '=', 1)
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .execute()
  const runs = await db
    .selectFrom('linkage_run')
    .select(['rule', sql<number>`sum(1 - dry)`.as('runs'), sql<number>`sum(dry)`.as('dryRuns')])
    .where('at', '>', since)
    .groupBy('rule')
    .execute()
  const last = await db
    .selectFrom('linkage_run')
    .select(['rule', sql<number>`max(at)`.as('at')])
    .groupBy('rule')
    .execute()
  const counts = await db
    .selectFrom('linkage_count')
    .select(['rule', sql<number>`sum(held)`.as('held'), sql<number>`sum(late)`.as('late')])
    .where('hour', '>', Math.floor(since / hourMs))
    .groupBy('rule')
    .execute()
  const byRule = <T extends { rule: string }>(all: T[], rule: string) => all.find((each) => each.rule === rule)
  return rows
    .map(({ latest: _, ...row }): LinkageRule => {
      const [ran, count] = [byRule(runs, row.id), byRule(counts, row.id)]
      return {
        ...row,
        draft: JSON.parse(row.draft),
        state: row.state as RuleState,
        runs: Number(ran?.runs ?? 0),
        dryRuns: Number(ran?.dryRuns ?? 0),
        held: Number(count?.held ?? 0),
        late: Number(count?.late ?? 0),
        lastRunAt: byRule(last, row.id)?.at ?? null,
      }
    })
    .sort((a, b) => a.draft.name.localeCompare(b.draft.name, 'zh') || (a.id < b.id ? -1 : 1))
}

/** @throws HubError `linkage-rule.unknown` */
export async function findRule(db: Db, id: string, now: number): Promise<LinkageRule> {
  const [rule] = await listRules(db, now, id)
  if (!rule) throw new HubError('linkage-rule.unknown', { value: id })
  return rule
}

/** A rule, or its next version: in dry run, with nothing remembered. @returns its id */
export async function putRule(trx: Db, id: string | null, draft: RuleDraft, by: string, at: number): Promise<string> {
  const before = id === null ? undefined : await findRule(trx, id, at)
  const rule = id ?? randomUUID()
  await trx.updateTable('linkage_rule').set({ latest: 0 }).where('id', '=', rule).execute()
  await trx.deleteFrom('linkage_memory').where('rule', '=', rule).execute()
  await trx
    .insertInto('linkage_rule')
    .values({
      id: rule,
      version: (before?.version ?? 0) + 1,
      draft: JSON.stringify(draft),
      state: 'dry-run',
      at,
      by,
      latest: 1,
    })
    .execute()
  return rule
}

/** What it remembers goes: it begins anew with what comes from then on. @throws HubError `linkage-rule.unknown` */
export async function switchRule(trx: Db, id: string, state: RuleState, now: number): Promise<void> {
  const rule = await findRule(trx, id, now)
  await trx
    .updateTable('linkage_rule')
    .set({ state })
    .where('id', '=', id)
    .where('version', '=', rule.version)
    .execute()
  await trx.deleteFrom('linkage_memory').where('rule', '=', id).execute()
}

/** One more that did not become a run. */
export async function countUnrun(trx: Db, rule: string, at: number, { held = 0, late = 0 }): Promise<void> {
  await trx
    .insertInto('linkage_count')
    .values({ rule, hour: Math.floor(at / hourMs), held, late })
    .onConflict((conflict) =>
      conflict.columns(['rule', 'hour']).doUpdateSet((row) => ({
        held: sql<number>`${row.ref('linkage_count.held')} + ${held}`,
        late: sql<number>`${row.ref('linkage_count.late')} + ${late}`,
      })),
    )
    .execute()
}

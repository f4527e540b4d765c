/** Runs as they are shown. */
import type { LinkageRun, RunAction, Scope } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { EmergencyDb } from '../tables.ts'

type Db = Kysely<EmergencyDb>

/** Of an incident, the latest first. */
export const runsOfIncident = (db: Db, incident: string): Promise<LinkageRun[]> =>
  listRuns(db, 'city', { incident, limit: 100 })

export async function listRuns(
  db: Db,
  scope: Scope,
  { rule, incident, limit }: { rule?: string | undefined; incident?: string | undefined; limit: number },
): Promise<LinkageRun[]> {
  const rows = await db
    .selectFrom('linkage_run')
    .selectAll()
    .$if(rule !== undefined, (query) => query.where('rule', '=', rule!))
    .$if(incident !== undefined, (query) => query.where('incident', '=', incident!))
    .$if(scope !== 'city', (query) => query.where('district', 'in', scope === 'city' ? [] : [...scope]))
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  const ids = rows.map(({ id }) => id)
  const actions =
    ids.length === 0
      ? []
      : await db
          .selectFrom('linkage_action')
          .selectAll()
          .where('run', 'in', ids)
          .orderBy('run')
          .orderBy('seq')
          .orderBy('target')
          .execute()
  const byRun = Map.groupBy(actions, ({ run }) => run)
  return rows.map(({ district: _, rule_name, dry, trigger, state, ...row }) => ({
    ...row,
    ruleName: rule_name,
    dry: dry === 1,
    state: state as LinkageRun['state'],
    trigger: JSON.parse(trigger) as LinkageRun['trigger'],
    actions: (byRun.get(row.id) ?? []).map(
      (action): RunAction => ({
        seq: action.seq,
        kind: action.kind as RunAction['kind'],
        target: action.target === '' ? null : action.target,
        targetName: action.target_name,
        state: action.state as RunAction['state'],
        key: action.key,
        attempts: action.attempts,
        startedAt: action.started_at,
        finishedAt: action.finished_at,
        deadline: action.deadline,
        reason: action.reason,
        result: JSON.parse(action.result) as RunAction['result'],
      }),
    ),
  }))
}

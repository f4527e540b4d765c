/**
 * The rules by which states and scores are judged. What the configuration says at a start is compared with the last version: other rules hold
 * from now on, those who answer for the figures are told, and whoever reads the audit log sees who is judged by what since when.
 */
import { JudgingRules, type JudgingVersion, type MessageInput } from '@hub/contracts'
import { changedRules } from '@hub/core'
import { type Deps, type PlatformConfig, type PlatformTables, tablesIn, tablesOf } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { UptimeTables } from './tables.ts'

/** Of the whole hub's configuration, of which each room knows its own part only. */
const rulesOf = ({ policy }: PlatformConfig): JudgingRules => JudgingRules.parse(policy)

/** All versions, ascending. */
async function listVersions(db: Kysely<PlatformTables & UptimeTables>): Promise<JudgingVersion[]> {
  const rows = await db.selectFrom('judging_rules').selectAll().orderBy('from_at').execute()
  return rows.map(({ from_at, rules }) => ({ from: from_at, rules: JudgingRules.parse(JSON.parse(rules)) }))
}

/** All versions; before any was noted what the configuration says holds for all time. */
export async function judgingVersions({ record, config }: Pick<Deps, 'record' | 'config'>): Promise<JudgingVersion[]> {
  const noted = await listVersions(tablesOf<UptimeTables>(record).db)
  return noted.length > 0 ? noted : [{ from: 0, rules: rulesOf(config) }]
}

/** At a start, before anything is judged. */
export async function noteRules({
  record,
  config,
  clock,
  audit,
  log,
  outbox,
}: Pick<Deps, 'record' | 'config' | 'clock' | 'audit' | 'log'> & {
  outbox: Pick<Deps['outbox'], 'append'>
}): Promise<void> {
  const rules = rulesOf(config)
  await record.transaction(async (trx) => {
    const own = tablesIn<UptimeTables>(trx)
    const last = (await listVersions(own)).at(-1)
    const changes = last ? changedRules(last.rules, rules) : []
    if (last && changes.length === 0) return
    const at = clock.now()
    const from = last ? Math.max(at, last.from + 1) : 0
    await own
      .insertInto('judging_rules')
      .values({ from_at: from, rules: JSON.stringify(rules) })
      .execute()
    if (!last) return
    log.warn({ from, changes }, 'rules of judging have changed: they hold from now on')
    const said = changes.map(({ field, was, now }) => `${field}: ${was} → ${now}`).join('; ')
    await audit.append(trx, {
      at,
      actor: 'hub',
      action: 'judging.change',
      subject: 'policy',
      detail: { changes: said },
    })
    await outbox.append(trx, 'notificationRequested', {}, toldOf(from, changes, at))
  })
}

type Told = Extract<MessageInput<'notificationRequested'>, { kind: 'rules' }>

const toldOf = (from: number, changes: ReturnType<typeof changedRules>, at: number): Told => ({
  v: 1,
  at,
  kind: 'rules',
  key: String(from),
  importance: 'normal',
  ended: true,
  districts: [],
  state: { from, changes: changes as Told['state']['changes'] },
})

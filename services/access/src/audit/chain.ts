/**
 * The chain of the audit. Problem: whoever can write the file can edit or delete a line. So each line gets a hash over itself and the
 * hash before, soon after it is written and whoever wrote it; the newest hash (the anchor) is written to the log, which is kept elsewhere.
 * Invariant: lines are linked in the order of their ids, without a gap.
 */
import { sha256, yieldToEventLoop } from '@hub/platform'
import type { Kysely, Transaction } from 'kysely'
import type { AccessTables } from '../tables.ts'

/** The newest link: what an outsider must keep to notice that the whole chain was written anew. */
export type AuditAnchor = { id: number; hash: string }
export type AuditState = {
  /** False when a line was edited, taken out or cut off. */
  whole: boolean
  /** The first line that does not hold; null when all hold. */
  brokenAt: number | null
  anchor: AuditAnchor | null
}

type Line = { id: number; at: number; actor: string; action: string; subject: string; detail: string }

const columns = ['id', 'at', 'actor', 'action', 'subject', 'detail'] as const
const hashOf = (before: string, line: Line): string => sha256(JSON.stringify([before, ...columns.map((c) => line[c])]))

/** Lines of one step of the check: between two of them the event loop goes on. */
const step = 1_000

/** Links the lines that are not linked yet, in one transaction: nobody else may link meanwhile. @returns the newest link */
export async function linkAudit(trx: Transaction<AccessTables>): Promise<AuditAnchor | undefined> {
  let last = await trx.selectFrom('audit_link').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  for (;;) {
    const lines = await trx
      .selectFrom('audit')
      .select(columns)
      .where('id', '>', last?.id ?? 0)
      .orderBy('id')
      .limit(step)
      .execute()
    if (lines.length === 0) return last
    const links: AuditAnchor[] = []
    for (const line of lines) {
      last = { id: line.id, hash: hashOf(last?.hash ?? '', line) }
      links.push(last)
    }
    await trx.insertInto('audit_link').values(links).execute()
  }
}

/**
 * Reads every line again. @param kept an anchor that was logged earlier: the chain must still hold it.
 */
export async function verifyAudit(db: Kysely<AccessTables>, kept?: AuditAnchor): Promise<AuditState> {
  let anchor: AuditAnchor | null = null
  let keptHolds = kept === undefined
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('audit_link')
      .leftJoin('audit', 'audit.id', 'audit_link.id')
      .select(['audit_link.id as link', 'hash', ...columns.map((c) => `audit.${c}` as const)])
      .where('audit_link.id', '>', after)
      .orderBy('audit_link.id')
      .limit(step)
      .execute()
    for (const { link, hash, ...line } of rows) {
      if (line.id === null || hash !== hashOf(anchor?.hash ?? '', line as Line))
        return { whole: false, brokenAt: link, anchor }
      anchor = { id: link, hash }
      if (kept?.id === link) keptHolds = kept.hash === hash
    }
    if (rows.length < step) break
    after = rows.at(-1)!.link
    await yieldToEventLoop()
  }
  const end = anchor?.id ?? 0
  const cut = !keptHolds || (await lastWritten(db, end)) > end
  return { whole: !cut, brokenAt: cut ? end + 1 : null, anchor }
}

/** The highest id ever given to a line that should be linked: lines after `end` that are there wait for their link. */
async function lastWritten(db: Kysely<AccessTables>, end: number): Promise<number> {
  const given = await db.selectFrom('sqlite_sequence').select('seq').where('name', '=', 'audit').executeTakeFirst()
  const { waiting } = await db
    .selectFrom('audit')
    .select(db.fn.countAll<number>().as('waiting'))
    .where('id', '>', end)
    .executeTakeFirstOrThrow()
  return (given?.seq ?? 0) - waiting
}

export type AuditFilters = {
  actor?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  from?: number | undefined
  to?: number | undefined
  /** Only lines before this one. */
  before?: number | undefined
  limit: number
}

/** Newest first. */
export async function listAudit(
  db: Kysely<AccessTables>,
  { actor, action, subject, from, to, before, limit }: AuditFilters,
): Promise<(Omit<Line, 'detail'> & { detail: { [name: string]: unknown }; hash: string | null })[]> {
  let query = db
    .selectFrom('audit')
    .leftJoin('audit_link', 'audit_link.id', 'audit.id')
    .select([...columns.map((c) => `audit.${c}` as const), 'hash'])
  if (actor) query = query.where('actor', '=', actor)
  if (action) query = query.where('action', '=', action)
  if (subject) query = query.where('subject', '=', subject)
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<', to)
  if (before !== undefined) query = query.where('audit.id', '<', before)
  const rows = await query.orderBy('audit.id', 'desc').limit(limit).execute()
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }))
}

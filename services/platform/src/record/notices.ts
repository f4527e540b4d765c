/**
 * Notices on their way to channels, and what each recipient has been told. What is decided and what is queued are one transaction,
 * so a restart neither tells twice nor forgets. All that writes runs inside `record.commit`.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { OutageRow } from '@hub/contracts'
import type { Tellable, ToldState } from '@hub/core'

export type NewNotice = {
  channel: string
  /** What it says: a `TellingKind`, or `digest`. A row without one is a test. */
  kind: string
  outage: string | null
  /** The order whose limit is near or has passed; absent: none. */
  workOrder?: string | null
  subject: string
  /** Lines of plain text: each channel makes its own format of them. */
  body: string
  /** JSON array: what a machine reads. */
  facts: string
}
export type QueuedNotice = NewNotice & { id: number; attempts: number; nextAt: number; createdAt: number }

/** An outage as far as deciding needs it. */
export type TellableOutage = Tellable & { id: string; down: number; districts: OutageRow['districts'] }
/** An outage as it is told of. */
export type ToldOutage = TellableOutage & Pick<OutageRow, 'evidence' | 'name'>

export type Told = ToldState & { outage: string; channel: string }

const kept = "('open', 'acknowledged', 'in-progress', 'resolved')"

/**
 * What is not closed or whose end is still to be told.
 * @param lone devices that failed by themselves too: there may be many, and they matter only to a digest
 */
export function listTellable(sqlite: DatabaseSync, lone: boolean): TellableOutage[] {
  const wanted = `merged_into IS NULL AND expected = 0${lone ? '' : " AND cause_kind NOT IN ('device', 'flapping')"}`
  const columns = `id, cause_kind, cause_key, cause_mode, from_at, to_at, districts, expected, members, down, importance, status,
    silenced_until, escalation`
  const rows = sqlite
    .prepare(
      `SELECT ${columns} FROM outage WHERE status IN ${kept} AND ${wanted}
       UNION ALL SELECT ${columns} FROM outage WHERE status = 'closed' AND ${wanted}
         AND id IN (SELECT outage FROM outage_told WHERE healed = 0)`,
    )
    .all() as StoredOutage[]
  return rows.map(outageOf)
}

/** What has ended since then, whoever was told of it or not. */
export function listEnded(sqlite: DatabaseSync, since: number): TellableOutage[] {
  const rows = sqlite
    .prepare('SELECT * FROM outage WHERE merged_into IS NULL AND expected = 0 AND to_at >= ?')
    .all(since) as StoredOutage[]
  return rows.map(outageOf)
}

/** Undefined when it is gone. */
export function findTold(sqlite: DatabaseSync, id: string): ToldOutage | undefined {
  const row = sqlite
    .prepare(
      `SELECT *, CASE WHEN members = 1 THEN (SELECT d.name FROM outage_member m JOIN device d ON d.id = m.device
         WHERE m.outage = outage.id LIMIT 1) END AS name FROM outage WHERE id = ?`,
    )
    .get(id) as (StoredOutage & { evidence: string; name: string | null }) | undefined
  return row && { ...outageOf(row), evidence: JSON.parse(row.evidence), name: row.name }
}

/** What all recipients know of these outages. */
export function listTold(sqlite: DatabaseSync, outages: readonly string[]): Told[] {
  const rows = sqlite
    .prepare('SELECT * FROM outage_told WHERE outage IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(outages)) as StoredTold[]
  return rows.map((r) => ({
    ...{ outage: r.outage, channel: r.channel, at: r.at, how: r.how, kind: r.cause_kind, members: r.members },
    ...{ importance: r.importance, further: r.further === 1, escalated: r.escalated === 1, healed: r.healed === 1 },
    rounds: r.rounds,
  }))
}

/** Puts notices in the queue and remembers who has been told of what. */
export function enqueueNotices(
  sqlite: DatabaseSync,
  notices: readonly NewNotice[],
  told: readonly Told[],
  now: number,
): void {
  const insert = sqlite.prepare(
    `INSERT INTO notice (channel, kind, outage, work_order, subject, body, facts, status, next_at, created_at)
     VALUES (:channel, :kind, :outage, :workOrder, :subject, :body, :facts, 'waiting', :now, :now)`,
  )
  for (const notice of notices) insert.run({ workOrder: null, ...notice, now })
  if (told.length === 0) return
  // A digest may name as many outages as there are devices: two statements, not two for each.
  const rows = JSON.stringify(told)
  sqlite
    .prepare(
      `INSERT OR REPLACE INTO outage_told (outage, channel, at, how, cause_kind, members, importance, further, escalated, healed, rounds)
       SELECT value->>'outage', value->>'channel', value->>'at', value->>'how', value->>'kind', value->>'members',
         value->>'importance', value->>'further', value->>'escalated', value->>'healed', value->>'rounds' FROM json_each(?)`,
    )
    .run(rows)
  sqlite
    .prepare(
      "UPDATE outage SET notified_at = ? WHERE notified_at IS NULL AND id IN (SELECT value->>'outage' FROM json_each(?))",
    )
    .run(now, rows)
}

const digestKey = (channel?: string) => (channel === undefined ? 'notices:digest' : `notices:digest:${channel}`)

/** Up to when digests have been due; of a channel, up to when one that went has told. Null before the first. */
export function lastDigest(sqlite: DatabaseSync, channel?: string): number | null {
  const row = sqlite.prepare('SELECT value FROM meta WHERE key = ?').get(digestKey(channel)) as
    | { value: string }
    | undefined
  return row ? Number(row.value) : null
}
export function putLastDigest(sqlite: DatabaseSync, at: number, channel?: string): void {
  sqlite.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(digestKey(channel), String(at))
}

/** When a notice, tests aside, was last put in the queue of each channel. */
export function lastQueued(sqlite: DatabaseSync): Map<string, number> {
  const rows = sqlite
    .prepare("SELECT channel, max(created_at) AS at FROM notice WHERE kind <> 'test' GROUP BY channel")
    .all() as { channel: string; at: number }[]
  return new Map(rows.map(({ channel, at }) => [channel, at]))
}

/** What the channel must send next, due or not: a test before all else, then in the order of the queue. */
export function nextNotice(sqlite: DatabaseSync, channel: string): QueuedNotice | undefined {
  const row = sqlite
    .prepare(
      `SELECT id, channel, kind, outage, work_order AS workOrder, subject, body, facts, attempts, next_at AS nextAt, created_at AS createdAt FROM notice
       WHERE channel = ? AND status = 'waiting' ORDER BY kind <> 'test', id LIMIT 1`,
    )
    .get(channel)
  return row as QueuedNotice | undefined
}

/** Those that no try has been made to send, oldest first. */
export function untriedNotices(sqlite: DatabaseSync, channel: string): QueuedNotice[] {
  return sqlite
    .prepare(
      `SELECT id, channel, kind, outage, work_order AS workOrder, subject, body, facts, attempts, next_at AS nextAt, created_at AS createdAt FROM notice
       WHERE channel = ? AND status = 'waiting' AND kind <> 'test' AND attempts = 0 ORDER BY id`,
    )
    .all(channel) as QueuedNotice[]
}

/** Times at which it took a notice, tests aside; oldest first. */
export function sentSince(sqlite: DatabaseSync, channel: string, since: number): number[] {
  return sqlite
    .prepare("SELECT sent_at FROM notice WHERE channel = ? AND sent_at > ? AND kind <> 'test' ORDER BY sent_at")
    .all(channel, since)
    .map((row) => row.sent_at as number)
}

export const markSent = (sqlite: DatabaseSync, id: number, now: number): void =>
  void sqlite
    .prepare(
      "UPDATE notice SET status = 'sent', sent_at = ?, attempts = attempts + 1, problem = NULL WHERE id = ? AND status = 'waiting'",
    )
    .run(now, id)

/** @param nextAt null: it is given up. */
export const markFailed = (sqlite: DatabaseSync, id: number, problem: string, nextAt: number | null): void =>
  void sqlite
    .prepare(
      `UPDATE notice SET attempts = attempts + 1, problem = :problem, next_at = coalesce(:nextAt, next_at),
         status = CASE WHEN :nextAt IS NULL THEN 'dead' ELSE status END WHERE id = :id AND status = 'waiting'`,
    )
    .run({ id, problem, nextAt })

/** Not before `nextAt`, though nothing was tried. */
export const holdNotice = (sqlite: DatabaseSync, id: number, nextAt: number): void =>
  void sqlite.prepare('UPDATE notice SET next_at = ? WHERE id = ?').run(nextAt, id)

/** One notice instead of several. */
export function foldNotices(sqlite: DatabaseSync, ids: readonly number[], into: NewNotice, now: number): void {
  const drop = sqlite.prepare("DELETE FROM notice WHERE id = ? AND status = 'waiting'")
  for (const id of ids) drop.run(id)
  enqueueNotices(sqlite, [into], [], now)
}

/** Waiting notices of channels that are no longer configured will not be sent. */
export function countNotices(sqlite: DatabaseSync): { channel: string; status: 'waiting' | 'dead'; count: number }[] {
  return sqlite
    .prepare(
      "SELECT channel, status, count(*) AS count FROM notice WHERE status IN ('waiting', 'dead') GROUP BY channel, status",
    )
    .all() as { channel: string; status: 'waiting' | 'dead'; count: number }[]
}

/** Forgets what was sent or given up before that time, and what was told then of outages and orders that are closed. */
export function trimNotices(sqlite: DatabaseSync, before: number): void {
  sqlite.prepare("DELETE FROM notice WHERE created_at < ? AND status <> 'waiting'").run(before)
  sqlite
    .prepare(
      "DELETE FROM work_order_told WHERE at < ? AND work_order IN (SELECT id FROM work_order WHERE status IN ('closed', 'cancelled'))",
    )
    .run(before)
  sqlite
    .prepare(`DELETE FROM outage_told WHERE at < ? AND outage NOT IN (SELECT id FROM outage WHERE status IN ${kept})`)
    .run(before)
}

type StoredOutage = {
  id: string
  cause_kind: OutageRow['cause']['kind']
  cause_key: string
  cause_mode: OutageRow['cause']['mode']
  from_at: number
  to_at: number | null
  districts: string
  expected: number
  members: number
  down: number
  importance: OutageRow['importance']
  status: OutageRow['status']
  silenced_until: number | null
  escalation: number
}
const outageOf = (r: StoredOutage): TellableOutage => ({
  ...{ id: r.id, cause: { kind: r.cause_kind, key: r.cause_key, mode: r.cause_mode }, from: r.from_at, to: r.to_at },
  ...{ districts: JSON.parse(r.districts), expected: r.expected === 1, members: r.members, down: r.down },
  ...{ importance: r.importance, status: r.status, silencedUntil: r.silenced_until, escalation: r.escalation },
})

type StoredTold = {
  outage: string
  channel: string
  at: number
  how: Told['how']
  cause_kind: Told['kind']
  members: number
  importance: Told['importance']
  further: number
  escalated: number
  healed: number
  rounds: number
}

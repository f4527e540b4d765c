/**
 * Outages in the Record. The outages room writes what it knows of them (`outageWriter`), inside `record.commit`; people's steps and all
 * reading are beside (`actions.ts`, `board.ts`, `detail.ts`).
 * Invariant: a time of a device being down is a member of one outage; that an outage's counts are those of its members is
 * restored by `loadOutages` after a crash between two commits of one large outage.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Cause, OutageChange, OutageFacts, OutageRow } from '@hub/contracts'
import type { CorrelatedOutage, Episode, HandStep } from '@hub/core'
import type { AuditPort } from '@hub/platform'

/** What the room writes of an outage; the rest of its row belongs to people. */
export type OutageState = OutageFacts & Pick<OutageRow, 'members' | 'down' | 'importance' | 'held'>

/** `was`: the outage that it is written under now, when that is another. */
export type StoredEpisode = Omit<Episode, 'outage'> & { outage: string; was: string | null }

export type OutageWriter = {
  /** A closed outage of which something is down again is open again. */
  putFacts(state: OutageState, now: number): void
  putMembers(members: readonly StoredEpisode[]): void
  putChange(outage: string, change: OutageChange): void
  /** Devices ever in it; 0 when there is no such outage. */
  members(outage: string): number
  /** All its members are in `into` now, and what people did with it goes on there. */
  merge(outage: string, into: string, now: number): void
  /** A person has split it off: it is where the other is with people. */
  inherit(outage: string, from: string): void
  /** What a person has said is in effect, or could not be. */
  obeyed(judgement: number, done: boolean): void
}

const current = "('open', 'acknowledged', 'in-progress', 'resolved')"

/** Prepared once; each call is a part of the caller's transaction. What others are told of it is the caller's too. */
export function outageWriter(sqlite: DatabaseSync, audit: AuditPort): OutageWriter {
  const find = sqlite.prepare('SELECT status, merged_into FROM outage WHERE id = ?')
  const put = sqlite.prepare(
    `INSERT INTO outage (id, cause_kind, cause_key, cause_mode, evidence, from_at, to_at, districts, expected, counts_from,
       members, down, importance, status, updated_at, held)
     VALUES (:id, :kind, :key, :mode, :evidence, :from, :to, :districts, :expected, :countsFrom, :members, :down, :importance, 'open', :now, :held)
     ON CONFLICT (id) DO UPDATE SET cause_kind = :kind, cause_key = :key, cause_mode = :mode, evidence = :evidence,
       from_at = :from, to_at = :to, districts = :districts, expected = :expected, members = :members, down = :down,
       escalation = CASE WHEN :countsFrom > coalesce(counts_from, from_at) THEN 0 ELSE escalation END, counts_from = :countsFrom,
       importance = :importance, updated_at = :now, held = :held, merged_into = NULL`,
  )
  const reopen = sqlite.prepare(
    `UPDATE outage SET status = 'open', reopened = reopened + ?, resolved_at = NULL, closed_at = NULL, acknowledged_at = NULL,
       escalation = 0 WHERE id = ?`,
  )
  const drop = sqlite.prepare('DELETE FROM outage_member WHERE outage = ? AND device = ? AND from_at = ?')
  const putMember = sqlite.prepare(
    `INSERT INTO outage_member (outage, device, from_at, to_at, sign, expected, counts_from) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET to_at = excluded.to_at, sign = excluded.sign, expected = excluded.expected,
       counts_from = excluded.counts_from`,
  )
  const putChange = sqlite.prepare('INSERT INTO outage_change (outage, change) VALUES (?, ?)')
  const end = sqlite.prepare(
    "UPDATE outage SET merged_into = :into, status = 'closed', down = 0, closed_at = :now, updated_at = :now WHERE id = :id",
  )
  // The later status of the two.
  const inherit = sqlite.prepare(
    `UPDATE outage AS o SET
       assignee = coalesce(o.assignee, m.assignee),
       acknowledged_at = coalesce(o.acknowledged_at, m.acknowledged_at),
       status = CASE WHEN o.status = 'open' AND m.status IN ('acknowledged', 'in-progress') THEN m.status ELSE o.status END,
       silenced_until = max(coalesce(o.silenced_until, m.silenced_until), coalesce(m.silenced_until, o.silenced_until))
     FROM outage AS m WHERE o.id = :into AND m.id = :id`,
  )
  const inheritFrom = sqlite.prepare(
    `UPDATE outage AS o SET status = w.status, assignee = w.assignee, acknowledged_at = w.acknowledged_at, resolved_at = w.resolved_at,
       closed_at = w.closed_at, silenced_until = w.silenced_until, escalation = w.escalation
     FROM outage AS w WHERE o.id = :id AND w.id = :from`,
  )
  const mark = sqlite.prepare(
    'UPDATE outage_judgement SET effect = ? WHERE id = ? RETURNING act, actor, at, reason, others',
  )
  const line = sqlite.prepare(
    'INSERT INTO outage_step (outage, at, actor, step, note) SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM outage WHERE id = ?)',
  )
  const membersOf = sqlite.prepare('SELECT members FROM outage WHERE id = ?')

  return {
    putFacts({ cause, evidence, districts, expected, ...rest }, now) {
      const { kind, key, mode } = cause
      const was = find.get(rest.id) as { status: string; merged_into: string | null } | undefined
      put.run({
        ...rest,
        kind,
        key,
        mode,
        now,
        evidence: JSON.stringify(evidence),
        districts: JSON.stringify(districts),
        expected: Number(expected),
        held: Number(rest.held),
      })
      if (was?.status !== 'closed' || rest.down === 0) return
      const split = was.merged_into !== null
      reopen.run(split ? 0 : 1, rest.id)
      if (!split) writeStep(sqlite, audit, rest.id, { at: now, actor: 'hub', step: 'reopen', note: null })
    },
    putMembers(members) {
      for (const { outage, was, device, from, to, sign, expected, countsFrom } of members) {
        if (was !== null && was !== outage) drop.run(was, device, from)
        putMember.run(outage, device, from, to, sign, Number(expected), countsFrom)
      }
    },
    putChange: (outage, change) => void putChange.run(outage, JSON.stringify(change)),
    members: (outage) => (membersOf.get(outage) as { members: number } | undefined)?.members ?? 0,
    merge(outage, into, now) {
      inherit.run({ id: outage, into })
      end.run({ id: outage, into, now })
    },
    inherit: (outage, from) => void inheritFrom.run({ id: outage, from }),
    obeyed(judgement, done) {
      const said = mark.get(done ? 'done' : 'lost', judgement) as Said | undefined
      // What was split off tells where it comes from.
      for (const id of done && said ? (JSON.parse(said.others) as string[]) : [])
        line.run(id, said!.at, said!.actor, said!.act, said!.reason, id)
    },
  }
}

type Said = { act: string; actor: string; at: number; reason: string; others: string }

/** A line of its life, and the same in the audit. */
function writeStep(
  sqlite: DatabaseSync,
  audit: AuditPort,
  outage: string,
  { at, actor, step, note }: { at: number; actor: string; step: string; note: string | null },
): void {
  sqlite
    .prepare('INSERT INTO outage_step (outage, at, actor, step, note) VALUES (?, ?, ?, ?, ?)')
    .run(outage, at, actor, step, note)
  audit.appendSync(sqlite, { at, actor, action: `outage.${step}`, subject: outage, detail: { note } })
}

/**
 * After a correction of a device's past `[from, to)`: members that are over end when the device's time of being down, or unknown,
 * truly ended. Those of which no such time is left stay as they were. @returns what has another end now
 */
export function correctMembers(
  sqlite: DatabaseSync,
  { device, from, to }: { device: string; from: number; to: number },
  now: number,
): { outage: string; device: string; from: number; to: number }[] {
  const found = sqlite
    .prepare(
      `SELECT m.outage, m.device, m.from_at AS "from", (SELECT max(i.to_at) FROM ingest_interval i WHERE i.device = m.device
         AND i.state = CASE WHEN m.sign IN ('path', 'device') THEN 'down' ELSE 'unknown' END
         AND i.from_at < m.to_at AND i.to_at > m.from_at) AS "to", m.to_at AS was
       FROM outage_member m WHERE m.device = ? AND m.from_at < ? AND m.to_at >= ?`,
    )
    .all(device, to, from) as { outage: string; device: string; from: number; to: number | null; was: number }[]
  const corrected = found.flatMap(({ to: end, was, ...m }) => (end === null || end === was ? [] : [{ ...m, to: end }]))
  for (const m of corrected) {
    sqlite
      .prepare('UPDATE outage_member SET to_at = ? WHERE outage = ? AND device = ? AND from_at = ?')
      .run(m.to, m.outage, m.device, m.from)
    sqlite
      .prepare(
        `UPDATE outage SET to_at = (SELECT max(to_at) FROM outage_member WHERE outage = id), updated_at = ?
         WHERE id = ? AND to_at IS NOT NULL`,
      )
      .run(now, m.outage)
  }
  return corrected
}

/**
 * Corrects what a crash between two commits has left: members of an outage that was never written are dropped, for whoever is still down
 * is found again by its state; and an outage whose members all went elsewhere is over. Inside `record.commit`, before `loadOutages`.
 * @returns the outages that were changed
 */
export function correctOutages(sqlite: DatabaseSync): string[] {
  sqlite.exec('DELETE FROM outage_member WHERE outage NOT IN (SELECT id FROM outage)')
  const rows = sqlite
    .prepare(
      `UPDATE outage SET to_at = coalesce(to_at, updated_at), down = 0
       WHERE status IN ${current} AND NOT EXISTS (SELECT 1 FROM outage_member m WHERE m.outage = outage.id)
         AND (to_at IS NULL OR down <> 0) RETURNING id`,
    )
    .all() as { id: string }[]
  return rows.map(({ id }) => id)
}

/** Outages of which somebody may still have to be told: not closed, or closed since then. */
export function recentOutages(sqlite: DatabaseSync, closedAfter: number): string[] {
  const rows = sqlite
    .prepare(`SELECT id FROM outage WHERE merged_into IS NULL AND (status IN ${current} OR closed_at >= ?)`)
    .all(closedAfter) as { id: string }[]
  return rows.map(({ id }) => id)
}

/** At a start: what is open, or ended so lately that it may open again. */
export function loadOutages(sqlite: DatabaseSync, endedAfter: number): CorrelatedOutage[] {
  const rows = sqlite
    .prepare(
      `SELECT ${loaded} FROM outage
       WHERE merged_into IS NULL AND (status IN ${current} OR (status = 'closed' AND to_at >= :after))
         AND (to_at IS NULL OR to_at >= :after)`,
    )
    .all({ after: endedAfter }) as Loaded[]
  return withMembers(sqlite, rows)
}

/** One that a person speaks of, however long it has been over; none when it is closed. */
export function loadOutage(sqlite: DatabaseSync, id: string): CorrelatedOutage | undefined {
  const row = sqlite
    .prepare(`SELECT ${loaded} FROM outage WHERE id = ? AND merged_into IS NULL AND status IN ${current}`)
    .get(id)
  return row && withMembers(sqlite, [row as Loaded])[0]
}

const loaded = 'id, cause_kind, cause_key, cause_mode, evidence, expected, counts_from, held'
type Loaded = {
  id: string
  cause_kind: Cause['kind']
  cause_key: string
  cause_mode: Cause['mode']
  evidence: string
  expected: number
  counts_from: number | null
  held: number
}

function withMembers(sqlite: DatabaseSync, rows: readonly Loaded[]): CorrelatedOutage[] {
  const members = sqlite.prepare('SELECT * FROM outage_member WHERE outage = ? ORDER BY from_at, device')
  const last = sqlite.prepare('SELECT change FROM outage_change WHERE outage = ? ORDER BY id DESC LIMIT 1')
  return rows.flatMap(({ id, cause_kind, cause_key, cause_mode, evidence, expected, counts_from, held }) => {
    const change = last.get(id) as { change: string } | undefined
    const episodes = members.all(id) as {
      device: string
      from_at: number
      to_at: number | null
      sign: Episode['sign']
      expected: number
      counts_from: number | null
    }[]
    if (episodes.length === 0) return []
    return {
      id,
      cause: { kind: cause_kind, key: cause_key, mode: cause_mode },
      evidence: JSON.parse(evidence),
      expected: expected === 1,
      countsFrom: counts_from,
      episodes: episodes.map((m) => ({
        device: m.device,
        sign: m.sign,
        from: m.from_at,
        to: m.to_at,
        expected: m.expected === 1,
        countsFrom: m.counts_from,
        outage: id,
      })),
      // The last is all that is looked at.
      changes: change ? [JSON.parse(change.change)] : [],
      reported: change ? (JSON.parse(change.change) as OutageChange).down : 0,
      held: held === 1,
    }
  })
}

/** What people have said and is not in effect yet, in order. */
export function pendingJudgements(sqlite: DatabaseSync): () => { id: number; outage: string; steps: HandStep[] }[] {
  const find = sqlite.prepare("SELECT id, outage, steps FROM outage_judgement WHERE effect = 'pending' ORDER BY id")
  return () => {
    const rows = find.all() as { id: number; outage: string; steps: string }[]
    return rows.map(({ steps, ...row }) => ({ ...row, steps: JSON.parse(steps) }))
  }
}

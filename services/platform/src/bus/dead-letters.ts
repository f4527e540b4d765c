/** What was refused, kept for people to examine. */
import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { PlatformTables } from '../database/tables.ts'

/** `source`: the topic it came on. */
export type DeadLetter = { at: number; source: string; reason: string; payload: Uint8Array }

/** More of a message than 64 kB is not kept: one that sends nothing but rubbish must not fill the disk. */
const cut = (payload: Uint8Array): Uint8Array => payload.subarray(0, 65_536)

export async function putDeadLetter(db: Kysely<PlatformTables>, letter: DeadLetter): Promise<void> {
  const kept = { ...letter, payload: cut(letter.payload) }
  await db.insertInto('dead_letter').values(kept).execute()
}

/** Newest first, before one of them. @param sources beginnings of topics; undefined: whatever they came on */
export function listDeadLetters(
  db: Kysely<PlatformTables>,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
  sources?: readonly string[],
): Promise<(DeadLetter & { id: number })[]> {
  const query = db.selectFrom('dead_letter').selectAll().where('id', '<', before).orderBy('id', 'desc').limit(limit)
  const within = sources && query.where((of) => of.or(sources.map((start) => of('source', 'like', `${start}%`))))
  return (within ?? query).execute()
}

/** For the hot path, on the raw handle: write only inside `record.commit`. */
export function deadLetterWriter(sqlite: DatabaseSync) {
  const insert = sqlite.prepare('INSERT INTO dead_letter (at, source, reason, payload) VALUES (?, ?, ?, ?)')
  const older = `SELECT max(id) FROM (SELECT id, row_number() OVER newest AS n, sum(length(payload)) OVER newest AS bytes
    FROM dead_letter WINDOW newest AS (ORDER BY id DESC)) WHERE n > ? OR bytes > ?`
  const drop = sqlite.prepare(`DELETE FROM dead_letter WHERE id <= (${older})`)
  return {
    put: ({ at, source, reason, payload }: DeadLetter) => void insert.run(at, source, reason, cut(payload)),
    /** Keeps the newest: so many of them, and so many bytes. */
    trim: (most: number, bytes: number) => void drop.run(most, bytes),
  }
}

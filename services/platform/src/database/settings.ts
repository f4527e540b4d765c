/** A room's settings: what it must remember beside its rows. */
import type { DatabaseSync } from 'node:sqlite'

export type Settings = ReturnType<typeof settingsOf>

/** On the raw handle: write only inside `record.commit`. */
export function settingsOf(sqlite: DatabaseSync, room: string) {
  const get = sqlite.prepare('SELECT value FROM setting WHERE room = ? AND key = ?')
  const put = sqlite.prepare(
    'INSERT INTO setting VALUES (?, ?, ?) ON CONFLICT (room, key) DO UPDATE SET value = excluded.value',
  )
  const drop = sqlite.prepare('DELETE FROM setting WHERE room = ? AND key = ?')
  const under = sqlite.prepare('SELECT key, value FROM setting WHERE room = ? AND key >= ? AND key < ? ORDER BY key')
  return {
    get: (key: string) => (get.get(room, key) as { value: string } | undefined)?.value,
    put: (key: string, value: string) => void put.run(room, key, value),
    drop: (key: string) => void drop.run(room, key),
    /** The greatest of some that are numbers, in one reading; 0 when there is none. Prepared once, asked often. */
    greatestOf(keys: readonly string[]): () => number {
      const greatest = sqlite.prepare(
        `SELECT coalesce(max(CAST(value AS INTEGER)), 0) AS at FROM setting
         WHERE room = ? AND key IN (${keys.map(() => '?').join(', ')})`,
      )
      return () => (greatest.get(room, ...keys) as { at: number }).at
    },
    /** Those whose key begins with `prefix`, in order of key. */
    under: (prefix: string) => under.all(room, prefix, `${prefix}\uffff`) as { key: string; value: string }[],
  }
}

/** For a migration of `to.room`: what another room kept below `from.prefix` is copied below `to.prefix`. Names are constants of the program. */
export const copySettings = (
  from: { room: string; prefix: string },
  to: { room: string; prefix: string },
): string => `INSERT INTO setting (room, key, value)
  SELECT '${to.room}', '${to.prefix}' || substr(key, ${from.prefix.length + 1}), value FROM setting
  WHERE room = '${from.room}' AND substr(key, 1, ${from.prefix.length}) = '${from.prefix}'
  ON CONFLICT (room, key) DO NOTHING;`

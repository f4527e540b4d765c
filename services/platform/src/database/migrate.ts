/**
 * Brings a Record file to the schema of this program. Three kinds of steps, in this order: the base (numbered, frozen: what was released
 * before rooms owned their tables), each room's own (numbered by room), and the views, which are made anew whenever their text changes.
 * There is no way back.
 */
import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { HubError } from '@hub/contracts'
import { settingsOf } from './settings.ts'

export type Migration = {
  /** `0001-first`: ascending by room; entries are never edited once released, a change is a new entry. */
  name: string
  sql: string
}

/** What other rooms may read: one table of the owner, no join, no aggregate (those are materialised whole when joined again). */
export type View = {
  /** `<room>_<noun>` */
  name: string
  /** A SELECT. */
  sql: string
}

/** What a Record file is made of. `base`: what was released before rooms owned their tables. */
export type RecordSchema = { base: readonly Migration[]; rooms: readonly RoomSchema[] }

/** The part of the schema that a room owns. */
export type RoomSchema = { name: string; migrations?: readonly Migration[]; views?: readonly View[] }

/**
 * In one transaction: whoever opens the file at the same moment waits, and finds it whole; what fails half-way leaves it as it was.
 * @throws HubError `record.newer` when a newer program has migrated the file, which is then left alone
 */
export function migrate(sqlite: DatabaseSync, schema: RecordSchema): void {
  if (isCurrent(sqlite, schema)) return
  atomically(sqlite, () => {
    // Another process may have done it meanwhile.
    if (isCurrent(sqlite, schema)) return
    // No migration while a view stands on what it changes: ALTER would fail, and a view without its table breaks every other ALTER.
    for (const name of viewNames(sqlite)) sqlite.exec(`DROP VIEW ${name}`)
    sqlite.exec(`CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS room_migration (room TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (room, number)) STRICT, WITHOUT ROWID`)
    const baseDone = sqlite.prepare('INSERT INTO migration (number, name) VALUES (?, ?)')
    const roomDone = sqlite.prepare('INSERT INTO room_migration (number, name, room) VALUES (?, ?, ?)')
    apply(sqlite, schema.base, countOf(sqlite), (number, name) => baseDone.run(number, name))
    for (const { name: room, migrations = [] } of schema.rooms)
      apply(sqlite, migrations, countOf(sqlite, room), (number, name) => roomDone.run(number, name, room))
    for (const text of viewTexts(schema)) sqlite.exec(text)
    if (hasTable(sqlite, 'setting')) settingsOf(sqlite, 'platform').put(digestKey, digestOf(schema))
  })
}

const digestKey = 'views'
const viewTexts = ({ rooms }: RecordSchema) =>
  rooms.flatMap(({ views = [] }) => views.map(({ name, sql }) => `CREATE VIEW ${name} AS ${sql}`))
const digestOf = (schema: RecordSchema) => createHash('sha256').update(viewTexts(schema).join(';')).digest('hex')
const viewNames = (sqlite: DatabaseSync) =>
  (sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").all() as { name: string }[]).map((v) => v.name)
const hasTable = (sqlite: DatabaseSync, table: string): boolean =>
  sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined

/** Whether every migration has been applied and the views are those of this program. */
function isCurrent(sqlite: DatabaseSync, schema: RecordSchema): boolean {
  const { base, rooms } = schema
  const open = [{ applied: countOf(sqlite), known: base.length }]
  for (const { name, migrations = [] } of rooms) open.push({ applied: countOf(sqlite, name), known: migrations.length })
  for (const { applied, known } of open)
    if (applied > known) throw new HubError('record.newer', { value: applied, limit: known })
  return (
    open.every(({ applied, known }) => applied === known) &&
    hasTable(sqlite, 'setting') &&
    settingsOf(sqlite, 'platform').get(digestKey) === digestOf(schema) &&
    viewNames(sqlite).length === viewTexts(schema).length
  )
}

/** How many migrations have been applied: of the base, or of a room. */
function countOf(sqlite: DatabaseSync, room?: string): number {
  const table = room === undefined ? 'migration' : 'room_migration'
  if (!hasTable(sqlite, table)) return 0
  const where = room === undefined ? '' : 'WHERE room = ?'
  const count = sqlite.prepare(`SELECT count(*) AS applied FROM ${table} ${where}`)
  return ((room === undefined ? count.get() : count.get(room)) as { applied: number }).applied
}

function apply(
  sqlite: DatabaseSync,
  steps: readonly Migration[],
  applied: number,
  done: (number: number, name: string) => void,
): void {
  for (const [index, { name, sql }] of steps.entries()) {
    if (index < applied) continue
    sqlite.exec(sql)
    done(index + 1, name)
  }
}

export function atomically<T>(sqlite: DatabaseSync, work: (sqlite: DatabaseSync) => T): T {
  sqlite.exec('BEGIN IMMEDIATE')
  try {
    const result = work(sqlite)
    sqlite.exec('COMMIT')
    return result
  } catch (err) {
    // A full disk or an I/O error may have rolled back already.
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
    throw err
  }
}

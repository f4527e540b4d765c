/**
 * A room's tables are its own: it alone writes them and reads them directly, others read its views. And SQL of one engine is spoken
 * only where a list says why.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRecord } from '../../services/hub/src/testing/record.ts'
import { programFiles } from './tables/files.ts'
import { foreignUses, type Listed, notListed, notNeeded } from './tables/foreign.ts'
import { type Owners, ownerOf, ownTables, tablesDeclared, tablesMigrated, viewOf } from './tables/owners.ts'
import { rawSql } from './tables/raw-sql.ts'
import { readSource } from './tables/source.ts'

const files = programFiles().map(({ file, text }) => ({ file, ...readSource(text, file) }))
const found = files.flatMap(({ file, uses }) => foreignUses(file, uses).map((use) => ({ ...use, file })))
/** What is still to be cut. It may only become shorter. */
const allowed: Listed = JSON.parse(readFileSync(join(import.meta.dirname, 'tables/foreign.json'), 'utf8'))

/** For the planted violations: they are of rooms as they might be, whatever the tables are called today. */
const rooms: Owners = {
  registry: ['device', 'device_change'],
  gateways: ['gateway'],
  ingest: ['batch', 'interval', 'device_state'],
  uptime: ['uptime_day', 'uptime_sum'],
  outages: ['outage'],
  'work-orders': ['work_order', 'work_order_device'],
  notify: ['notice', 'notification', 'outage_told', 'work_order_told'],
  reports: ['export', 'scorecard'],
  access: ['user', 'session', 'audit'],
  platform: ['outbox', 'meta'],
}

describe('tables', () => {
  test('no file names a table of another room, unless it is listed', () => {
    expect(files.length).toBeGreaterThan(300)
    expect(notListed(allowed, found)).toEqual([])
  })

  test('every entry of the list is still needed: what is cut goes off it', () => {
    expect(notNeeded(allowed, found)).toEqual([])
  })

  test('a list that says too little or too much is told of, each read and each write by itself', () => {
    const file = 'services/outages/src/a.ts'
    const uses = foreignUses(file, readSource("db.selectFrom('device')\ndb.deleteFrom('notice')").uses, rooms)
    const both = uses.map((use) => ({ ...use, file }))
    expect(notListed({ [file]: { reads: ['device', 'notice'] } }, both)).toEqual([
      `${file}:2 writes notice, a table of notify`,
    ])
    expect(
      notNeeded({ [file]: { reads: ['device', 'notice'], writes: ['notice'] }, 'gone.ts': { writes: ['x'] } }, both),
    ).toEqual([`${file} reads notice`, 'gone.ts writes x'])
  })

  test('every table has one owner', () => {
    const all = Object.values(ownTables).flat()
    expect(all.filter((table, n) => all.indexOf(table) !== n)).toEqual([])
  })

  test('a room owns what its tables.ts declares, and what its migrations rename, drop or make', () => {
    expect(ownTables.access).toEqual(['user', 'session', 'audit', 'audit_link'])
    expect(ownTables.platform).toContain('outbox')
    expect(
      tablesDeclared('export interface ATables { a_one: One; sqlite_sequence: Two }\ninterface One { id: string }'),
    ).toEqual(['a_one'])
    const sql = 'ALTER TABLE "old" RENAME TO new; ALTER TABLE kept RENAME COLUMN a TO b; DROP TABLE IF EXISTS gone'
    expect(tablesMigrated(`${sql}; CREATE TABLE made (id TEXT); INSERT INTO other VALUES (1)`)).toEqual([
      'gone',
      'made',
      'old',
    ])
  })

  test('a Record has no table that nobody owns, and no view that is not called after its room', async () => {
    const record = await openRecord(':memory:')
    const schema = (type: string) =>
      record.sqlite
        .prepare("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
        .all(type)
        .map(({ name }) => String(name))
    const [tables, views] = [schema('table'), schema('view')]
    await record.close()
    expect(tables.length).toBeGreaterThan(30)
    expect(tables.filter((table) => ownerOf(table) === undefined)).toEqual([])
    expect(views.filter((view) => viewOf(view) === undefined)).toEqual([])
  })
})

/** `{{x}}` is what a template puts in. */
const code = (text: string) => text.replace(/\{\{(\w+)\}\}/g, '$${$1}')

describe('a planted violation is found', () => {
  const planted: [what: string, file: string, text: string, whys: string[]][] = [
    [
      'in a call of Kysely',
      'services/outages/src/a.ts',
      `export const a = (db) => db.selectFrom('device').select('id').execute()`,
      ['reads device, a table of registry'],
    ],
    [
      'under another name in Kysely, and in a list',
      'services/outages/src/a.ts',
      `db.selectFrom(['outage as o', 'notice as n']).selectAll()`,
      ['reads notice, a table of notify'],
    ],
    [
      'in a write of Kysely',
      'services/notify/src/a.ts',
      `await trx.updateTable('outage').set({ status: 'x' }).execute()
       await trx.insertInto('audit').values(line).execute()
       await trx.deleteFrom('work_order_told').execute()`,
      ['writes outage, a table of outages', 'writes audit, a table of access'],
    ],
    [
      'in a join of Kysely, and in a subquery of it',
      'services/registry/src/a.ts',
      `db.selectFrom('device').leftJoin('device_state', 'device_state.device', 'device.id')
         .innerJoin((eb) => eb.selectFrom('interval').as('i'), (join) => join.onTrue())`,
      ['reads device_state, a table of ingest', 'reads interval, a table of ingest'],
    ],
    [
      'in a statement of the engine',
      'services/uptime/src/a.ts',
      `sqlite.prepare('SELECT id FROM device WHERE district = ?').all(district)`,
      ['reads device, a table of registry'],
    ],
    [
      'in a join, in a list after FROM, and in a subquery, on lines of their own',
      'services/ingest/src/a.ts',
      'sqlite.prepare(`SELECT * FROM interval i, json_each(i.rule), outage o\nCROSS JOIN gateway ON 1 WHERE i.device IN (SELECT device FROM work_order_device)`)',
      [
        'reads outage, a table of outages',
        'reads gateway, a table of gateways',
        'reads work_order_device, a table of work-orders',
      ],
    ],
    [
      'in a write of the engine, whatever it is called',
      'services/overview/src/a.ts',
      `const put = 'INSERT OR REPLACE INTO interval VALUES (?, ?)'
       sqlite.exec(\`UPDATE "outage" SET status = 'x'; DELETE FROM main.batch\`)`,
      ['writes interval, a table of ingest', 'writes outage, a table of outages', 'writes batch, a table of ingest'],
    ],
    [
      'in an upsert, of which only the table counts',
      'services/gateways/src/a.ts',
      'sqlite.prepare(`INSERT INTO device (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name`)',
      ['writes device, a table of registry'],
    ],
    [
      'in SQL of Kysely, in a part of a statement',
      'services/reports/src/a.ts',
      'const source = sql`work_order JOIN outage ON outage.id = work_order.outage`\nawait sql<Row>`SELECT 1 FROM {{source}}`.execute(db)',
      ['reads outage, a table of outages', 'reads work_order, a table of work-orders'],
    ],
    [
      'in a trigger of a migration, which hangs on one table and writes another',
      'services/uptime/src/migrations/0002-x.ts',
      'export const up = `CREATE TRIGGER x AFTER UPDATE OF district ON device WHEN NEW.district IS NOT OLD.district\nBEGIN INSERT INTO uptime_dirty VALUES (NEW.id, 1); UPDATE meta SET value = 1; END`',
      ['writes device, a table of registry', 'writes meta, a table of platform'],
    ],
    [
      'in a migration that changes, indexes or refers to a table',
      'services/notify/src/migrations/0002-x.ts',
      'const up = `ALTER TABLE outage ADD COLUMN x; CREATE UNIQUE INDEX y ON work_order (unit);\nCREATE TABLE notification (id INTEGER PRIMARY KEY, device TEXT REFERENCES device (id)) STRICT`',
      [
        'writes outage, a table of outages',
        'writes work_order, a table of work-orders',
        'reads device, a table of registry',
      ],
    ],
    [
      'under a name that a condition chooses',
      'services/outages/src/a.ts',
      "const table = late ? 'outage' : 'interval'\nsqlite.prepare(`SELECT * FROM {{table}} WHERE 1`)",
      ['reads interval, a table of ingest'],
    ],
    [
      'under a name that a function is given',
      'services/uptime/src/a.ts',
      "function writer(sqlite, table: string) { return sqlite.prepare(`DELETE FROM {{table}} WHERE period = ?`) }\nwriter(db, 'uptime_sum')\nwriter(db, 'scorecard')",
      ['writes scorecard, a table of reports'],
    ],
    [
      'under a name out of a list',
      'services/uptime/src/a.ts',
      "for (const table of ['uptime_day', 'session'] as const) sqlite.exec(`DELETE FROM {{table}}`)",
      ['writes session, a table of access'],
    ],
    [
      'behind SQL that a condition chooses',
      'services/reports/src/a.ts',
      'const [subject, table] = all ? [sql`carrier`, sql`work_order`] : [sql`value`, sql`work_order, json_each(districts)`]\nsql`SELECT {{subject}} FROM {{table}}`',
      ['reads work_order, a table of work-orders'],
    ],
    [
      'under a name that is imported',
      'services/uptime/src/a.ts',
      "import { table } from './b.ts'\nsqlite.prepare(`SELECT 1 FROM {{table}}`)",
      ['the name of a table cannot be read in the file'],
    ],
    [
      'under a name that is given to Kysely',
      'services/uptime/src/a.ts',
      'export const all = (db, table) => db.selectFrom(table).selectAll()',
      ['the name of a table cannot be read in the file'],
    ],
    [
      'under a name that is put together',
      'services/uptime/src/a.ts',
      'sqlite.prepare(`SELECT 1 FROM uptime_{{step}} WHERE 1`)',
      ['the name of a table cannot be read in the file'],
    ],
    [
      'in a write of a view of another room',
      'services/outages/src/a.ts',
      "db.selectFrom('registry_device')\ndb.updateTable('registry_device').set({ name: 'x' })\nsqlite.prepare('SELECT 1 FROM work_orders_order')",
      ['writes registry_device, a view of registry'],
    ],
    [
      'of a table that nobody owns',
      'services/outages/src/a.ts',
      "db.selectFrom('nonsense')",
      ['reads nonsense, which no room owns'],
    ],
    [
      'in the history, which has devices of its own, and no outages',
      'services/platform/src/history/a.ts',
      "sqlite.prepare('SELECT * FROM device JOIN outage ON 1')",
      ['reads outage, a table of outages'],
    ],
    [
      'outside the rooms, where nothing is owned',
      'infra/demo/a.ts',
      "sqlite.prepare('INSERT INTO device_state VALUES (?)')",
      ['writes device_state, a table of ingest'],
    ],
  ]
  test.each(planted)('%s', (_, file, text, whys) => {
    const told = new Set(foreignUses(file, readSource(code(text)).uses, rooms).map(({ why }) => why))
    expect([...told].sort()).toEqual([...whys].sort())
  })

  test('and names its line', () => {
    const text = "const a = 1\n\nconst b = db.selectFrom('device')\n"
    expect(foreignUses('services/api/src/a.ts', readSource(text).uses, rooms)).toMatchObject([
      { line: 3, table: 'device', write: false },
    ])
  })
})

test('what is no table is not taken for one', () => {
  const text = [
    "const kind = 'device'",
    'const told = `{{count}} taken from the device`',
    "path.join('outage', 'gateway')",
    "Array.from('interval')",
    "/FROM device/.exec('x')",
    "sqlite.prepare('SELECT device, audit FROM uptime_day WHERE kind = \\'FROM outage\\' -- FROM batch')",
    "sqlite.prepare('WITH due (id) AS (SELECT device FROM uptime_day) SELECT id FROM due')",
    "db.with('session', (q) => q.selectFrom('uptime_sum').selectAll()).selectFrom('session')",
    "sqlite.prepare('SELECT seq FROM sqlite_sequence')",
    "expect('user').toString('export')",
  ].join('\n')
  expect(foreignUses('services/uptime/src/a.ts', readSource(code(text)).uses, rooms)).toEqual([])
})

describe('SQL of one engine', () => {
  const speaking = files.filter(({ raw }) => raw.length > 0).map(({ file }) => file)

  test('is spoken in no file that is not listed with its reason', () => {
    expect(speaking.filter((file) => rawSql[file] === undefined)).toEqual([])
  })

  test('every file that is listed still speaks it', () => {
    expect(Object.keys(rawSql).filter((file) => !speaking.includes(file))).toEqual([])
  })

  test.each([
    ['a handle that is taken', 'const store = createStore(record.sqlite)'],
    ['a handle that is taken apart', 'const { db, sqlite } = record'],
    ['a statement that is prepared', "const all = handle.prepare('SELECT 1')"],
    ['a statement that is run', "handle.exec('PRAGMA journal_mode = WAL')"],
    ['a type of the engine', "import type { DatabaseSync } from 'node:sqlite'"],
    ['a transaction of the engine', 'await record.commit((handle) => put(handle, row))'],
    ['a snapshot of the engine', 'await source.snapshot((handle) => read(handle))'],
  ])('is found: %s', (_, text) => {
    expect(readSource(text).raw).toEqual([1])
  })

  test('is not found where there is none', () => {
    const text =
      '/a(b)/.exec(text)\nsql`SELECT 1`.execute(db)\nawait record.transaction(async (trx) => trx)\nawait queue.commit()'
    expect(readSource(text).raw).toEqual([])
  })
})

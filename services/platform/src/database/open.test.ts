import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { runProgram } from '../../../../test/support/program.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { migrate } from './migrate.ts'

const folder = mkdtempSync(join(tmpdir(), 'record-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, String(files++), 'hub.db')

describe('the Record', () => {
  it('is durable at each commit, checks foreign keys, and keeps what it wrote', async () => {
    const path = newFile()
    const first = await openRecord(path)
    const pragma = (name: string) => Object.values(first.sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('busy_timeout')]).toEqual([
      'wal',
      2,
      1,
      5_000,
    ])
    await first.db.insertInto('setting').values({ room: 'test', key: 'a', value: '1' }).execute()
    await first.commit((sqlite) => sqlite.prepare('INSERT INTO setting VALUES (?, ?, ?)').run('test', 'b', '2'))
    await first.close()
    const second = await openRecord(path)
    expect(await second.db.selectFrom('setting').selectAll().where('room', '=', 'test').execute()).toEqual([
      { room: 'test', key: 'a', value: '1' },
      { room: 'test', key: 'b', value: '2' },
    ])
    await second.close()
  })

  it('has every table of the schema, columns in its order', async () => {
    const record = await openRecord(':memory:')
    const row = { device: 'd', first_at: 1, last_at: 2, fresh_until: 3, count: 4, verdict: 'pass', rung: 'fresh' }
    await record.db
      .insertInto('probe_run')
      .values({ ...row, reason: null, heads: '[]' })
      .execute()
    expect(await record.db.selectFrom('probe_run').selectAll().executeTakeFirstOrThrow()).toEqual({
      ...row,
      reason: null,
      heads: '[]',
    })
    await record.close()
  })

  it('takes nothing of a transaction that fails, by either way in', async () => {
    const record = await openRecord(':memory:')
    await expect(
      record.transaction(async (trx) => {
        await trx.insertInto('setting').values({ room: 'test', key: 'a', value: '1' }).execute()
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    await expect(
      record.commit((sqlite) => {
        sqlite.prepare('INSERT INTO setting VALUES (?, ?, ?)').run('test', 'b', '2')
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await record.db.selectFrom('setting').selectAll().where('room', '=', 'test').execute()).toEqual([])
    await record.close()
  })

  it('a commit waits for an open transaction, and neither sees the other half done', async () => {
    const record = await openRecord(':memory:')
    const halfway = Promise.withResolvers<void>()
    const slow = record.transaction(async (trx) => {
      await trx.insertInto('setting').values({ room: 'test', key: 'n', value: '1' }).execute()
      await halfway.promise
      await trx.updateTable('setting').set({ value: '2' }).execute()
    })
    const seen = record.commit((sqlite) => sqlite.prepare('SELECT value FROM setting').get())
    setTimeout(halfway.resolve, 20)
    expect(await seen).toEqual({ value: '2' })
    await slow
    await record.close()
  })

  it('a transaction that reads first and then writes has its turn from its start: another process waits, and fails neither', async () => {
    const path = newFile()
    const record = await openRecord(path)
    const other = new DatabaseSync(path, { timeout: 0 })
    const write = () => other.exec("INSERT INTO setting VALUES ('test', 'theirs', '1')")
    await record.transaction(async (trx) => {
      await trx.selectFrom('setting').selectAll().where('room', '=', 'test').execute()
      expect(write).toThrow('locked')
      await trx.insertInto('setting').values({ room: 'test', key: 'ours', value: '1' }).execute()
    })
    write()
    other.close()
    await record.close()
  })

  it('lets timers and sockets have their turn, however many commits wait for theirs', async () => {
    const record = await openRecord(newFile())
    const busy = (ms: number) => {
      for (const end = performance.now() + ms; performance.now() < end; );
    }
    let rounds = 0
    const count = setInterval(() => rounds++, 1)
    const commits = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0 ? record.commit(() => busy(8)) : record.transaction(async () => busy(8)),
    )
    await Promise.all(commits)
    clearInterval(count)
    // 160 ms of work, at most 18 at a stretch.
    expect(rounds).toBeGreaterThanOrEqual(5)
    await record.close()
  })

  it('an audit entry cannot be edited', async () => {
    const record = await openRecord(':memory:')
    await record.db.insertInto('audit').values({ at: 1, actor: 'a', action: 'x', subject: 's', detail: '{}' }).execute()
    await expect(record.db.updateTable('audit').set({ actor: 'b' }).execute()).rejects.toThrow('append-only')
    await record.close()
  })
})

describe('migrations', () => {
  it('are made once when several processes open a new file at the same moment', async () => {
    const path = newFile()
    const program = `
      const { openRecord } = await import(${JSON.stringify(new URL('../../../hub/src/testing/record.ts', import.meta.url).href)})
      await (await openRecord(${JSON.stringify(path)})).close()`
    const opens = Array.from({ length: 6 }, () =>
      runProgram(process.execPath, ['--input-type=module', '--eval', program]),
    )
    for (const { code, output } of await Promise.all(opens)) expect({ code, output }).toEqual({ code: 0, output: '' })
    const record = await openRecord(path)
    const { rows, most } = record.sqlite
      .prepare('SELECT count(*) AS rows, max(number) AS most FROM migration')
      .get() as {
      rows: number
      most: number
    }
    expect(rows).toBe(most)
    await record.close()
  }, 30_000)

  const steps = [
    { name: '0001-a', sql: 'CREATE TABLE a (x INTEGER)' },
    { name: '0002-b', sql: 'CREATE TABLE b (x INTEGER); INSERT INTO b VALUES (1)' },
  ]
  const tables = (sqlite: DatabaseSync) =>
    sqlite
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
      .all()
      .map((row) => row.name)

  it('are applied once, in order, also to a file that has some of them', () => {
    const sqlite = new DatabaseSync(':memory:')
    migrate(sqlite, { base: steps.slice(0, 1), rooms: [] })
    migrate(sqlite, { base: steps, rooms: [] })
    migrate(sqlite, { base: steps, rooms: [] })
    expect(sqlite.prepare('SELECT * FROM migration').all()).toEqual([
      { number: 1, name: '0001-a' },
      { number: 2, name: '0002-b' },
    ])
    expect(sqlite.prepare('SELECT count(*) AS n FROM b').get()).toEqual({ n: 1 })
  })

  it('one that fails half-way leaves the file as it was', () => {
    const sqlite = new DatabaseSync(':memory:')
    const broken = { name: '0002-b', sql: 'CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1)' }
    expect(() => migrate(sqlite, { base: [...steps.slice(0, 1), broken], rooms: [] })).toThrow('nowhere')
    expect(tables(sqlite)).toEqual([])
  })

  it('a file of a newer program is refused, and left alone', async () => {
    const path = newFile()
    await (await openRecord(path)).close()
    const sqlite = new DatabaseSync(path)
    sqlite.exec(`INSERT INTO migration VALUES (99, '0099-later')`)
    sqlite.exec(`INSERT INTO migration SELECT max(number) + 1, 'later' FROM migration WHERE number < 98`)
    const { n } = sqlite.prepare('SELECT count(*) AS n FROM migration').get() as { n: number }
    const views = () => sqlite.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'view'").get()!.n
    const before = views()
    expect(before).toBeGreaterThan(0)
    await expect(openRecord(path)).rejects.toMatchObject({
      code: 'record.newer',
      message: `the record has schema ${n}: this program knows ${n - 2}`,
    })
    expect(views()).toBe(before)
    sqlite.close()
  })

  it('views that a crash or another program has left out are made again', async () => {
    const path = newFile()
    await (await openRecord(path)).close()
    const sqlite = new DatabaseSync(path)
    sqlite.exec('DROP VIEW registry_device')
    sqlite.close()
    const record = await openRecord(path)
    expect(record.sqlite.prepare('SELECT count(*) AS n FROM registry_device').get()).toEqual({ n: 0 })
    await record.close()
  })
})

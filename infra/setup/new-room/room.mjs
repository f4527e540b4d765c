/** The files of `services/<room>`: notes that arrive by a message, kept in a table for some days, answered by a route. */

export const roomFiles = ({ room, camel, pascal, snake }, versions) => ({
  'package.json': `${JSON.stringify(
    {
      name: `@hub/${room}`,
      version: '0.1.0',
      private: true,
      type: 'module',
      exports: { '.': './src/index.ts' },
      dependencies: {
        '@hub/contracts': '*',
        '@hub/core': '*',
        '@hub/platform': '*',
        zod: versions.zod,
      },
    },
    null,
    2,
  )}\n`,

  'src/index.ts': `export type { ${pascal}Config } from './config.ts'
export { ${camel}Module } from './module.ts'
`,

  'src/config.ts': `/** What ${room} reads of the configuration. */
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const ${camel}Config = configPart('${camel}', {
  /** Days for which a note is kept. */
  keepDays: z.int().min(1).max(3_650).default(90),
})
export type ${pascal}Config = PlatformConfig & ConfigOf<typeof ${camel}Config>
`,

  'src/tables.ts': `/** Tables of ${room}: this room alone reads and writes them. Times are UTC milliseconds. */

export interface ${pascal}Tables {
  ${snake}_note: ${pascal}NoteTable
}

/** A note; \`at\` and \`text\` are its key, so that a message that comes twice is kept once. */
interface ${pascal}NoteTable {
  at: number
  text: string
}
`,

  'src/migrations/index.ts': `/** Migrations of ${room}, in their order. One that was released is never edited: a change is a new one. */
import type { Migration } from '@hub/platform'
import { first } from './0001-first.ts'

export const ${camel}Migrations: readonly Migration[] = [{ name: '0001-first', sql: first }]
`,

  'src/migrations/0001-first.ts': `export const first = \`
CREATE TABLE ${snake}_note (at INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (at, text)) STRICT, WITHOUT ROWID;
\`
`,

  'src/views.ts': `/** What other rooms may read of ${room}. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const ${camel}Views: readonly View[] = [{ name: '${snake}_notes', sql: 'SELECT at, text FROM ${snake}_note' }]
`,

  'src/store.ts': `/** The notes of ${room}. */
import type { ${pascal}Note } from '@hub/contracts'
import { type Consumer, type RecordStore, tablesIn, tablesOf } from '@hub/platform'
import type { ${pascal}Tables } from './tables.ts'

export function create${pascal}Store(store: RecordStore) {
  const record = tablesOf<${pascal}Tables>(store)
  return {
    /** Keeps the note, once, and forgets those before \`keptFrom\`; in the transaction of whoever calls. @returns false when it was there */
    async add(caller: Parameters<Consumer['take']>[0], { at, text }: ${pascal}Note, keptFrom: number): Promise<boolean> {
      const trx = tablesIn<${pascal}Tables>(caller)
      const { numInsertedOrUpdatedRows: added = 0n } = await trx
        .insertInto('${snake}_note')
        .values({ at, text })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      await trx.deleteFrom('${snake}_note').where('at', '<', keptFrom).execute()
      return added > 0n
    },
    /** The latest first. */
    latest: (limit: number): Promise<${pascal}Note[]> =>
      record.db
        .selectFrom('${snake}_note')
        .select(['at', 'text'])
        .orderBy('at', 'desc')
        .orderBy('text')
        .limit(limit)
        .execute(),
  }
}
`,

  'src/handlers.ts': `/** Routes of ${room}. */
import type { Deps, Handlers } from '@hub/platform'
import { create${pascal}Store } from './store.ts'

const mostShown = 100

export function ${camel}Handlers({ clock, record }: Deps): Pick<Handlers, '${camel}Notes'> {
  const store = create${pascal}Store(record)
  return {
    async ${camel}Notes() {
      return { asOf: clock.now(), notes: await store.latest(mostShown) }
    },
  }
}
`,

  'src/metrics.ts': `/** Figures of ${room} for Prometheus. */
import type { Metrics } from '@hub/platform'

export const ${camel}Metrics = (metrics: Metrics) => ({
  noted: metrics.counter('hub_${snake}_notes_total', 'Notes that were kept by the room ${room}'),
})
`,

  'src/module.ts': `/** The room ${room}: keeps the notes that arrive by the message \`${camel}Noted\`, and shows them. */
import { ${camel}KeptFrom } from '@hub/core'
import type { Module } from '@hub/platform'
import { type ${pascal}Config, ${camel}Config } from './config.ts'
import { ${camel}Handlers } from './handlers.ts'
import { ${camel}Metrics } from './metrics.ts'
import { ${camel}Migrations } from './migrations/index.ts'
import { create${pascal}Store } from './store.ts'
import { ${camel}Views } from './views.ts'

/** Read by a cursor of its own: a note that comes while the room is stopped is not lost. */
const consumer = { name: '${room}', messages: ['${camel}Noted'] as const }

export const ${camel}Module: Module<${pascal}Config> = {
  name: '${room}',
  migrations: ${camel}Migrations,
  views: ${camel}Views,
  config: ${camel}Config,
  consumes: [consumer],
  routes: (deps) => ({ handlers: ${camel}Handlers(deps) }),
  create({ clock, config, metrics, outbox, record }) {
    const store = create${pascal}Store(record)
    const { noted } = ${camel}Metrics(metrics)
    let stop = async () => {}
    return {
      async start() {
        stop = await outbox.consume({
          ...consumer,
          async take(trx, { value }) {
            if (await store.add(trx, value, ${camel}KeptFrom(clock.now(), config.${camel}.keepDays))) noted.inc()
          },
        })
      },
      stop: () => stop(),
    }
  },
}
`,

  'src/module.test.ts': `import { dayMs } from '@hub/core'
import { type Running, tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, startHub } from '../../hub/src/testing/hub.ts'
import { ${camel}Module } from './module.ts'
import type { ${pascal}Tables } from './tables.ts'

let hub: Hub
let running: Running
beforeEach(async () => {
  hub = await startHub()
  running = ${camel}Module.create!(hub.deps)
  await running.start()
})
afterEach(async () => {
  await running.stop()
  await hub.stop()
})

/** As another room says it: in a transaction of its own. */
const note = (text: string, at = hub.clock.now()) =>
  hub.record.transaction((trx) => hub.deps.outbox.append(trx, '${camel}Noted', {}, { v: 1, at, text }))
const shown = async () => (await hub.ask('oper', '${camel}Notes')).json
const texts = async () => (await shown()).notes.map(({ text }: { text: string }) => text)

it('a note that another room has sent is shown, once, the latest first', async () => {
  await note('first')
  await note('first')
  await hub.clock.advanceAsync(1_000)
  await note('second')
  await expect.poll(texts).toEqual(['second', 'first'])
  const now = hub.clock.now()
  expect(await shown()).toEqual({
    asOf: now,
    notes: [
      { at: now, text: 'second' },
      { at: now - 1_000, text: 'first' },
    ],
  })
  expect(await hub.deps.metrics.text()).toContain('hub_${snake}_notes_total 2')
})

it('what is older than the days of the configuration is forgotten', async () => {
  await note('old', hub.clock.now() - 100 * dayMs)
  await note('new')
  await expect.poll(texts).toEqual(['new'])
})

it('a note that is sent while the room is stopped is there when it runs again', async () => {
  await running.stop()
  await note('meanwhile')
  expect(await texts()).toEqual([])
  running = ${camel}Module.create!(hub.deps)
  await running.start()
  await expect.poll(texts).toEqual(['meanwhile'])
})

it('only who is logged in may ask, and other rooms read the view', async () => {
  expect((await hub.ask(undefined, '${camel}Notes')).status).toBe(401)
  await note('seen')
  await expect.poll(texts).toEqual(['seen'])
  const rows = hub.record.sqlite.prepare('SELECT text FROM ${snake}_notes').all()
  const kept = await tablesOf<${pascal}Tables>(hub.record).db.selectFrom('${snake}_note').select('text').execute()
  expect(rows.map((row) => ({ ...row }))).toEqual(kept)
})
`,
})

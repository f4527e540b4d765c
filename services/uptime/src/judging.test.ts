/** Rules of judging over restarts: each start with another configuration is a version from then on. */
import { audit } from '@hub/access'
import { createManualClock, type Outbox, silentLog, tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { openRecord, type TestRecord } from '../../hub/src/testing/record.ts'
import { checkConfig } from '../../platform/src/config.ts'
import { judgingVersions, noteRules } from './judging.ts'

let record: TestRecord
let told: unknown[]
const outbox: Pick<Outbox, 'append'> = { append: async (_, __, ___, value) => void told.push(value) }
beforeEach(async () => {
  record = await openRecord(':memory:')
  told = []
})
afterEach(() => record.close())

const configured = (down: number, more: object = {}) =>
  checkConfig(HubConfig, { policy: { health: { confirm: { down } }, ...more } })
const start = (at: number, config: ReturnType<typeof configured>) =>
  noteRules({ record: tablesOf(record), config, clock: createManualClock(at), audit, log: silentLog, outbox })
const versions = async (config = configured(1)) =>
  (await judgingVersions({ record: tablesOf(record), config })).map(({ from, rules }) => [
    from,
    rules.health.confirm.down,
  ])
const lines = () => record.db.selectFrom('audit').select(['at', 'actor', 'action', 'detail']).execute()

test('before anything was noted the configuration holds for all time', async () => {
  expect(await versions(configured(4))).toEqual([[0, 4]])
})

test('the first start holds for all time, the same again adds nothing, another holds from then on and is audited', async () => {
  await start(1_000, configured(3))
  await start(2_000, configured(3))
  expect(await lines()).toEqual([])
  await start(3_000, configured(5, { target: 0.97 }))
  expect(await versions()).toEqual([
    [0, 3],
    [3_000, 5],
  ])
  expect(await lines()).toMatchObject([{ at: 3_000, actor: 'hub', action: 'judging.change' }])
  expect((await lines())[0]!.detail).toContain('health.confirm.down: 3 → 5; target: 0.96 → 0.97')
  const changes = [
    { field: 'health.confirm.down', was: 3, now: 5 },
    { field: 'target', was: 0.96, now: 0.97 },
  ]
  expect(told).toEqual([expect.objectContaining({ kind: 'rules', key: '3000', state: { from: 3_000, changes } })])
})

test('what is no rule of judging makes no version', async () => {
  await start(1_000, configured(3))
  await start(2_000, configured(3, { startupGraceSeconds: 99 }))
  expect(await versions()).toEqual([[0, 3]])
})

test('a clock that went back does not put a version before another', async () => {
  await start(1_000, configured(3))
  await start(5_000, configured(4))
  await start(4_000, configured(5))
  expect((await versions()).map(([from]) => from)).toEqual([0, 5_000, 5_001])
})

test('the database refuses to change, delete or backdate a version', async () => {
  await start(1_000, configured(3))
  await start(5_000, configured(4))
  const run = (sql: string) => () => record.sqlite.exec(sql)
  expect(run("UPDATE judging_rules SET rules = '{}'")).toThrow('immutable')
  expect(run('DELETE FROM judging_rules')).toThrow('immutable')
  expect(run("INSERT INTO judging_rules VALUES (4000, '{}')")).toThrow('not from before')
  expect(run("INSERT OR REPLACE INTO judging_rules VALUES (5000, '{}')")).toThrow('not from before')
})

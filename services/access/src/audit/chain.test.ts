import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { type RecordStore, tablesOf } from '../../../platform/src/database/open.ts'
import type { AccessTables } from '../tables.ts'
import { linkAudit, listAudit, verifyAudit } from './chain.ts'

let record: RecordStore<AccessTables>
beforeEach(async () => {
  record = tablesOf(await openRecord(':memory:'))
})
afterEach(() => record.close())

const write = (...subjects: string[]) =>
  record.db
    .insertInto('audit')
    .values(subjects.map((subject, at) => ({ at, actor: 'a', action: 'x', subject, detail: '{"n":1}' })))
    .execute()
const link = () => record.transaction(linkAudit)
/** As somebody with the file would do it: triggers are no hindrance. */
function tamper(sqlite: DatabaseSync, sql: string): void {
  sqlite.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_link_no_update')
  sqlite.exec(sql)
}

it('holds while lines are written and linked', async () => {
  expect(await verifyAudit(record.db)).toEqual({ whole: true, brokenAt: null, anchor: null })
  await write('one', 'two')
  expect((await verifyAudit(record.db)).whole).toBe(true)
  const anchor = await link()
  await write('three')
  await link()
  await write('not linked yet')
  expect(await verifyAudit(record.db, anchor)).toMatchObject({ whole: true, anchor: { id: 3 } })
  expect((await listAudit(record.db, { limit: 2 })).map((l) => [l.subject, l.hash === null])).toEqual([
    ['not linked yet', true],
    ['three', false],
  ])
})

it.each([
  ['an edit', `UPDATE audit SET actor = 'b' WHERE id = 2`, 2],
  ['an edit of the detail', `UPDATE audit SET detail = '{}' WHERE id = 1`, 1],
  ['a line taken out', 'DELETE FROM audit WHERE id = 2', 2],
  ['a line taken out with its link', 'DELETE FROM audit WHERE id = 2; DELETE FROM audit_link WHERE id = 2', 3],
  ['the first line taken out with its link', 'DELETE FROM audit WHERE id = 1; DELETE FROM audit_link WHERE id = 1', 2],
  ['the end cut off', 'DELETE FROM audit WHERE id = 3', 3],
  ['the end cut off with its links', 'DELETE FROM audit WHERE id > 1; DELETE FROM audit_link WHERE id > 1', 2],
  ['everything cut off', 'DELETE FROM audit; DELETE FROM audit_link', 1],
])('%s is noticed', async (_, sql, brokenAt) => {
  await write('one', 'two', 'three')
  await link()
  tamper(record.sqlite, sql)
  expect(await verifyAudit(record.db)).toMatchObject({ whole: false, brokenAt })
})

it('a chain that was written anew is noticed by the anchor that was kept elsewhere', async () => {
  await write('one', 'two', 'three')
  const anchor = await link()
  tamper(record.sqlite, `UPDATE audit SET actor = 'b' WHERE id = 2; DELETE FROM audit_link`)
  await link()
  expect((await verifyAudit(record.db)).whole).toBe(true)
  expect((await verifyAudit(record.db, anchor)).whole).toBe(false)
})

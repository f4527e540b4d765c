import type { ExportRequest } from '@hub/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { type RecordStore, tablesOf } from '../../../platform/src/database/open.ts'
import type { ReportsData } from '../tables.ts'
import {
  cancelExport,
  claimExport,
  endExport,
  findExport,
  idsOfExportFiles,
  insertExport,
  listExports,
  putExportProgress,
  restartExports,
  sweepExports,
} from './store.ts'

const request: ExportRequest = { report: 'uptime', format: 'csv', language: 'zh', query: {} }
let record: RecordStore<ReportsData>
beforeEach(async () => {
  record = tablesOf(await openRecord(':memory:'))
})
afterEach(() => record.close())

const ask = (id: string, requestedBy = 'li', now = 1) =>
  insertExport(record.db, { id, request, scope: ['430405'], requestedBy }, now)
const claim = () => record.transaction(claimExport)
const done = { status: 'done', rows: 3, bytes: 99, fileName: 'a.csv' } as const

test('jobs run in the order they were asked for, with the scope of whoever asked', async () => {
  await ask('b', 'li', 1)
  await ask('a', 'wang', 2)
  expect(await claim()).toEqual({ id: 'b', request, scope: ['430405'], requestedBy: 'li' })
  expect((await claim())?.id).toBe('a')
  expect(await claim()).toBeUndefined()
})

test('everybody sees his own', async () => {
  await ask('a', 'li', 1)
  await ask('b', 'li', 2)
  await ask('c', 'wang', 3)
  expect((await listExports(record.db, 'li')).map(({ id }) => id)).toEqual(['b', 'a'])
  await expect(findExport(record.db, 'li', 'c')).rejects.toMatchObject({ code: 'export.unknown' })
  await expect(cancelExport(record.db, 'li', 'c', 9)).rejects.toMatchObject({ code: 'export.unknown' })
})

test('progress and end are written only while the job runs', async () => {
  await ask('a')
  await claim()
  expect(await putExportProgress(record.db, 'a', 0.5, 2)).toBe(true)
  expect(await findExport(record.db, 'li', 'a')).toMatchObject({ status: 'running', progress: 0.5, rows: 2 })
  await cancelExport(record.db, 'li', 'a', 9)
  expect(await putExportProgress(record.db, 'a', 0.9, 3)).toBe(false)
  expect(await endExport(record.db, 'a', done, 10)).toBe(false)
  expect(await findExport(record.db, 'li', 'a')).toMatchObject({ status: 'cancelled', endedAt: 9, progress: 0.5 })
})

test('what a stopped hub left running waits again', async () => {
  await ask('a')
  await claim()
  await putExportProgress(record.db, 'a', 0.5, 2)
  await restartExports(record.db)
  expect(await findExport(record.db, 'li', 'a')).toMatchObject({ status: 'waiting', progress: 0, rows: 0 })
  expect((await claim())?.id).toBe('a')
})

test('cancelling what has ended removes it', async () => {
  await ask('a')
  await claim()
  expect(await endExport(record.db, 'a', done, 10)).toBe(true)
  expect(await idsOfExportFiles(record.db)).toEqual(new Set(['a']))
  await cancelExport(record.db, 'li', 'a', 11)
  expect(await listExports(record.db, 'li')).toEqual([])
})

test('what ended long ago is forgotten; what waits is not', async () => {
  await ask('a', 'li', 1)
  await ask('b', 'li', 2)
  await claim()
  await endExport(record.db, 'a', { status: 'failed', problem: '磁盘已满' }, 10)
  await sweepExports(record.db, 10)
  expect(await findExport(record.db, 'li', 'a')).toMatchObject({ status: 'failed', problem: '磁盘已满' })
  await sweepExports(record.db, 11)
  expect((await listExports(record.db, 'li')).map(({ id }) => id)).toEqual(['b'])
})

test('one person may not fill the queue', async () => {
  for (let n = 0; n < 20; n++) await ask(`a${n}`)
  await expect(ask('one more')).rejects.toMatchObject({ code: 'request.invalid', params: { field: 'exports' } })
  await expect(ask('another', 'wang')).resolves.toBeDefined()
})

/** Long queries: the same answers on a thread as in place, and nobody waits for a thread that is gone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRecord } from '../../../hub/src/testing/record.ts'
import type { RecordStore } from './open.ts'
import { openReadThread } from './read-thread.ts'
import * as queries from './testing/queries.ts'

const module = new URL('./testing/queries.ts', import.meta.url)

describe.each(['on a thread', 'in place'])('%s', (where) => {
  let folder: string
  let record: RecordStore
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reader-'))
    record = await openRecord(where === 'in place' ? ':memory:' : join(folder, 'record.db'))
    await record.db.insertInto('setting').values({ room: 'test', key: 'a', value: '1' }).execute()
  })
  afterEach(async () => {
    await record.close()
    rmSync(folder, { recursive: true })
  })

  it('what was committed is read, with the question that was asked', async () => {
    const reader = record.reader(module, queries)
    expect(await reader.ask('settingOf', 'a')).toBe('1')
    await record.db.updateTable('setting').set({ value: '2' }).where('key', '=', 'a').execute()
    expect(await Promise.all([reader.ask('settingOf', 'a'), reader.ask('settingOf', 'b')])).toEqual(['2', undefined])
    expect(await reader.ask('countIn', 'setting')).toBe(await reader.ask('countIn', 'setting'))
  })

  it('many answers come in turn, and their making ends with whoever takes them', async () => {
    const reader = record.reader(module, queries)
    const all: number[] = []
    for await (const n of reader.each('upTo', 3)) all.push(n)
    expect(all).toEqual([1, 2, 3])
    for await (const n of reader.each('upTo', 1_000_000)) if (n === 2) break
    await expect.poll(() => reader.ask('ended', null)).toEqual([3, 1_000_000])
  })

  it('a refusal keeps its code, at the start and half-way', async () => {
    const reader = record.reader(module, queries)
    await expect(reader.ask('refuse', 'x')).rejects.toMatchObject({ code: 'device.unknown', params: { value: 'x' } })
    const some: number[] = []
    const taking = async () => {
      for await (const n of reader.each('refuseAt', 3)) some.push(n)
    }
    await expect(taking()).rejects.toMatchObject({ code: 'device.unknown', params: { value: 3 } })
    expect(some).toEqual([1, 2])
  })
})

it('a thread can write nothing, and once it is closed nothing is asked of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reader-'))
  const record = await openRecord(join(folder, 'record.db'))
  const reader = record.reader(module, queries)
  await expect(reader.ask('write', null)).rejects.toMatchObject({ code: 'internal' })
  const parts = reader.each('upTo', 10)
  await parts.next()
  await record.close()
  await expect(parts.next()).rejects.toMatchObject({ code: 'internal' })
  await expect(reader.ask('settingOf', 'a')).rejects.toMatchObject({ code: 'internal' })
  rmSync(folder, { recursive: true })
})

it('a thread that dies rejects what it was asked, and the next question has a new one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reader-'))
  const record = await openRecord(join(folder, 'record.db'))
  let starts = 0
  const thread = openReadThread(record.path, { db: record.db, snapshot: record.commit }, () => {
    const path = starts++ === 0 ? join(folder, 'missing', 'record.db') : record.path
    return new Worker(new URL('./read-thread-worker.ts', import.meta.url), { workerData: path })
  })
  const reader = thread.reader(module, queries)
  const asked = [reader.ask('settingOf', 'a'), reader.ask('countIn', 'setting')]
  for (const one of asked) await expect(one).rejects.toMatchObject({ name: 'HubError', code: 'internal' })
  expect(await reader.ask('settingOf', 'a')).toBeUndefined()
  expect(starts).toBe(2)
  await thread.close()
  await record.close()
  rmSync(folder, { recursive: true })
})

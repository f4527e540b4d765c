import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { topic } from '@hub/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { tablesOf } from '../database/open.ts'
import { silentLog } from '../log.ts'
import { createManualClock } from '../manual-clock.ts'
import { createMessageBus } from './message-bus.ts'
import { type Consumer, openOutbox } from './outbox.ts'
import type { Bus } from './port.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process on the Record file: what it published, and what happens when the bus refuses. */
async function openProcess(durable: readonly Pick<Consumer, 'name' | 'messages'>[] = []) {
  const record = await openRecord(join(folder, 'record.db'))
  const clock = createManualClock()
  const published: string[] = []
  const bus: Bus & { refuses: boolean } = {
    refuses: false,
    async publish(name, payload) {
      if (bus.refuses) throw new Error('the bus is closed')
      published.push(`${name} ${payload}`)
    },
    subscribe: async () => async () => {},
    connected: true,
    onConnection: () => () => {},
    close: async () => {},
  }
  const parts = { record: tablesOf(record), bus: createMessageBus(bus, silentLog), clock, log: silentLog }
  const outbox = openOutbox(parts, durable)
  const rows = () => record.sqlite.prepare('SELECT id, message, published FROM outbox ORDER BY id').all()
  return { record, clock, bus, outbox, published, rows, crash: () => record.close() }
}
type Process = Awaited<ReturnType<typeof openProcess>>

const topology = (at: number) => ({ v: 1 as const, at })
const say = ({ record, outbox }: Process, at: number) =>
  record.transaction((trx) => outbox.append(trx, 'topology.changed', {}, topology(at)))
const line = (at: number) => `${topic('topology.changed')} ${JSON.stringify(topology(at))}`
const consumer = { name: 'notify', messages: ['topology.changed'] as const }

test('what is committed is published after its commit, in order, and then forgotten', async () => {
  const one = await openProcess()
  await one.record.transaction(async (trx) => {
    await one.outbox.append(trx, 'topology.changed', {}, topology(1))
    await one.outbox.settled()
    expect(one.published).toEqual([])
  })
  await one.record.commit(() => one.outbox.appendAll([{ name: 'topology.changed', params: {}, value: topology(2) }]))
  await one.outbox.settled()
  expect(one.published).toEqual([line(1), line(2)])
  await one.outbox.tidy()
  expect(one.rows()).toEqual([])
  await one.crash()
})

test('what is rolled back is never published', async () => {
  const one = await openProcess()
  const failed = one.record.transaction(async (trx) => {
    await one.outbox.append(trx, 'topology.changed', {}, topology(1))
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  await say(one, 2)
  await one.outbox.settled()
  expect(one.published).toEqual([line(2)])
  await one.crash()
})

test('values of one topic that follow one another share a row, five hundred at most', async () => {
  const one = await openProcess()
  const messages = Array.from({ length: 501 }, (_, at) => ({
    name: 'topology.changed' as const,
    params: {},
    value: topology(at),
  }))
  await one.record.commit(() => one.outbox.appendAll(messages))
  expect(one.rows()).toHaveLength(2)
  await one.outbox.settled()
  expect(one.published).toEqual(messages.map(({ value }) => line(value.at)))
  await one.crash()
})

test('what the bus refuses, and what a crash left behind, is published later', async () => {
  const one = await openProcess()
  one.bus.refuses = true
  await say(one, 1)
  await one.outbox.settled()
  one.bus.refuses = false
  await one.outbox.tidy()
  await one.outbox.settled()
  expect(one.published).toEqual([line(1)])
  one.bus.refuses = true
  await say(one, 2)
  await one.outbox.settled()
  await one.crash()
  const two = await openProcess()
  await two.outbox.start()
  await two.outbox.settled()
  // The first was not marked before the crash: at least once.
  expect(two.published).toEqual([line(1), line(2)])
  await two.crash()
})

test('a consumer takes each row once with what it does about it, and none is lost while it does not run', async () => {
  const taken: string[] = []
  const note: Consumer<'topology.changed'>['take'] = async (trx, { id, value }) => {
    taken.push(`${id} ${value.at}`)
    await trx
      .insertInto('setting')
      .values({ room: 'test', key: id, value: String(value.at) })
      .execute()
  }
  const one = await openProcess([consumer])
  const stop = await one.outbox.consume({ ...consumer, take: note })
  await say(one, 1)
  await expect.poll(() => taken).toEqual(['1.0 1'])
  await stop()
  await say(one, 2)
  await one.outbox.settled()
  await one.outbox.tidy()
  // The second waits for its consumer.
  expect(one.rows()).toMatchObject([{ id: 2, published: 1 }])
  await one.crash()
  const two = await openProcess([consumer])
  await two.outbox.consume({ ...consumer, take: note })
  await expect.poll(() => taken).toEqual(['1.0 1', '2.0 2'])
  await two.outbox.tidy()
  expect(two.rows()).toEqual([])
  expect(two.record.sqlite.prepare("SELECT key, value FROM setting WHERE room = 'test'").all()).toMatchObject([
    { key: '1.0', value: '1' },
    { key: '2.0', value: '2' },
  ])
  await two.crash()
})

test('a consumer that fails has done nothing, and gets the same rows again', async () => {
  const one = await openProcess([consumer])
  let failures = 2
  const done: number[] = []
  await one.outbox.consume({
    ...consumer,
    async take(trx, { id, value }) {
      await trx.insertInto('setting').values({ room: 'test', key: id, value: '' }).execute()
      if (failures-- > 0) throw new Error('not now')
      done.push(value.at)
    },
  })
  await say(one, 1)
  await expect
    .poll(async () => {
      await one.clock.advanceAsync(5_000)
      return done
    })
    .toEqual([1])
  await one.crash()
})

test('another process takes what this one wrote', async () => {
  const writer = await openProcess([consumer])
  const reader = await openProcess([consumer])
  const taken: number[] = []
  await reader.outbox.consume({ ...consumer, take: async (_, { value }) => void taken.push(value.at) })
  await say(writer, 7)
  await expect
    .poll(async () => {
      await reader.clock.advanceAsync(5_000)
      return taken
    })
    .toEqual([7])
  await reader.crash()
  await writer.crash()
})

test('a row that fails again and again is put aside as a dead letter and holds up no other', async () => {
  const one = await openProcess([consumer])
  const done: number[] = []
  const stop = await one.outbox.consume({
    ...consumer,
    async take(_, { value }) {
      if (value.at === 2) throw new Error('cannot be taken')
      done.push(value.at)
    },
  })
  for (const at of [1, 2, 3]) await say(one, at)
  await expect
    .poll(async () => {
      await one.clock.advanceAsync(5_000)
      return done
    })
    .toEqual(expect.arrayContaining([1, 3]))
  const letters = one.record.sqlite
    .prepare('SELECT source, reason, CAST(payload AS TEXT) AS payload FROM dead_letter')
    .all()
  expect(letters.map((letter) => ({ ...letter }))).toEqual([
    { source: 'outbox notify topology.changed', reason: 'cannot be taken', payload: JSON.stringify([topology(2)]) },
  ])
  await stop()
  await one.crash()
})

test('what another transaction has written and not committed is not taken: it may never be', async () => {
  const one = await openProcess([consumer])
  const taken: number[] = []
  await one.outbox.consume({ ...consumer, take: async (_, { value }) => void taken.push(value.at) })
  const failed = one.record.transaction(async (trx) => {
    await one.outbox.append(trx, 'topology.changed', {}, topology(1))
    await one.clock.advanceAsync(5_000)
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  await say(one, 2)
  await expect.poll(() => taken).toEqual([2])
  await one.crash()
})

/** Outages put into a Record by hand, and the notifications that go out of it. */
import { type CauseKind, topic } from '@hub/contracts'
import type { OutageState } from '@hub/outages'
import { createLog, createManualClock, createMetrics, type Outgoing } from '@hub/platform'
import { wireTestDeps } from '../../../hub/src/testing/deps.ts'
import { createFakeBus } from '../../../hub/src/testing/fake-bus.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { notificationRequests } from '../../../outages/src/notifications.ts'
import { outageWriter } from '../../../outages/src/store.ts'
import type { Send } from '../channels/outcome.ts'
import { type DispatchOptions, startDispatch } from '../dispatch.ts'

/** 2026-11-22 12:00:10 in Hengyang. */
export const noon = Date.UTC(2026, 10, 22, 4, 0, 10)
const turns = 6

export type OutageChangeOf = Partial<Omit<OutageState, 'cause'>> & { kind?: CauseKind; key?: string }

export async function createNotificationRig({
  channels,
  outages = {},
  send,
  at = noon,
  ...options
}: {
  channels: readonly object[]
  outages?: object
  /** Instead of the channel itself. */
  send?: Send
  at?: number
} & DispatchOptions) {
  const record = await openRecord(':memory:')
  const clock = createManualClock(at)
  const logged: string[] = []
  const transport = createFakeBus()
  const { published } = transport
  const metrics = createMetrics()
  const log = createLog({ name: 'test', level: 'trace' }, { write: (line) => void logged.push(line) })
  const config = { channels, policy: { outages } }
  const { deps } = wireTestDeps({ record, clock, transport, log, metrics, config })
  const writer = outageWriter(record.sqlite, deps.audit)
  const requests = notificationRequests(record.sqlite)
  /** As the outages room does it: what it writes and what it asks to tell of, in one transaction. */
  const commit = (id: string, work: () => Outgoing[] | undefined) =>
    record.commit(() => {
      const before = work() ?? []
      deps.outbox.appendAll([...before, ...requests([id], clock.now())])
    })
  const start = () => startDispatch(deps, { random: () => 0.5, ...options, ...(send && { open: () => send }) })
  let running = await start()
  const facts = new Map<string, OutageState>()
  const write = (id: string, { kind, key, ...change }: OutageChangeOf) => {
    const was = facts.get(id)
    const state: OutageState = {
      id,
      from: clock.now(),
      to: null,
      districts: ['430405'],
      expected: false,
      countsFrom: null,
      held: false,
      members: 212,
      down: 212,
      importance: 'normal',
      evidence: { down: 212, of: 214, withinMs: 9_000, rejected: [] },
      ...was,
      ...change,
      cause: { kind: kind ?? was?.cause.kind ?? 'switch', key: key ?? was?.cause.key ?? 'QD-03', mode: 'together' },
    }
    facts.set(id, state)
    writer.putFacts(state, clock.now())
  }

  return {
    record,
    clock,
    deps,
    logged,
    published,
    metrics,
    /** In real time: for channels that are real. */
    async until(what: () => boolean) {
      for (let n = 0; n < 500 && !what(); n++) await new Promise((resolve) => setTimeout(resolve, 10))
      if (!what()) throw new Error('it did not come')
    },
    async pass(seconds: number, step = 1) {
      for (let n = 0; n < seconds; n += step) {
        await clock.advanceAsync(Math.min(step, seconds - n) * 1_000)
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
    },
    /** Written as the correlation writes it; what is not said stays as it was. */
    put: (id: string, change: OutageChangeOf = {}) =>
      commit(id, () => {
        write(id, change)
        return undefined
      }),
    /** `o-0`, `o-1`, … in one transaction. */
    putMany: (count: number, change: OutageChangeOf) =>
      record.commit(() => {
        const ids = Array.from({ length: count }, (_, n) => `o-${n}`)
        for (const [n, id] of ids.entries()) write(id, { ...change, key: String(n) })
        deps.outbox.appendAll(requests(ids, clock.now()))
      }),

    /** All are up, for long enough. */
    async resolve(id: string) {
      await this.put(id, { to: clock.now(), down: 0 })
      await this.set(id, "status = 'resolved', resolved_at = updated_at")
    },
    set: (id: string, change: string) =>
      commit(id, () => {
        record.sqlite.prepare(`UPDATE outage SET ${change} WHERE id = ?`).run(id)
        return undefined
      }),
    /** A new outage that was a part of another. */
    split: (id: string, change: OutageChangeOf, from: string) =>
      commit(id, () => {
        write(id, change)
        const [members, fromMembers] = [writer.members(id), writer.members(from)]
        const value = { v: 1, at: clock.now(), id, from, members, fromMembers } as const
        return [{ name: 'outageSplit', params: {}, value }]
      }),
    merge: (id: string, into: string) =>
      commit(into, () => {
        const [members, intoMembers] = [writer.members(id), writer.members(into)]
        writer.merge(id, into, clock.now())
        const value = { v: 1, at: clock.now(), id, into, members, intoMembers } as const
        return [{ name: 'outageMerged', params: {}, value }]
      }),
    /** As the API does it. */
    async test(channel: string) {
      await record.commit((sqlite) =>
        sqlite
          .prepare(
            `INSERT INTO notification (channel, outage, subject, body, status, next_at, created_at)
             VALUES (?, NULL, '测试通知', '无需处理', 'waiting', ?, ?)`,
          )
          .run(channel, clock.now(), clock.now()),
      )
      await transport.deliver(topic('notificationQueued'), { v: 1, at: clock.now() })
    },
    notifications: () =>
      record.sqlite.prepare('SELECT * FROM notification ORDER BY id').all() as {
        id: number
        channel: string
        kind: string
        outage: string | null
        work_order: string | null
        subject: string
        body: string
        facts: string
        districts: string | null
        status: string
        attempts: number
        next_at: number
        problem: string | null
      }[],
    async restart(change?: () => Promise<void>) {
      await running.stop()
      await change?.()
      running = await start()
    },
    async [Symbol.asyncDispose]() {
      await running.stop()
      await record.close()
    },
  }
}

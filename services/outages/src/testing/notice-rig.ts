/** Outages put into a Record by hand, and the notices that go out of it. */
import type { CauseKind } from '@hub/contracts'
import {
  checkConfig,
  createLog,
  createManualClock,
  createMetrics,
  HubConfig,
  type OutageState,
  openRecord,
  outageWriter,
} from '@hub/platform'
import type { Send } from '../notify/channels/outcome.ts'
import { type NoticeOptions, startNotices } from '../notify/start.ts'

/** 2026-11-22 12:00:10 in Hengyang. */
export const noon = Date.UTC(2026, 10, 22, 4, 0, 10)
const turns = 6

export type OutageChangeOf = Partial<Omit<OutageState, 'cause'>> & { kind?: CauseKind; key?: string }

export async function createNoticeRig({
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
} & NoticeOptions) {
  const record = await openRecord(':memory:')
  const clock = createManualClock(at)
  const writer = outageWriter(record.sqlite)
  const logged: string[] = []
  const published: { topic: string; payload: string }[] = []
  const listeners = new Set<(message: { topic: string; payload: Buffer }) => void | Promise<void>>()
  const config = checkConfig(HubConfig, { channels, policy: { outages } })
  const metrics = createMetrics()
  const deps = {
    ...{ record, clock, config, metrics },
    log: createLog({ name: 'test', level: 'trace' }, { write: (line) => void logged.push(line) }),
    bus: {
      connected: true,
      publish: async (topic: string, payload: Buffer | string) =>
        void published.push({ topic, payload: String(payload) }),
      subscribe: async (_: string, handler: (message: { topic: string; payload: Buffer }) => void | Promise<void>) => {
        listeners.add(handler)
        return async () => void listeners.delete(handler)
      },
      onConnection: () => () => {},
      close: async () => {},
    },
  }
  const start = () => startNotices(deps, { random: () => 0.5, ...options, ...(send && { open: () => send }) })
  let running = await start()
  const facts = new Map<string, OutageState>()
  const write = (id: string, { kind, key, ...change }: OutageChangeOf) => {
    const was = facts.get(id)
    const state: OutageState = {
      ...{ id, from: clock.now(), to: null, districts: ['430405'], expected: false, members: 212, down: 212 },
      ...{ importance: 'normal', evidence: { down: 212, of: 214, withinMs: 9_000, rejected: [] }, ...was, ...change },
      cause: {
        ...{ kind: kind ?? was?.cause.kind ?? 'switch', key: key ?? was?.cause.key ?? 'QD-03', mode: 'together' },
      },
    }
    facts.set(id, state)
    writer.putFacts(state, clock.now())
  }

  return {
    ...{ record, clock, logged, published, metrics },
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
    put: (id: string, change: OutageChangeOf = {}) => record.commit(() => write(id, change)),
    /** `o-0`, `o-1`, … in one transaction. */
    putMany: (count: number, change: OutageChangeOf) =>
      record.commit(() => {
        for (let n = 0; n < count; n++) write(`o-${n}`, { ...change, key: String(n) })
      }),

    /** All are up, for long enough. */
    async heal(id: string) {
      await this.put(id, { to: clock.now(), down: 0 })
      await this.set(id, "status = 'resolved', resolved_at = updated_at")
    },
    set: (id: string, change: string) =>
      record.commit((sqlite) => sqlite.prepare(`UPDATE outage SET ${change} WHERE id = ?`).run(id)),
    /** A new outage that was a part of another. */
    split: (id: string, change: OutageChangeOf, from: string) =>
      record.commit(() => {
        write(id, change)
        writer.split(id, from)
      }),
    merge: (id: string, into: string) => record.commit(() => writer.merge(id, into, clock.now())),
    /** As the API does it. */
    async test(channel: string) {
      await record.commit((sqlite) =>
        sqlite
          .prepare(
            `INSERT INTO notice (channel, outage, subject, body, status, next_at, created_at)
             VALUES (?, NULL, '测试通知', '无需处理', 'waiting', ?, ?)`,
          )
          .run(channel, clock.now(), clock.now()),
      )
      const payload = Buffer.from(JSON.stringify({ v: 1, at: clock.now(), id: 'notice' }))
      for (const listener of listeners) await listener({ topic: 'hub/v1/outages/changed', payload })
    },
    notices: () =>
      record.sqlite.prepare('SELECT * FROM notice ORDER BY id').all() as {
        id: number
        channel: string
        kind: string
        outage: string | null
        work_order: string | null
        subject: string
        body: string
        facts: string
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

/** Sends what waits for one channel: in order, one at a time, tried again until it is taken or given up. */
import {
  type Clock,
  foldNotices,
  holdNotice,
  type Log,
  markFailed,
  markSent,
  nextNotice,
  type QueuedNotice,
  type RecordStore,
  sentSince,
  untriedNotices,
} from '@hub/platform'
import { defaultRetryPolicy, type RetryPolicy, retryAt } from './backoff.ts'
import { failed, type Outcome, type Outgoing, type Send } from './channels/outcome.ts'
import { problemOf } from './channels/post.ts'
import { folded } from './message.ts'
import type { NoticeMetrics } from './metrics.ts'
import type { Channel } from './teller.ts'

const hourMs = 3_600_000
/** Whoever pressed the button has gone. */
const testAgeMs = 60_000
/** After the Record refused to remember what was sent. */
const pauseMs = 10_000

export type Sender = {
  /** Sends what is due. Calls that come while it runs are one with it. */
  run(): Promise<void>
  /** Ends what is under way and begins nothing more. */
  stop(): Promise<void>
}

export type SenderDeps = {
  record: RecordStore
  clock: Clock
  log: Log
  random: () => number
  metrics: NoticeMetrics
  retry?: RetryPolicy
}

export function createSender(
  channel: Channel,
  send: Send,
  { record, clock, log, random, metrics, retry = defaultRetryPolicy }: SenderDeps,
): Sender {
  const { sqlite } = record
  let running: Promise<void> | null = null
  let stopped = false
  let pausedUntil = 0
  /** It was sent, but the Record could not be told yet: it must not be sent again. */
  let unwritten: { notice: QueuedNotice; outcome: Outcome } | null = null

  /** Undefined: nothing is due. What exceeds the hourly limit is put together, and waits. */
  const take = async (): Promise<QueuedNotice | undefined> => {
    const now = clock.now()
    const next = nextNotice(sqlite, channel.id)
    if (!next || next.nextAt > now) return undefined
    if (next.kind === 'test') return next
    const lately = sentSince(sqlite, channel.id, now - hourMs)
    const allowed = channel.perHour - lately.length
    if (allowed <= 0) {
      const free = lately[lately.length - channel.perHour]! + hourMs
      await record.commit((handle) => holdNotice(handle, next.id, free))
      return undefined
    }
    const untried = next.attempts === 0 ? untriedNotices(sqlite, channel.id) : []
    if (untried.length <= allowed) return next
    await record.commit((handle) =>
      foldNotices(
        handle,
        untried.map(({ id }) => id),
        folded(channel, untried),
        now,
      ),
    )
    return nextNotice(sqlite, channel.id)
  }

  const write = async (notice: QueuedNotice, outcome: Outcome): Promise<void> => {
    const now = clock.now()
    const { id, createdAt, attempts, kind } = notice
    if (outcome.ok) {
      await record.commit((handle) => markSent(handle, id, now))
      metrics.notices.inc({ channel: channel.id, result: 'sent' })
      metrics.lateSeconds.observe((now - createdAt) / 1_000)
      return
    }
    const { problem, permanent, retryAfterMs: askedMs } = outcome
    const once = permanent || kind === 'test'
    const nextAt = once ? null : retryAt({ tries: attempts + 1, createdAt, askedMs }, now, random(), retry)
    await record.commit((handle) => markFailed(handle, id, problem, nextAt))
    metrics.notices.inc({ channel: channel.id, result: nextAt === null ? 'dead' : 'failed' })
    log.warn({ channel: channel.id, notice: id, problem, nextAt }, 'a notice was not sent')
  }

  const one = async (): Promise<boolean> => {
    if (!unwritten) {
      const notice = await take()
      if (!notice || stopped) return false
      const age = clock.now() - notice.createdAt
      const late = age > (notice.kind === 'test' ? testAgeMs : retry.ageMs)
      const outcome = late
        ? failed('too late', true)
        : await send(outgoing(notice)).catch((err: unknown) => failed(problemOf(err)))
      unwritten = { notice, outcome }
    }
    await write(unwritten.notice, unwritten.outcome)
    unwritten = null
    return true
  }

  const work = async (): Promise<void> => {
    if (clock.now() < pausedUntil) return
    try {
      while (!stopped && (await one()));
    } catch (err) {
      pausedUntil = clock.now() + pauseMs
      log.error({ err, channel: channel.id }, 'the queue of notices was not read or written; it is tried again')
    }
  }

  return {
    run() {
      running ??= work().finally(() => {
        running = null
      })
      return running
    },
    async stop() {
      stopped = true
      await running
    },
  }
}

const outgoing = ({ body, facts, ...notice }: QueuedNotice): Outgoing => ({
  ...{ id: notice.id, createdAt: notice.createdAt, kind: notice.kind, outage: notice.outage, subject: notice.subject },
  ...{ lines: body.split('\n'), facts: JSON.parse(facts) as unknown[] },
})

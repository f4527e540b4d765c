/** Sends what waits for one channel: in order, one at a time, tried again until it is taken or given up. */
import { hourMs } from '@hub/core'
import type { Clock, Log, RecordStore } from '@hub/platform'
import { failed, type Outcome, type Outgoing, type Part, type Send } from './channels/outcome.ts'
import { problemOf } from './channels/post.ts'
import type { Channel } from './channels/table.ts'
import { folded } from './message.ts'
import type { NotificationMetrics } from './metrics.ts'
import {
  foldNotifications,
  holdNotification,
  markFailed,
  markSent,
  nextNotification,
  type QueuedNotification,
  sentSince,
  untriedNotifications,
} from './queue.ts'
import { defaultRetryPolicy, type RetryPolicy, retryAt } from './retry.ts'
import type { NotifyDb } from './tables.ts'

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
  record: RecordStore<NotifyDb>
  clock: Clock
  log: Log
  random: () => number
  metrics: NotificationMetrics
  retry?: RetryPolicy
}

export function createSender(
  channel: Channel,
  send: Send,
  { record, clock, log, random, metrics, retry = defaultRetryPolicy }: SenderDeps,
): Sender {
  const { db } = record
  let running: Promise<void> | null = null
  let stopped = false
  let pausedUntil = 0
  /** It was sent, but the Record could not be told yet: it must not be sent again. */
  let unwritten: { notification: QueuedNotification; outcome: Outcome } | null = null

  /** Undefined: nothing is due. What exceeds the hourly limit is put together, and waits. */
  const take = async (): Promise<QueuedNotification | undefined> => {
    const now = clock.now()
    const next = await nextNotification(db, channel.id)
    if (!next || next.nextAt > now) return undefined
    if (next.kind === 'test') return next
    const lately = await sentSince(db, channel.id, now - hourMs)
    const allowed = channel.perHour - lately.length
    if (allowed <= 0) {
      const free = lately[lately.length - channel.perHour]! + hourMs
      await holdNotification(db, next.id, free)
      return undefined
    }
    const untried = next.attempts === 0 ? await untriedNotifications(db, channel.id) : []
    if (untried.length <= allowed) return next
    await record.transaction((trx) =>
      foldNotifications(
        trx,
        untried.map(({ id }) => id),
        folded(channel, untried),
        now,
      ),
    )
    return nextNotification(db, channel.id)
  }

  const write = async (notification: QueuedNotification, outcome: Outcome): Promise<void> => {
    const now = clock.now()
    const { id, createdAt, attempts, kind } = notification
    if (outcome.ok) {
      const refused = outcome.refused?.join('; ') ?? null
      await markSent(db, id, now, refused)
      if (refused) log.warn({ channel: channel.id, notification: id, refused }, 'a notification did not reach all')
      metrics.notifications.inc({ channel: channel.id, result: 'sent' })
      metrics.lateSeconds.observe((now - createdAt) / 1_000)
      return
    }
    const { problem, permanent, retryAfterMs: askedMs, part } = outcome
    const once = permanent || kind === 'test'
    const nextAt = once ? null : retryAt({ tries: attempts + 1, createdAt, askedMs }, now, random(), retry)
    await markFailed(db, id, problem, nextAt, part)
    metrics.notifications.inc({ channel: channel.id, result: nextAt === null ? 'dead' : 'failed' })
    log.warn({ channel: channel.id, notification: id, problem, nextAt }, 'a notification was not sent')
  }

  const one = async (): Promise<boolean> => {
    if (!unwritten) {
      const notification = await take()
      if (!notification || stopped) return false
      const age = clock.now() - notification.createdAt
      const late = age > (notification.kind === 'test' ? testAgeMs : retry.ageMs)
      const outcome = late
        ? failed('too late', true)
        : await send(outgoing(notification)).catch((err: unknown) => failed(problemOf(err)))
      unwritten = { notification, outcome }
    }
    await write(unwritten.notification, unwritten.outcome)
    unwritten = null
    return true
  }

  const work = async (): Promise<void> => {
    if (clock.now() < pausedUntil) return
    try {
      while (!stopped && (await one()));
    } catch (err) {
      pausedUntil = clock.now() + pauseMs
      log.error({ err, channel: channel.id }, 'the queue of notifications was not read or written; it is tried again')
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

const outgoing = ({ body, facts, part, ...notification }: QueuedNotification): Outgoing => ({
  id: notification.id,
  createdAt: notification.createdAt,
  kind: notification.kind,
  outage: notification.outage,
  subject: notification.subject,
  lines: body.split('\n'),
  facts: JSON.parse(facts) as unknown[],
  part: part === null ? null : (JSON.parse(part) as Part),
})

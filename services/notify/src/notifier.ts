/** Decides now and then what is to be told of outages, and puts it in the queue. */
import {
  afterDecision,
  type Due,
  dayMs,
  digestDue,
  dueOf,
  type KnownState,
  minuteMs,
  type NotificationPolicy,
  secondMs,
  unreportedOf,
} from '@hub/core'
import { type Clock, type RecordStore, settingsOf } from '@hub/platform'
import type { Channel } from './channels/table.ts'
import type { NotifyConfig } from './config.ts'
import { logOutages, type OutageKnown, outagesKnown } from './log.ts'
import { compose, type Item, isOver, type Sums, shownFacts, withUnreported, worstFirst } from './message.ts'
import { enqueue, lastQueued, type NewNotification } from './queue.ts'
import { listOutages, listOver, type OutageSubject } from './subjects.ts'
import type { NotifyDb } from './tables.ts'

const refireMs = 30 * minuteMs

export const notificationPolicyOf = (outages: NotifyConfig['policy']['outages']): NotificationPolicy => ({
  groupHoldMs: outages.groupHoldSeconds * secondMs,
  deviceHoldMs: outages.deviceHoldSeconds * secondMs,
  leastMembers: outages.ownNoticeDevices,
  digestMs: outages.digestMinutes * minuteMs,
  refireMs,
  digestHours: outages.digestHours ?? null,
  hours: outages.hours ?? null,
})

export type Notifier = {
  /** @returns how many notifications were put in the queue */
  decide(): Promise<number>
}

const sumsOf = (due: readonly Due<OutageSubject>[]): Sums => ({
  outages: due.length,
  over: due.filter(({ outage }) => isOver(outage)).length,
  down: due.reduce((sum, { outage }) => sum + outage.down, 0),
})

const shownOf = (due: readonly Due<OutageSubject>[]): Item[] =>
  due
    .map(({ outage, decision: { what } }) => ({ outage, what }))
    .sort(worstFirst)
    .slice(0, shownFacts)

export function createNotifier({
  record,
  clock,
  channels,
  policy,
}: {
  record: RecordStore<NotifyDb>
  clock: Clock
  channels: readonly Channel[]
  policy: NotificationPolicy
}): Notifier {
  const { db } = record
  const digests = digestsOf(record)
  let queuedAt: Map<string, number> | null = null

  /** Read each time: outages that merge take along what was told of them. */
  const knownOf = async (ids: readonly string[]): Promise<Map<string, KnownState>> =>
    new Map((await outagesKnown(db, ids)).map(({ outage, channel, known }) => [`${outage} ${channel}`, known]))
  /** The digest says in a line what came and went since the last, of which nobody was told. */
  const digestOf = async (
    channel: Channel,
    notification: NewNotification,
    due: readonly Due<OutageSubject>[],
    now: number,
  ): Promise<NewNotification> => {
    const over = await listOver(db, digests.last(channel.id) ?? now - dayMs)
    const known = await knownOf(over.map(({ id }) => id))
    const shown = new Set(due.map(({ outage }) => outage.id))
    const silent = over.filter(({ id }) => !shown.has(id) && !known.has(`${id} ${channel.id}`))
    const unreported = unreportedOf(channel, silent)
    return unreported ? withUnreported(channel, notification, unreported) : notification
  }

  return {
    async decide() {
      const now = clock.now()
      queuedAt ??= await lastQueued(db)
      const boundary = digestDue(now, policy)
      const before = digests.last()
      const flush = before !== null && boundary > before
      const outages = await listOutages(db, flush)
      const known = await knownOf(outages.map(({ id }) => id))

      const notifications: NewNotification[] = []
      const changes: OutageKnown[] = []
      for (const channel of channels) {
        const due = dueOf(
          channel,
          outages,
          ({ id }) => known.get(`${id} ${channel.id}`) ?? null,
          { queuedAt: queuedAt.get(channel.id) ?? null, flush, now },
          policy,
        )
        const [first, ...more] = shownOf(due)
        if (!first) continue
        const notification = compose(channel, [first, ...more], sumsOf(due))
        notifications.push(flush ? await digestOf(channel, notification, due, now) : notification)
        for (const { outage, known: before, decision } of due)
          changes.push({
            outage: outage.id,
            channel: channel.id,
            known: afterDecision(outage, before, decision, now),
          })
      }
      if (notifications.length === 0 && boundary === before) return 0
      await record.transaction(async (trx) => {
        await enqueue(trx, notifications, now)
        await logOutages(trx, changes)
        digests.put(boundary)
        if (flush) for (const { channel } of notifications) digests.put(now, channel)
      })
      for (const { channel } of notifications) queuedAt.set(channel, now)
      return notifications.length
    },
  }
}

/** Up to when digests have been due; of a channel, up to when one that went has told. Null before the first. */
function digestsOf({ sqlite }: Pick<RecordStore<NotifyDb>, 'sqlite'>) {
  const settings = settingsOf(sqlite, 'notify')
  const key = (channel?: string) => (channel === undefined ? 'digest' : `digest:${channel}`)
  return {
    last(channel?: string): number | null {
      const at = settings.get(key(channel))
      return at === undefined ? null : Number(at)
    },
    /** Inside a transaction. */
    put: (at: number, channel?: string): void => settings.put(key(channel), String(at)),
  }
}

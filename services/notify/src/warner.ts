/** Decides who is warned of the work orders that are overtime, and puts the warnings in the queue: those of one moment together. */
import type { RequestOf } from '@hub/contracts'
import { type Colour, minuteMs, type NotificationPolicy, warns } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Channel } from './channels/table.ts'
import { type ColoursKnown, coloursKnown, logColours } from './log.ts'
import type { Notifier } from './notifier.ts'
import { enqueue, lastQueued, type NewNotification } from './queue.ts'
import { listOrders, silencesOf } from './subjects.ts'
import type { NotifyDb } from './tables.ts'
import { composeWarning } from './warning-message.ts'

/** A recipient is not given two notifications within this time. */
const gapMs = minuteMs
const ranks: readonly Colour[] = ['red', 'yellow']

export function createWarner({
  record,
  clock,
  channels,
  policy,
}: {
  record: RecordStore<NotifyDb>
  clock: Clock
  channels: readonly Channel[]
  policy: Pick<NotificationPolicy, 'hours'>
}): Notifier {
  const { db } = record
  return {
    async decide() {
      const now = clock.now()
      const orders = await listOrders(db)
      if (orders.length === 0) return 0
      const known = await coloursKnown(
        db,
        orders.map(({ key }) => key),
      )
      const outages = orders.flatMap(({ state: { outage } }) => (outage === null ? [] : [outage]))
      const silences = await silencesOf(db, outages)
      const knownOf = (order: string, channel: string): ColoursKnown => known.get(`${order} ${channel}`) ?? {}
      const warningOf = ({ unit = '', districts, state: { colour, rule, outage } }: RequestOf<'work-order'>) => ({
        colour,
        unit,
        districts,
        class: rule.class,
        silencedUntil: (outage !== null && silences.get(outage)) || null,
      })
      const due = channels.flatMap((channel) => {
        const of = orders.filter((order) => {
          const colours = Object.keys(knownOf(order.key, channel.id)) as Colour[]
          return warns(warningOf(order), colours, channel, now, policy)
        })
        of.sort((a, b) => ranks.indexOf(a.state.colour) - ranks.indexOf(b.state.colour))
        const [first, ...more] = of
        return first ? [{ channel, of: [first, ...more] as const }] : []
      })
      if (due.length === 0) return 0
      const queued = await lastQueued(db)
      const notifications: NewNotification[] = []
      const told: Parameters<typeof logColours>[1][number][] = []
      for (const { channel, of } of due) {
        if (now - (queued.get(channel.id) ?? Number.NEGATIVE_INFINITY) < gapMs) continue
        notifications.push(composeWarning(channel, of, now))
        for (const { key, state } of of)
          told.push({
            order: key,
            channel: channel.id,
            known: { ...knownOf(key, channel.id), [state.colour]: now },
          })
      }
      if (notifications.length === 0) return 0
      await record.transaction(async (trx) => {
        await enqueue(trx, notifications, now)
        await logColours(trx, told, now)
      })
      return notifications.length
    },
  }
}

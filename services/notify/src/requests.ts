/**
 * Takes what other rooms ask to tell people of, out of the outbox: in the order in which it happened, each once, in the transaction that
 * moves the cursor. That an outage went into another comes before the state of the other: nobody is told twice.
 */
import type { NotificationRequested } from '@hub/contracts'
import { isMostOf } from '@hub/core'
import { type Consumer, type Deps, tablesIn } from '@hub/platform'
import { mergeLog, splitLog } from './log.ts'
import { dropSubject, rowOf } from './subjects.ts'
import type { NotifyDb } from './tables.ts'

export const requests = {
  name: 'notify',
  messages: ['notificationRequested', 'outageMerged', 'outageSplit'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

/** @returns the stop */
export function consumeRequests({ outbox, record }: Pick<Deps, 'outbox' | 'record'>): Promise<() => Promise<void>> {
  const put = record.sqlite.prepare(
    `INSERT INTO notification_subject (kind, key, at, lone, over_at, ended, request)
     VALUES (:kind, :key, :at, :lone, :over_at, :ended, :request)
     ON CONFLICT (kind, key) DO UPDATE SET at = excluded.at, lone = excluded.lone, over_at = excluded.over_at, ended = excluded.ended,
       request = excluded.request`,
  )
  return outbox.consume({
    ...requests,
    async take(trx, { message, value }) {
      const own = tablesIn<NotifyDb>(trx)
      if (message === 'notificationRequested') put.run({ ...rowOf(value as NotificationRequested) })
      if (message === 'outageSplit') {
        const { id, from } = value as { id: string; from: string }
        await splitLog(own, id, from)
      }
      if (message === 'outageMerged') {
        const { id, into, members, intoMembers } = value as Merged
        await mergeLog(own, id, into, isMostOf({ members }, { members: intoMembers }))
        await dropSubject(own, 'outage', id)
      }
    },
  })
}

type Merged = { id: string; into: string; members: number; intoMembers: number }

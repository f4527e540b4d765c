/** Notification channels: how they are, and a test of one. */
import { type ChannelReport, HubError, inScope, type Scope } from '@hub/contracts'
import { secondMs } from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { sql } from 'kysely'
import { targetOf } from './channels/table.ts'
import type { NotifyConfig } from './config.ts'
import type { NotifyDb } from './tables.ts'

type Channels = Pick<Handlers, 'channels' | 'testChannel'>
type NotificationStatus = ChannelReport['notifications'][number]['status']

const shown = 200
const patienceMs = 8 * secondMs
const askMs = 200

export function channelHandlers(deps: Deps<NotifyConfig>): Channels {
  const { audit, bus, config, clock } = deps
  const record = tablesOf<NotifyDb>(deps.record)
  const { db } = record
  const visible = (scope: Scope) =>
    config.channels.filter(({ districts }) => !districts || districts.some((district) => inScope(scope, district)))

  return {
    async channels({ viewer: { scope } }) {
      const [counts, problems] = [await countsByChannel(), await lastProblems()]
      return {
        asOf: clock.now(),
        channels: visible(scope).map((channel) => {
          const { sent = null, waiting = 0, dead = 0 } = counts.get(channel.id) ?? {}
          return {
            id: channel.id,
            kind: channel.kind,
            name: channel.name,
            target: targetOf(channel),
            languages: channel.language,
            lastSentAt: sent,
            lastProblem: problems.get(channel.id) ?? null,
            waiting,
            dead,
          }
        }),
        notifications: await notifications(scope),
      }
    },

    async testChannel({ viewer, params, language }) {
      const channel = visible(viewer.scope).find(({ id }) => id === params.id)
      if (!channel) throw new HubError('channel.unknown', { value: params.id })
      const now = clock.now()
      const id = await record.transaction(async (trx) => {
        const { id } = await trx
          .insertInto('notification')
          .values({
            channel: channel.id,
            outage: null,
            ...testText[channel.language],
            status: 'waiting',
            next_at: now,
            created_at: now,
            sent_at: null,
            problem: null,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await audit.append(trx, { at: now, actor: viewer.user, action: 'channel.test', subject: channel.id })
        return id
      })
      await bus.publish('notificationQueued', {}, { v: 1, at: now })
      for (;;) {
        const row = await db
          .selectFrom('notification')
          .select(['status', 'problem', 'attempts'])
          .where('id', '=', id)
          .executeTakeFirst()
        const ms = clock.now() - now
        if (row && row.status !== 'waiting') return { sent: row.status === 'sent', problem: row.problem, ms }
        if (row && row.attempts > 0) return { sent: false, problem: row.problem, ms }
        if (!row || ms >= patienceMs) return { sent: false, problem: row?.problem ?? stillWaiting[language], ms }
        await new Promise<void>((resolve) => clock.after(askMs, resolve))
      }
    },
  }

  async function countsByChannel() {
    const rows = await db
      .selectFrom('notification')
      .select(({ fn }) => [
        'channel',
        fn.max('sent_at').as('sent'),
        fn.countAll<number>().filterWhere('status', '=', 'waiting').as('waiting'),
        fn.countAll<number>().filterWhere('status', '=', 'dead').as('dead'),
      ])
      .groupBy('channel')
      .execute()
    return new Map(rows.map((row) => [row.channel, row]))
  }

  /** What went wrong with the last of each channel that was tried. */
  async function lastProblems() {
    const rows = await db
      .selectFrom('notification')
      .select(['channel', 'problem'])
      .where('id', 'in', (of) =>
        of
          .selectFrom('notification')
          .select(({ fn }) => fn.max('id').as('id'))
          .where('attempts', '>', 0)
          .groupBy('channel'),
      )
      .execute()
    return new Map(rows.map((row) => [row.channel, row.problem]))
  }

  /** Newest first: those about one thing in the viewer's districts, and for who sees the city those about several or none. */
  async function notifications(scope: Scope): Promise<ChannelReport['notifications']> {
    const all = db
      .selectFrom('notification')
      .select(['id', 'channel', 'subject', 'outage', 'work_order as workOrder', 'status', 'attempts', 'problem'])
      .select(['created_at as createdAt', 'sent_at as sentAt'])
    const own =
      scope === 'city'
        ? all
        : all.where(
            sql<boolean>`EXISTS (SELECT 1 FROM json_each(notification.districts) WHERE value IN (${sql.join([...scope])}))`,
          )
    const rows = await own.orderBy('id', 'desc').limit(shown).execute()
    return rows.map((row) => ({ ...row, status: row.status as NotificationStatus }))
  }
}

const testText = {
  zh: { subject: '测试通知', body: '这是一条测试通知，无需处理。' },
  en: { subject: 'Test notification', body: 'This is a test notification. Nothing needs to be done.' },
} as const
const stillWaiting = { zh: '尚未发送', en: 'not sent yet' } as const

/** Notification channels: how they are, and a test of one. */
import { type ChannelReport, HubError, type Scope } from '@hub/contracts'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type Channels = Pick<Handlers, 'channels' | 'testChannel'>
type Channel = Context['config']['channels'][number]
type NoticeStatus = ChannelReport['notices'][number]['status']

const shownNotices = 200
const patienceMs = 8_000
const lookMs = 200

export function channelHandlers({ config, clock, record, notice }: Context): Channels {
  const { db } = record
  const visible = (scope: Scope) =>
    config.channels.filter(
      ({ districts }) => scope === 'city' || !districts || districts.some((d) => scope.includes(d)),
    )

  return {
    async channels({ viewer: { scope } }) {
      const { rows } = await sql<{ channel: string; sent: number | null; waiting: number; dead: number }>`
        SELECT channel, max(sent_at) AS sent, sum(status = 'waiting') AS waiting, sum(status = 'dead') AS dead
        FROM notice GROUP BY channel`.execute(db)
      const counts = new Map(rows.map((row) => [row.channel, row]))
      const { rows: problems } = await sql<{ channel: string; problem: string | null }>`
        SELECT channel, problem FROM notice WHERE id IN (SELECT max(id) FROM notice WHERE attempts > 0 GROUP BY channel)`.execute(
        db,
      )
      const lastProblem = new Map(problems.map((row) => [row.channel, row.problem]))
      return {
        asOf: clock.now(),
        channels: visible(scope).map((channel) => {
          const { id, kind, name, language: languages } = channel
          const { sent = null, waiting = 0, dead = 0 } = counts.get(id) ?? {}
          return {
            ...{ id, kind, name, target: targetOf(channel), languages, lastSentAt: sent },
            ...{ lastProblem: lastProblem.get(id) ?? null, waiting, dead },
          }
        }),
        notices: await notices(scope),
      }
    },

    async testChannel({ viewer, params, language }) {
      const channel = visible(viewer.scope).find(({ id }) => id === params.id)
      if (!channel) throw new HubError('channel.unknown', { value: params.id })
      const now = clock.now()
      const id = await record.transaction(async (trx) => {
        const { id } = await trx
          .insertInto('notice')
          .values({
            ...{ channel: channel.id, outage: null, ...testText[channel.language], status: 'waiting' },
            ...{ next_at: now, created_at: now, sent_at: null, problem: null },
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await audit(trx, now, { actor: viewer.user, action: 'channel.test', subject: channel.id })
        return id
      })
      notice('outages', 'notice')
      for (;;) {
        const row = await db
          .selectFrom('notice')
          .select(['status', 'problem', 'attempts'])
          .where('id', '=', id)
          .executeTakeFirst()
        const ms = clock.now() - now
        if (row && row.status !== 'waiting') return { sent: row.status === 'sent', problem: row.problem, ms }
        if (row && row.attempts > 0) return { sent: false, problem: row.problem, ms }
        if (!row || ms >= patienceMs) return { sent: false, problem: row?.problem ?? stillWaiting[language], ms }
        await new Promise<void>((resolve) => clock.after(lookMs, resolve))
      }
    },
  }

  /** Newest first: those of outages and work orders that the viewer may see, and for who sees the city those of no single outage. */
  async function notices(scope: Scope): Promise<ChannelReport['notices']> {
    let query = db
      .selectFrom('notice')
      .select(['id', 'channel', 'subject', 'outage', 'work_order as workOrder', 'status', 'attempts', 'problem'])
      .select(['created_at as createdAt', 'sent_at as sentAt'])
    if (scope !== 'city') {
      const own = sql.join([...scope])
      query = query.where(sql<boolean>`
        EXISTS (SELECT 1 FROM outage o, json_each(o.districts) d WHERE o.id = notice.outage AND d.value IN (${own}))
        OR EXISTS (SELECT 1 FROM work_order w, json_each(w.districts) d WHERE w.id = notice.work_order AND d.value IN (${own}))`)
    }
    const rows = await query.orderBy('id', 'desc').limit(shownNotices).execute()
    return rows.map((row) => ({ ...row, status: row.status as NoticeStatus }))
  }
}

const testText = {
  zh: { subject: '测试通知', body: '这是一条测试通知，无需处理。' },
  en: { subject: 'Test notice', body: 'This is a test notice. Nothing needs to be done.' },
} as const
const stillWaiting = { zh: '尚未发送', en: 'not sent yet' } as const

/** Never more than the host: the address of a robot is a secret. */
function targetOf(channel: Channel): string {
  if (channel.kind === 'email') return channel.host
  return channel.kind === 'mqtt' ? channel.topic : new URL(channel.url).host
}

/** Tells whoever runs the hub that it is behind with its own data, and that it has caught up: once each. */
import type { RequestOf } from '@hub/contracts'
import { type HubDecision, hubDecisionOf } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Channel } from './channels/table.ts'
import { hubKnown, logHub } from './log.ts'
import type { Notifier } from './notifier.ts'
import { enqueue, type NewNotification } from './queue.ts'
import { listHub } from './subjects.ts'
import type { NotifyDb } from './tables.ts'
import { durationWords, type Language, timeWords } from './words.ts'

type Of = { record: RecordStore<NotifyDb>; clock: Clock; channels: readonly Channel[] }
type Episode = RequestOf<'hub'>

export function createHubNotifier({ record, clock, channels }: Of): Notifier {
  const { db } = record
  return {
    async decide() {
      const now = clock.now()
      const episodes = await listHub(db)
      if (episodes.length === 0) return 0
      const known = await hubKnown(
        db,
        episodes.map(({ key }) => key),
      )
      const notifications: NewNotification[] = []
      const told: Parameters<typeof logHub>[1][number][] = []
      for (const episode of episodes)
        for (const channel of channels) {
          const before = known.get(`${episode.key} ${channel.id}`) ?? {}
          const decision = hubDecisionOf(episode, before, channel)
          if (!decision) continue
          notifications.push(compose(channel, episode, decision))
          const after = decision === 'hub-behind' ? { behind: now } : { caughtUp: now }
          told.push({ key: episode.key, channel: channel.id, known: { ...before, ...after } })
        }
      if (notifications.length === 0) return 0
      await record.transaction(async (trx) => {
        await enqueue(trx, notifications, now)
        await logHub(trx, told, now)
      })
      return notifications.length
    },
  }
}

const causes: Record<Episode['state']['cause'], Record<Language, string>> = {
  stalled: { zh: '中枢进程曾被暂停或过载', en: 'its process was stopped or overloaded' },
  broker: { zh: '中枢与消息服务器的连接中断', en: 'it has lost the connection to its message broker' },
  commits: { zh: '收到的数据来不及写入记录库', en: 'what has arrived cannot be written to the record in time' },
  deliveries: { zh: '多数网关的数据送达过晚', en: 'the data of most gateways arrives late' },
  silent: { zh: '数据接入进程没有响应', en: 'the process that takes data in does not answer' },
  disk: { zh: '中枢磁盘已满或无法写入', en: 'the disk of the hub takes nothing more' },
}

function compose({ id, language }: Channel, { key, state }: Episode, kind: HubDecision): NewNotification {
  const zh = language === 'zh'
  const { from, to, cause, behindMs } = state
  const why = causes[cause][language]
  const age = durationWords(behindMs, language)
  const since = `${timeWords(from)}${zh ? '（北京时间）' : ' (Asia/Shanghai)'}`
  const lines = zh ? [`原因：${why}`, `开始：${since}`] : [`Cause: ${why}`, `Since: ${since}`]
  if (to === null)
    lines.push(
      zh ? `延迟：发现时数据已延迟 ${age}` : `Delay: data was ${age} old when it was noticed`,
      zh
        ? '影响：追平之前，不因无数据判定设备状态，也不生成新故障。'
        : 'Until it has caught up no device is judged by silence, and no outage is opened.',
    )
  else
    lines.push(
      zh
        ? `追平：${timeWords(to)}，历时 ${durationWords(to - from, language)}`
        : `Caught up: ${timeWords(to)}, after ${durationWords(to - from, language)}`,
    )
  const subject = {
    'hub-behind': zh ? `中枢数据延迟 ${age}` : `The hub's data is ${age} behind`,
    'hub-caught-up': zh ? '中枢数据已追平' : 'The hub has caught up with its data',
  }[kind]
  const facts = [{ what: kind, key, ...state }]
  return { channel: id, kind, outage: null, subject, body: lines.join('\n'), facts: JSON.stringify(facts) }
}

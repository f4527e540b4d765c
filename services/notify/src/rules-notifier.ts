/** Tells those who answer for the figures of the city that states and scores are judged by other rules from now on: what was, and what is. */
import type { RequestOf } from '@hub/contracts'
import { isRateRule, isToldOfRules, rateText } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Channel } from './channels/table.ts'
import { logRules, rulesKnown } from './log.ts'
import type { Notifier } from './notifier.ts'
import { plain } from './plain.ts'
import { enqueue, type NewNotification } from './queue.ts'
import { listRules } from './subjects.ts'
import type { NotifyDb } from './tables.ts'
import { type Language, ruleWords, timeWords } from './words.ts'

type Of = { record: RecordStore<NotifyDb>; clock: Clock; channels: readonly Channel[] }
type Changed = RequestOf<'rules'>

export function createRulesNotifier({ record, clock, channels }: Of): Notifier {
  const { db } = record
  return {
    async decide() {
      const now = clock.now()
      const changes = await listRules(db)
      if (changes.length === 0) return 0
      const known = await rulesKnown(
        db,
        changes.map(({ key }) => key),
      )
      const due = changes.flatMap((change) =>
        channels
          .filter((channel) => isToldOfRules(known.get(`${change.key} ${channel.id}`) ?? {}, channel))
          .map((channel) => ({ change, channel })),
      )
      if (due.length === 0) return 0
      await record.transaction(async (trx) => {
        await enqueue(
          trx,
          due.map(({ change, channel }) => compose(channel, change)),
          now,
        )
        await logRules(
          trx,
          due.map(({ change, channel }) => ({ key: change.key, channel: channel.id })),
          now,
        )
      })
      return due.length
    },
  }
}

function valueWords(field: string, value: Changed['state']['changes'][number]['was'], language: Language): string {
  if (value === null) return language === 'zh' ? '无' : 'none'
  return typeof value === 'number' && isRateRule(field) ? rateText(value) : plain(String(value))
}

function compose({ id, language }: Channel, { key, state }: Changed): NewNotification {
  const zh = language === 'zh'
  const { from, changes } = state
  const since = `${timeWords(from)}${zh ? '（北京时间）' : ' (Asia/Shanghai)'}`
  const lines = changes.map(
    ({ field, was, now }) =>
      `${ruleWords(field, language)}${zh ? '：' : ': '}${valueWords(field, was, language)} → ${valueWords(field, now, language)}`,
  )
  const rest = zh
    ? [`自 ${since} 起生效`, '此前的观测仍按当时的规则判定；已结算的数字不变。']
    : [
        `From ${since} on`,
        'What was observed before is judged by the rules of its own time; no settled figure changes.',
      ]
  return {
    channel: id,
    kind: 'rules-changed',
    outage: null,
    subject: zh ? `判定与评分规则已变更：${changes.length} 项` : `Rules of judging have changed: ${changes.length}`,
    body: [...lines, ...rest].join('\n'),
    facts: JSON.stringify([{ what: 'rules-changed', key, ...state }]),
  }
}

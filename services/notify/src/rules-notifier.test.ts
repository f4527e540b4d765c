import { JudgingRules, type MessageInput } from '@hub/contracts'
import { changedRules } from '@hub/core'
import { checkConfig, tablesOf } from '@hub/platform'
import { expect, test } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { sent } from './channels/outcome.ts'
import type { NotifyDb } from './tables.ts'
import { createNotificationRig, noon } from './testing/rig.ts'
import { ruleWords } from './words.ts'

const mqtt = (id: string, more: object = {}) => ({ id, name: id, kind: 'mqtt', topic: `hub/v1/notices/${id}`, ...more })
const channels = [
  mqtt('city'),
  mqtt('bureau', { language: 'en' }),
  mqtt('telecom', { units: ['中国电信衡阳分公司'] }),
  mqtt('east', { districts: ['430405'] }),
]

test('who answers for the city is told once of other rules: what was, what is, and from when', async () => {
  await using rig = await createNotificationRig({ channels, send: async () => sent })
  const value: MessageInput<'notificationRequested'> = {
    v: 1,
    at: rig.clock.now(),
    kind: 'rules',
    key: String(noon),
    districts: [],
    importance: 'normal',
    ended: true,
    state: {
      from: noon,
      changes: [
        { field: 'health.confirm.down', was: 3, now: 5 },
        { field: 'scorecard.items.online.weight', was: 40, now: null },
      ],
    },
  }
  for (let i = 0; i < 2; i++)
    await tablesOf<NotifyDb>(rig.record).transaction((trx) =>
      rig.deps.outbox.append(trx, 'notificationRequested', {}, value),
    )
  await rig.pass(120, 5)
  const told = rig.notifications().map(({ channel, kind, subject, body }) => [channel, kind, subject, body.split('\n')])
  expect(told).toEqual([
    [
      'city',
      'rules-changed',
      '判定与评分规则已变更：2 项',
      [
        '判离线所需连续次数：3 → 5',
        '评分项“在线”权重：40 → 无',
        '自 2026-11-22 12:00:10（北京时间） 起生效',
        '此前的观测仍按当时的规则判定；已结算的数字不变。',
      ],
    ],
    [
      'bureau',
      'rules-changed',
      'Rules of judging have changed: 2',
      [
        'results in a row for down: 3 → 5',
        'scored item online: weight: 40 → none',
        'From 2026-11-22 12:00:10 (Asia/Shanghai) on',
        'What was observed before is judged by the rules of its own time; no settled figure changes.',
      ],
    ],
  ])
})

test('every rule that can change has words in both languages', () => {
  const rules = JudgingRules.parse(checkConfig(HubConfig, {}).policy)
  const all = changedRules({} as JudgingRules, rules).map(({ field }) => field)
  expect(all.length).toBeGreaterThan(30)
  for (const language of ['zh', 'en'] as const)
    for (const field of all) expect(ruleWords(field, language)).not.toBe(field)
})

import type { MessageInput } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { expect, test } from 'vitest'
import { sent } from './channels/outcome.ts'
import type { NotifyDb } from './tables.ts'
import { createNotificationRig, noon } from './testing/rig.ts'

const mqtt = (id: string, more: object = {}) => ({ id, name: id, kind: 'mqtt', topic: `hub/v1/notices/${id}`, ...more })
const channels = [
  mqtt('ops'),
  mqtt('telecom', { units: ['中国电信衡阳分公司'], language: 'en' }),
  mqtt('east', { districts: ['430405'] }),
]

test('each party is told once of its card, with the fingerprint in it', async () => {
  await using rig = await createNotificationRig({ channels, send: async () => sent })
  const value: MessageInput<'notificationRequested'> = {
    v: 1,
    at: rig.clock.now(),
    kind: 'seal',
    key: 'f'.repeat(64),
    districts: [],
    unit: '中国电信衡阳分公司',
    importance: 'normal',
    ended: true,
    state: {
      month: '2026-10',
      subject: { kind: 'carrier', key: 'telecom' },
      version: 2,
      score: 94.76,
      pay: 'full',
      seq: 7,
      fingerprint: 'f'.repeat(64),
      previous: 'e'.repeat(64),
      sealedAt: noon,
      hub: 'k'.repeat(43),
    },
  }
  await tablesOf<NotifyDb>(rig.record).transaction((trx) =>
    rig.deps.outbox.append(trx, 'notificationRequested', {}, value),
  )
  await rig.pass(120, 5)
  const told = rig.notifications().map(({ channel, kind, subject }) => [channel, kind, subject])
  expect(told).toEqual([
    ['ops', 'scorecard-sealed', '考核已封存：电信 2026-10 第 2 版'],
    ['telecom', 'scorecard-sealed', 'Scorecard sealed: Telecom 2026-10, version 2'],
  ])
  const [ops, telecom] = rig.notifications()
  expect(ops!.body.split('\n').slice(0, 3)).toEqual([
    '得分：94.76，付费：全额',
    '封存编号：7，2026-11-22 12:00:10（北京时间）',
    `指纹：${'f'.repeat(64)}`,
  ])
  expect(telecom!.body).toContain(`Fingerprint: ${'f'.repeat(64)}`)
})

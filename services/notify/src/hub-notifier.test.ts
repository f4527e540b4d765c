import type { MessageInput } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { expect, test } from 'vitest'
import { sent } from './channels/outcome.ts'
import type { NotifyDb } from './tables.ts'
import { createNotificationRig, noon } from './testing/rig.ts'

const mqtt = (id: string, more: object = {}) => ({ id, name: id, kind: 'mqtt', topic: `hub/v1/notices/${id}`, ...more })
const channels = [mqtt('ops'), mqtt('duty', { language: 'en' }), mqtt('east', { districts: ['430405'] })]
const state = { from: noon - 95_000, to: null, cause: 'stalled' as const, behindMs: 95_000 }

const rigOf = async () => {
  const rig = await createNotificationRig({ channels, send: async () => sent })
  const say = (more: Partial<typeof state | { to: number }>) => {
    const value: MessageInput<'notificationRequested'> = {
      v: 1,
      at: rig.clock.now(),
      kind: 'hub',
      key: `behind-${state.from}`,
      districts: ['430405'],
      importance: 'high',
      ended: 'to' in more,
      state: { ...state, ...more },
    }
    const record = tablesOf<NotifyDb>(rig.record)
    return record.transaction((trx) => rig.deps.outbox.append(trx, 'notificationRequested', {}, value))
  }
  return Object.assign(rig, { say })
}
const of = (rig: Awaited<ReturnType<typeof rigOf>>, channel: string) =>
  rig
    .notifications()
    .filter((n) => n.channel === channel)
    .map(({ kind, subject, body }) => ({ kind, subject, body }))

test('whoever runs the hub is told once that it is behind, and once that it has caught up, in plain words', async () => {
  await using rig = await rigOf()
  await rig.say({})
  await rig.pass(120, 5)
  await rig.say({ to: noon + 60_000 })
  await rig.pass(120, 5)
  expect(of(rig, 'ops')).toEqual([
    {
      kind: 'hub-behind',
      subject: '中枢数据延迟 1 分钟 35 秒',
      body: [
        '原因：中枢进程曾被暂停或过载',
        '开始：2026-11-22 11:58:35（北京时间）',
        '延迟：发现时数据已延迟 1 分钟 35 秒',
        '影响：追平之前，不因无数据判定设备状态，也不生成新故障。',
      ].join('\n'),
    },
    {
      kind: 'hub-caught-up',
      subject: '中枢数据已追平',
      body: [
        '原因：中枢进程曾被暂停或过载',
        '开始：2026-11-22 11:58:35（北京时间）',
        '追平：2026-11-22 12:01:10，历时 2 分钟 35 秒',
      ].join('\n'),
    },
  ])
  expect(of(rig, 'duty')).toMatchObject([
    { subject: "The hub's data is 1 min 35 s behind", body: expect.stringContaining('no outage is opened') },
    { subject: 'The hub has caught up with its data', body: expect.stringContaining('after 2 min 35 s') },
  ])
  expect(of(rig, 'east')).toEqual([])
})

import type { MessageInput } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { expect, test } from 'vitest'
import { sent } from './channels/outcome.ts'
import type { NotifyDb } from './tables.ts'
import { createNotificationRig } from './testing/rig.ts'

type Request = Extract<MessageInput<'notificationRequested'>, { kind: 'incident' }>
const mqtt = (id: string, more: object = {}) => ({ id, name: id, kind: 'mqtt', topic: `hub/v1/notices/${id}`, ...more })
const minute = 60_000

async function rigOf(channels: object[]) {
  const rig = await createNotificationRig({ channels, send: async () => sent })
  let request: Request | undefined
  return {
    rig,
    /** What is not said stays as it was. */
    async put({ state, ...more }: Partial<Omit<Request, 'state'>> & { state?: Partial<Request['state']> } = {}) {
      const at = rig.clock.now()
      const base: Request = request ?? {
        v: 1,
        at,
        kind: 'incident',
        key: '0193a7c2-6c1e-4f5a-9d3e-2f1b6a7c8d90',
        districts: ['430405'],
        importance: 'normal',
        ended: false,
        state: {
          number: 'YJ-20261122-0007',
          drill: false,
          title: '解放路积水',
          type: 'flood',
          level: null,
          status: 'received',
          address: '解放路 1 号',
          occurredAt: at,
          acceptedAt: at,
          endedAt: null,
          overtime: [],
        },
      }
      request = { ...base, ...more, at, state: { ...base.state, ...state } }
      await tablesOf<NotifyDb>(rig.record).transaction((trx) =>
        rig.deps.outbox.append(trx, 'notificationRequested', {}, request!),
      )
      await rig.pass(10)
    },
    told: () => rig.notifications().map(({ channel, subject }) => `${channel} ${subject}`),
  }
}

test('an incident is told of when it is taken in, becomes worse, is late and is over: each once', async () => {
  const { rig, put, told } = await rigOf([mqtt('duty')])
  await using _ = rig
  await rig.pass(60)
  await put()
  await put()
  expect(told()).toEqual(['duty 应急事件：解放路积水（未定级，珠晖区）'])
  await put({ importance: 'high', state: { level: 2, status: 'graded' } })
  await put({ state: { status: 'dispatched' } })
  expect(told().slice(1)).toEqual(['duty 应急事件升级：解放路积水（II 级，珠晖区）'])
  const from = rig.clock.now()
  const late = { step: 'sign', unit: '消防一中队', from, due: from + 5 * minute } as const
  await put({ state: { overtime: [{ ...late, colour: 'yellow' }] } })
  await put({ state: { overtime: [{ ...late, colour: 'red' }] } })
  await put()
  expect(told().slice(2)).toEqual(Array(2).fill('duty 应急事件超时：解放路积水（II 级，珠晖区）'))
  expect(rig.notifications().at(-1)?.body).toContain('红牌：消防一中队签收')
  const endedAt = rig.clock.now()
  await put({ ended: true, state: { status: 'ended', endedAt, overtime: [] } })
  await rig.restart()
  await rig.pass(60)
  expect(told().slice(4)).toEqual(['duty 应急事件结束：解放路积水（II 级，珠晖区）'])
  await put({ ended: false, state: { status: 'handling', endedAt: null } })
  await put({ ended: true, state: { status: 'ended', endedAt: rig.clock.now() } })
  expect(told().slice(5)).toEqual([
    'duty 应急事件重新打开：解放路积水（II 级，珠晖区）',
    'duty 应急事件结束：解放路积水（II 级，珠晖区）',
  ])
})

test('each recipient hears of the own districts, from the own importance on; whoever repairs hears of none', async () => {
  const { rig, put, told } = await rigOf([
    mqtt('east', { districts: ['430405'], language: 'en' }),
    mqtt('west', { districts: ['430481'] }),
    mqtt('mayor', { least: 'high' }),
    mqtt('telecom', { units: ['中国电信衡阳分公司'] }),
    mqtt('calm', { overtime: 'none' }),
  ])
  await using _ = rig
  await rig.pass(60)
  await put({ state: { drill: true } })
  expect(told()).toEqual([
    'east [DRILL] Incident: 解放路积水 (not graded, Zhuhui)',
    'calm 【演练】应急事件：解放路积水（未定级，珠晖区）',
  ])
  await put({ importance: 'high', state: { level: 1 } })
  expect(
    told()
      .slice(2)
      .map((line) => line.split(' ')[0]),
  ).toEqual(['east', 'mayor', 'calm'])
  const from = rig.clock.now()
  await put({ state: { overtime: [{ step: 'dispatch', unit: null, from, due: from, colour: 'red' }] } })
  expect(
    told()
      .slice(5)
      .map((line) => line.split(' ')[0]),
  ).toEqual(['east', 'mayor'])
})

test('a flood of alarms is one notification to each recipient', async () => {
  const { rig, put, told } = await rigOf([mqtt('duty')])
  await using _ = rig
  // Nobody is told anything in the first seconds after a start.
  for (let n = 0; n < 3; n++) await put({ key: `incident-${n}`, state: { number: `YJ-20261122-000${n}` } })
  await rig.pass(60)
  expect(told()).toEqual(Array(3).fill('duty 应急事件：解放路积水（未定级，珠晖区）'))
  await rig.restart(async () => {
    for (let n = 3; n < 20; n++) await put({ key: `incident-${n}`, state: { number: `YJ-20261122-00${n}` } })
  })
  await rig.pass(60)
  expect(told().slice(3)).toEqual(['duty 应急事件汇总：17 起'])
  expect(rig.notifications().at(-1)?.body.split('\n')).toHaveLength(16)
})

import { describe, expect, test } from 'vitest'
import { sent } from './channels/outcome.ts'
import { createNotificationRig, noon } from './testing/rig.ts'

const channel = { id: 'ops', name: '运维', kind: 'mqtt', topic: 'hub/v1/notices/ops' }
const rigOf = (options: Partial<Parameters<typeof createNotificationRig>[0]> = {}) =>
  createNotificationRig({ channels: [channel], send: async () => sent, outages: { digestMinutes: 30 }, ...options })
const kindsOf = (rig: Awaited<ReturnType<typeof rigOf>>) => rig.notifications().map(({ kind }) => kind)

describe('of an outage', () => {
  test('one notification says what, where, since when and why', async () => {
    await using rig = await rigOf()
    await rig.put('o-1', { districts: ['430405', '430426'], importance: 'high' })
    await rig.pass(59)
    expect(rig.notifications()).toEqual([])
    await rig.pass(6)
    const [notification] = rig.notifications()
    expect(notification).toMatchObject({ channel: 'ops', kind: 'opening', outage: 'o-1', status: 'sent', attempts: 1 })
    expect(notification!.subject).toBe('[高] 故障：交换机 QD-03，212 台（珠晖区、祁东县）')
    expect(notification!.body.split('\n')).toEqual([
      '原因：交换机 QD-03 下的 214 台中有 212 台在 9 秒内失联',
      '设备：212 台未恢复，共涉及 212 台',
      '区县：珠晖区、祁东县',
      '开始：2026-11-22 12:00:10（北京时间）',
      '重要性：高',
      '详情：/outages/o-1',
    ])
    const told = rig.record.sqlite.prepare('SELECT kind, key, at, open FROM notification_log').all()
    expect(told).toMatchObject([{ kind: 'outage', key: 'o-1', at: noon + 60_000, open: 1 }])
    expect(notification!.districts).toBe('["430405","430426"]')
  })

  test('20,000 devices down and back again are two notifications for each recipient', async () => {
    const other = { ...channel, id: 'duty', language: 'en' }
    await using rig = await rigOf({ channels: [channel, other] })
    await rig.put('o-1', { kind: 'district', key: '430405', members: 900, down: 900, importance: 'high' })
    for (let devices = 2_000; devices <= 20_000; devices += 2_000) {
      await rig.pass(20)
      await rig.put('o-1', { members: devices, down: devices })
    }
    await rig.pass(600, 5)
    expect(rig.notifications().map((n) => [n.channel, n.kind])).toEqual([
      ['ops', 'opening'],
      ['duty', 'opening'],
    ])
    await rig.resolve('o-1')
    await rig.pass(600, 5)
    expect(kindsOf(rig)).toEqual(['opening', 'opening', 'resolved', 'resolved'])
    expect(rig.notifications()[3]!.subject).toBe('[high] Outage over: district Zhuhui, 20000 devices (Zhuhui)')
  })

  test('what opens at the same time is told together', async () => {
    await using rig = await rigOf()
    for (let n = 1; n <= 12; n++) await rig.put(`o-${n}`, { key: `SW-${n}` })
    await rig.pass(70)
    expect(rig.notifications()).toMatchObject([
      { kind: 'digest', outage: null, subject: '故障汇总：12 起（已恢复 0 起），2544 台未恢复' },
    ])
    expect(rig.notifications()[0]!.body.split('\n')).toHaveLength(12)
    await rig.pass(600, 5)
    expect(rig.notifications()).toHaveLength(1)
  })

  test('what opens soon after waits, and is told together', async () => {
    await using rig = await rigOf()
    await rig.put('o-1')
    await rig.pass(10)
    await rig.put('o-2', { key: 'SW-2' })
    await rig.pass(10)
    await rig.put('o-3', { key: 'SW-3' })
    await rig.pass(300, 5)
    expect(kindsOf(rig)).toEqual(['opening', 'digest'])
  })

  test('importance, a wider cause and escalation are told once; the end too', async () => {
    await using rig = await rigOf()
    await rig.put('o-1')
    await rig.pass(180, 5)
    await rig.put('o-1', { importance: 'high' })
    await rig.pass(180, 5)
    await rig.put('o-1', { kind: 'line', key: 'telecom/430405', members: 4_000, down: 4_000 })
    await rig.set('o-1', 'escalation = 1')
    await rig.pass(180, 5)
    await rig.set('o-1', 'escalation = 2')
    await rig.pass(180, 5)
    await rig.resolve('o-1')
    await rig.pass(180, 5)
    expect(kindsOf(rig)).toEqual(['opening', 'importance-raised', 'escalated', 'resolved'])
    expect(rig.notifications()[3]!.subject).toBe('[高] 故障已恢复：珠晖区电信线路，4000 台（珠晖区）')
    expect(rig.notifications()[3]!.body).toContain('历时 12 分钟')
  })

  test('that was expected or is silenced nobody hears', async () => {
    await using rig = await rigOf()
    await rig.put('o-1', { expected: true })
    await rig.put('o-2')
    await rig.set('o-2', `silenced_until = ${noon + 600_000}`)
    await rig.pass(600 + 55, 5)
    expect(rig.notifications()).toEqual([])
    await rig.pass(10)
    expect(rig.notifications()).toMatchObject([{ outage: 'o-2' }])
  })

  test('a part that splits off is known already; only its recovery is a line of the next digest', async () => {
    await using rig = await rigOf()
    await rig.put('o-1')
    await rig.pass(120, 5)
    await rig.split('o-2', { key: 'SW-2', members: 12, down: 12 }, 'o-1')
    await rig.pass(60 * 60, 30)
    expect(rig.notifications().map(({ kind, outage }) => [kind, outage])).toEqual([['opening', 'o-1']])
  })

  test('that goes into a greater one of which a part splits off at once: all of it is known', async () => {
    await using rig = await rigOf()
    await rig.put('small', { members: 100 })
    await rig.pass(70)
    expect(rig.notifications()).toHaveLength(1)
    await rig.put('great', { key: 'QD-04', members: 120 })
    await rig.merge('small', 'great')
    await rig.split('part', { key: 'QD-05', members: 20, from: noon }, 'great')
    await rig.pass(600, 5)
    expect(rig.notifications()).toHaveLength(1)
  })

  test('that goes into a greater one nobody hears of twice', async () => {
    await using rig = await rigOf()
    await rig.put('o-1')
    await rig.pass(120, 5)
    await rig.put('o-2', { kind: 'line', key: 'telecom/430405', members: 300, down: 300 })
    await rig.merge('o-1', 'o-2')
    await rig.pass(600, 5)
    await rig.resolve('o-2')
    // Nothing is to be done about a recovery: it goes with the digest.
    await rig.pass(30 * 60, 30)
    expect(rig.notifications().map(({ kind, outage }) => [kind, outage])).toEqual([
      ['opening', 'o-1'],
      ['resolved', 'o-2'],
    ])
  })
})

describe('lone devices', () => {
  const lone = { kind: 'device' as const, members: 1, down: 1, importance: 'low' as const }
  test('are told together each half hour, and in the next that they are back', async () => {
    await using rig = await rigOf()
    for (let n = 0; n < 40; n++) await rig.put(`o-${n}`, { ...lone, key: `4304050000132000${n}` })
    await rig.pass(29 * 60, 30)
    expect(rig.notifications()).toEqual([])
    await rig.pass(120, 5)
    expect(rig.notifications()).toMatchObject([
      { kind: 'digest', subject: '故障汇总：40 起（已恢复 0 起），40 台未恢复' },
    ])
    expect(rig.notifications()[0]!.body).toContain('另有 25 起，见 /outages')
    for (let n = 0; n < 40; n++) await rig.resolve(`o-${n}`)
    await rig.pass(60 * 60, 30)
    // That they are back is no reason for a notification.
    expect(rig.notifications()).toHaveLength(1)
    await rig.put('o-x', lone)
    await rig.pass(40 * 60, 30)
    expect(rig.notifications()[1]).toMatchObject({ subject: '故障汇总：41 起（已恢复 40 起），1 台未恢复' })
    expect(rig.notifications()).toHaveLength(2)
  })

  test('that came and went before the digest are one line of it, and no notification of their own', async () => {
    await using rig = await rigOf()
    for (let n = 0; n < 3; n++) await rig.put(`o-${n}`, { ...lone, key: `4304050000132000${n}` })
    await rig.pass(4 * 60, 30)
    for (let n = 0; n < 3; n++) await rig.resolve(`o-${n}`)
    await rig.pass(40 * 60, 30)
    expect(rig.notifications()).toEqual([])
    await rig.put('o-x', lone)
    await rig.pass(40 * 60, 30)
    expect(rig.notifications()).toHaveLength(1)
    expect(rig.notifications()[0]!.body).toMatch(
      /其间另有 3 起已自行恢复，未单独通知；最严重：.*（低，1 台）；最长：.*，4 分钟$/,
    )
    await rig.put('o-y', lone)
    await rig.pass(40 * 60, 30)
    expect(rig.notifications()[1]!.body).not.toContain('其间')
  })

  test('a storm of 20,000 is one digest, decided in one go', async () => {
    await using rig = await rigOf({ channels: [channel, { ...channel, id: 'duty' }] })
    await rig.pass(29 * 60, 300)
    await rig.putMany(20_000, { ...lone, from: noon })
    await rig.pass(40)
    expect(rig.notifications()).toEqual([])
    await rig.pass(20, 5)
    expect(rig.notifications().map(({ kind, status }) => [kind, status])).toEqual([
      ['digest', 'sent'],
      ['digest', 'sent'],
    ])
  })
})

describe('a recipient hears only', () => {
  test('of his districts and of what is important enough', async () => {
    const channels = [
      { ...channel, id: 'zhuhui', districts: ['430405'] },
      { ...channel, id: 'qidong', districts: ['430426'] },
      { ...channel, id: 'chief', least: 'high' },
    ]
    await using rig = await rigOf({ channels })
    await rig.put('o-1')
    await rig.pass(90, 5)
    expect(rig.notifications().map((n) => n.channel)).toEqual(['zhuhui'])
    await rig.put('o-1', { importance: 'high' })
    await rig.pass(90, 5)
    expect(rig.notifications().map((n) => [n.channel, n.kind])).toEqual([
      ['zhuhui', 'opening'],
      ['chief', 'opening'],
      ['zhuhui', 'importance-raised'],
    ])
  })

  test('at night of what is important; of the rest in the morning, once', async () => {
    await using rig = await rigOf({ outages: { hours: { from: 8, to: 20 } }, at: noon + 18.5 * 3_600_000 })
    await rig.put('o-1')
    await rig.put('o-2', { key: 'SW-2' })
    await rig.put('o-3', { key: 'SW-3', importance: 'high' })
    await rig.pass(3_600, 60)
    await rig.resolve('o-2')
    await rig.pass(1_200, 60)
    expect(rig.notifications()).toMatchObject([{ outage: 'o-3', kind: 'opening' }])
    await rig.pass(1_200, 60)
    expect(kindsOf(rig)).toEqual(['opening', 'digest'])
    const lines = rig.notifications()[1]!.body.split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/故障已恢复：交换机 SW-2/)
  })
})

test('a restart tells nobody twice, and forgets nothing', async () => {
  await using rig = await rigOf()
  await rig.put('o-1')
  await rig.put('o-2', { kind: 'device', members: 1, down: 1, key: 'x' })
  await rig.pass(90, 5)
  await rig.restart()
  await rig.pass(28 * 60, 10)
  await rig.restart(async () => void (await rig.clock.advanceAsync(120_000)))
  await rig.pass(600, 5)
  expect(kindsOf(rig)).toEqual(['opening', 'opening'])
  expect(rig.notifications().map(({ outage, status }) => [outage, status])).toEqual([
    ['o-1', 'sent'],
    ['o-2', 'sent'],
  ])
})

test('what is asked for while nobody takes it waits: first that two went into one, then how that one is', async () => {
  await using rig = await rigOf()
  await rig.put('o-1')
  await rig.pass(90, 5)
  await rig.restart(async () => {
    await rig.put('o-2', { key: 'SW-2' })
    await rig.merge('o-1', 'o-2')
    await rig.put('o-3', { key: 'SW-3' })
  })
  await rig.pass(90, 5)
  expect(rig.notifications().map(({ kind, outage }) => [kind, outage])).toEqual([
    ['opening', 'o-1'],
    ['opening', 'o-3'],
  ])
})

test('hostile names stay words', async () => {
  await using rig = await rigOf()
  await rig.put('o-1', { key: 'QD\r\nBcc: a@b.c\u202e[x](http://e)' })
  await rig.pass(70, 5)
  const { subject, body } = rig.notifications()[0]!
  expect(subject).not.toMatch(/[\r\n\u202e]/)
  expect(body.split('\n')).toHaveLength(6)
})

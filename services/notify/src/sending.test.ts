import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { failed, type Outgoing, sent } from './channels/outcome.ts'
import { createMailServer } from './testing/mail-server.ts'
import { answers, createReceiver } from './testing/receiver.ts'
import { createNotificationRig, noon } from './testing/rig.ts'

const canary = 'canary-7f3a'
const hook = (id: string, url: string, more = {}) => ({
  id,
  name: id,
  kind: 'webhook',
  url: `${url}/${canary}-path`,
  secret: `${canary}-secret`,
  ...more,
})
const ops = { id: 'ops', name: '运维', kind: 'mqtt', topic: 'hub/v1/notices/ops' }
type Rig = Awaited<ReturnType<typeof createNotificationRig>>
const statuses = (rig: Rig) => rig.notifications().map(({ status }) => status)

describe('a channel', () => {
  test('is tried again with patience, then in order, once each', async () => {
    await using receiver = await createReceiver(answers(500))
    await using rig = await createNotificationRig({ channels: [hook('desk', receiver.url)] })
    await rig.put('o-1')
    await rig.pass(61)
    await rig.until(() => rig.notifications()[0]?.attempts === 1)
    expect(rig.notifications()[0]).toMatchObject({ status: 'waiting', problem: 'HTTP 500' })
    await rig.pass(2)
    expect(receiver.got).toHaveLength(1)
    await rig.pass(5)
    await rig.until(() => rig.notifications()[0]?.attempts === 2)
    await rig.put('o-2', { key: 'SW-2' })
    await rig.pass(300, 5)
    receiver.answer(answers(200))
    await rig.until(() => rig.notifications().length === 2)
    for (let n = 0; n < 60 && statuses(rig).includes('waiting'); n++) {
      await rig.pass(10, 5)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(statuses(rig)).toEqual(['sent', 'sent'])
    const keys = receiver.got.map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
    expect(keys.indexOf(keys.at(-1))).toBe(keys.length - 1)
  })

  test('of several recipients is tried again for those alone who were refused for now, and names who never gets it', async () => {
    const codes: Record<string, number> = { 'b@example.org': 450, 'c@example.org': 550 }
    await using server = await createMailServer({ refuseRecipient: (address) => codes[address] })
    const to = ['a@example.org', 'b@example.org', 'c@example.org']
    const mail = {
      id: 'mail',
      name: '邮件',
      kind: 'email',
      host: 'localhost',
      port: server.port,
      from: 'hub@example.org',
      to,
    }
    await using rig = await createNotificationRig({ channels: [mail] })
    await rig.put('o-1')
    await rig.pass(61)
    await rig.until(() => rig.notifications()[0]?.attempts === 1)
    expect(rig.notifications()[0]).toMatchObject({
      status: 'waiting',
      problem: 'c@example.org: SMTP 550; b@example.org: SMTP 450',
    })
    delete codes['b@example.org']
    await rig.pass(10)
    await rig.until(() => statuses(rig)[0] === 'sent')
    expect(rig.notifications()[0]).toMatchObject({ attempts: 2, problem: 'c@example.org: SMTP 550' })
    expect(server.mails.map((one) => one.to)).toEqual([['a@example.org'], ['b@example.org']])
  })

  test('that refuses for good leaves a dead letter, and the next one goes', async () => {
    await using receiver = await createReceiver(answers(404))
    await using rig = await createNotificationRig({ channels: [hook('desk', receiver.url)] })
    await rig.put('o-1')
    await rig.pass(61)
    await rig.until(() => statuses(rig)[0] === 'dead')
    expect(rig.notifications()[0]).toMatchObject({ problem: 'HTTP 404', attempts: 1 })
    receiver.answer(answers(200))
    await rig.put('o-2', { key: 'SW-2' })
    await rig.pass(66)
    await rig.until(() => statuses(rig)[1] === 'sent')
    await rig.pass(600, 5)
    expect(receiver.got).toHaveLength(2)
    await expect(rig.metrics.text()).resolves.toContain('hub_notifications_queued{channel="desk",status="dead"} 1')
  })

  test('says when it will listen again', async () => {
    await using receiver = await createReceiver(answers(429, '', { 'retry-after': '300' }))
    await using rig = await createNotificationRig({ channels: [hook('desk', receiver.url)] })
    await rig.put('o-1')
    await rig.pass(61)
    await rig.until(() => rig.notifications()[0]?.attempts === 1)
    receiver.answer(answers(200))
    await rig.pass(290, 5)
    expect(receiver.got).toHaveLength(1)
    await rig.pass(15)
    await rig.until(() => statuses(rig)[0] === 'sent')
  })

  test('that is gone for a day is given up', async () => {
    await using rig = await createNotificationRig({
      channels: [ops],
      send: async () => failed('ECONNREFUSED'),
      retry: { firstMs: 5_000, mostMs: 600_000, tries: 5, ageMs: 86_400_000 },
    })
    await rig.put('o-1')
    await rig.pass(300, 5)
    expect(rig.notifications()).toMatchObject([{ status: 'dead', attempts: 5, problem: 'ECONNREFUSED' }])
  })

  test('that does not answer keeps no other waiting', async () => {
    await using slow = await createReceiver(() => {})
    await using quick = await createReceiver()
    const rig = await createNotificationRig({ channels: [hook('slow', slow.url), hook('quick', quick.url)] })
    await rig.put('o-1')
    await rig.pass(61)
    await rig.until(() => statuses(rig).includes('sent'))
    expect(rig.notifications().map(({ channel, status }) => [channel, status])).toEqual([
      ['slow', 'waiting'],
      ['quick', 'sent'],
    ])
    expect(slow.got).toHaveLength(1)
    slow.answer(answers(200))
    // Its connection ends, and with it the waiting.
    await slow[Symbol.asyncDispose]()
    await rig[Symbol.asyncDispose]()
  })

  test('is signed, and verified by whoever has the secret', async () => {
    await using receiver = await createReceiver((response, { headers, body }) => {
      const mac = createHmac('sha256', `${canary}-secret`).update(`${headers['x-hub-timestamp']}.${body}`).digest('hex')
      response.writeHead(headers['x-hub-signature'] === `sha256=${mac}` ? 200 : 403).end()
    })
    await using rig = await createNotificationRig({ channels: [hook('desk', receiver.url)] })
    await rig.put('o-1', { districts: ['430426'] })
    await rig.pass(61)
    await rig.until(() => statuses(rig)[0] !== 'waiting')
    expect(rig.notifications()[0]).toMatchObject({ status: 'sent', problem: null })
    expect(JSON.parse(receiver.got[0]!.body)).toMatchObject({
      kind: 'opening',
      outage: 'o-1',
      outages: [
        { outage: 'o-1', cause: { kind: 'switch' }, members: 212, districts: ['430426'], importance: 'normal' },
      ],
    })
  })
})

test('a restart in the middle sends what waits, and nothing twice', async () => {
  await using receiver = await createReceiver(answers(503))
  await using rig = await createNotificationRig({ channels: [hook('desk', receiver.url)] })
  await rig.put('o-1')
  await rig.pass(61)
  await rig.until(() => rig.notifications()[0]?.attempts === 1)
  receiver.answer(answers(200))
  await rig.restart()
  await rig.pass(10)
  await rig.until(() => statuses(rig)[0] === 'sent')
  await rig.restart()
  await rig.pass(300, 5)
  expect(receiver.got).toHaveLength(2)
  expect(rig.notifications()).toHaveLength(1)
})

test('beyond the limit of an hour the rest waits and goes together', async () => {
  const taken: Outgoing[] = []
  await using rig = await createNotificationRig({
    channels: [{ ...ops, perHour: 2 }],
    send: async (notification) => {
      taken.push(notification)
      return sent
    },
  })
  for (let n = 1; n <= 6; n++) {
    await rig.put(`o-${n}`, { key: `SW-${n}` })
    await rig.pass(120, 5)
  }
  expect(taken).toHaveLength(2)
  await rig.pass(3_600, 20)
  expect(taken.map(({ kind, lines }) => [kind, lines.length])).toEqual([
    ['opening', 6],
    ['opening', 6],
    ['digest', 4],
  ])
  expect(taken[2]!.subject).toBe('通知汇总：4 条')
  for (let n = 3; n <= 6; n++) expect(taken[2]!.lines.join('\n')).toContain(`SW-${n}`)
  expect(taken[2]!.facts).toHaveLength(4)
})

describe('a test', () => {
  test('goes at once, at night, beyond the limit and before what waits', async () => {
    const taken: string[] = []
    await using rig = await createNotificationRig({
      channels: [{ ...ops, perHour: 1 }],
      outages: { hours: { from: 20, to: 21 } },
      send: async ({ kind }) => {
        taken.push(kind)
        return kind === 'test' ? sent : failed('HTTP 500')
      },
    })
    await rig.put('o-1', { importance: 'high' })
    await rig.pass(70, 5)
    expect(taken[0]).toBe('opening')
    const before = taken.length
    for (let n = 0; n < 3; n++) await rig.test('ops')
    await rig.until(() => taken.length >= before + 3)
    expect(taken.slice(before)).toEqual(['test', 'test', 'test'])
  })

  test('that fails is not tried again, and one of yesterday is not sent', async () => {
    await using receiver = await createReceiver(answers(500))
    await using rig = await createNotificationRig({ channels: [hook('desk', receiver.url)] })
    await rig.test('desk')
    await rig.until(() => statuses(rig)[0] === 'dead')
    expect(rig.notifications()[0]).toMatchObject({ attempts: 1, problem: 'HTTP 500' })
    await rig.restart(async () => {
      await rig.test('desk')
      await rig.clock.advanceAsync(86_400_000)
    })
    await rig.until(() => statuses(rig)[1] === 'dead')
    expect(receiver.got).toHaveLength(1)
  })
})

test('no secret gets into a log, a notification or a figure, whatever fails', async () => {
  await using http = await createReceiver((response, { url }) => {
    response.writeHead(500).end(`no such hook ${url}`)
  })
  await using robot = await createReceiver((response, { url }) => {
    response.end(JSON.stringify({ errcode: 93000, code: 93000, errmsg: `invalid webhook url ${url}` }))
  })
  await using mail = await createMailServer({ login: { user: 'hub', password: 'another' } })
  const closed = await createReceiver()
  await closed[Symbol.asyncDispose]()
  const gone = `${closed.url}/${canary}`
  const box = { host: '127.0.0.1', port: mail.port, from: 'a@example.org', to: ['b@example.org'] }
  await using rig = await createNotificationRig({
    channels: [
      hook('hook', http.url),
      { id: 'gone', name: 'x', kind: 'webhook', url: gone, secret: canary },
      { id: 'wecom', name: 'x', kind: 'wecom', url: `${robot.url}/?key=${canary}` },
      { id: 'ding', name: 'x', kind: 'dingtalk', url: `${robot.url}/?access_token=${canary}`, secret: canary },
      { id: 'feishu', name: 'x', kind: 'feishu', url: `${robot.url}/${canary}`, secret: canary },
      { id: 'mail', name: 'x', kind: 'email', ...box, user: 'hub', password: canary },
    ],
  })
  await rig.put('o-1')
  await rig.pass(61)
  await rig.until(() => rig.notifications().length === 6 && rig.notifications().every(({ attempts }) => attempts === 1))
  expect(rig.notifications().map(({ problem }) => problem)).toEqual([
    'HTTP 500',
    'ECONNREFUSED',
    'errcode 93000',
    'errcode 93000',
    'code 93000',
    // No STARTTLS: no login.
    'SMTP 500',
  ])
  expect(rig.logged.filter((line) => line.includes('a notification was not sent'))).toHaveLength(6)
  expect(JSON.stringify([rig.logged, rig.notifications(), await rig.metrics.text()])).not.toContain(canary)
})

test('on the bus a notification is what a webhook gets', async () => {
  await using rig = await createNotificationRig({ channels: [ops] })
  await rig.put('o-1')
  await rig.pass(61)
  const published = rig.published.filter(({ topic }) => topic.startsWith('hub/v1/notices/'))
  expect(published).toHaveLength(1)
  expect(published[0]!.topic).toBe('hub/v1/notices/ops')
  expect(JSON.parse(published[0]!.payload)).toMatchObject({
    v: 1,
    at: noon + 60_000,
    kind: 'opening',
    outage: 'o-1',
  })
})

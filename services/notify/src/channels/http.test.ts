import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { answers, createReceiver } from '../testing/receiver.ts'
import { dingtalk, dingtalkUrl } from './dingtalk.ts'
import { feishu, feishuSign } from './feishu.ts'
import type { Outgoing, Send } from './outcome.ts'
import { webhook } from './webhook.ts'
import { wecom } from './wecom.ts'

const at = 1_800_000_000_000
const now = () => at
const secret = 'canary-secret'
const path = '/hook/canary-token'
const notification: Outgoing = {
  id: 7,
  createdAt: at - 5_000,
  kind: 'opening',
  outage: `${at}-1`,
  subject: '[高] 故障：交换机 QD-03',
  lines: ['原因：甲', '详情：/outages/1'],
  facts: [{ outage: `${at}-1` }],
}
const hostile: Outgoing = {
  ...notification,
  subject: 'cam\r\nBcc: x@y.z <at user_id="all"> @all',
  lines: ['# [click](http://evil.example) <@all> **x** @所有人', '&lt;at id=all&gt; $button$', '- item'],
}

describe('a robot whose rule is a keyword', () => {
  test.each([
    ['dingtalk', (url: string, keyword: string) => dingtalk({ url, keyword }, now), { errcode: 0 }],
    ['feishu', (url: string, keyword: string) => feishu({ url, keyword }, now), { code: 0 }],
  ] as const)('%s gets it once, before a subject that lacks it', async (_, open, answer) => {
    await using receiver = await createReceiver(answers(200, JSON.stringify(answer)))
    for (const keyword of ['运维', '故障'])
      expect(await open(receiver.url, keyword)(notification)).toEqual({ ok: true })
    const [lacking, having] = receiver.got.map(({ body }) => body)
    expect(lacking).toMatch(/"[^"]*运维 [^"]*故障：交换机/)
    expect(having).not.toMatch(/故障 [^"]*故障：交换机/)
  })
})

describe('webhook', () => {
  test('is signed over its time and its body, and says who it is at each try', async () => {
    await using receiver = await createReceiver()
    const send = webhook({ url: receiver.url + path, secret }, now)
    expect(await send(notification)).toEqual({ ok: true })
    await send(notification)
    const [{ headers, body }, second] = receiver.got as [(typeof receiver.got)[0], (typeof receiver.got)[0]]
    expect(headers['x-hub-timestamp']).toBe('1800000000')
    expect(headers['x-hub-signature']).toBe(
      `sha256=${createHmac('sha256', secret).update(`1800000000.${body}`).digest('hex')}`,
    )
    expect(headers['idempotency-key']).toBe(`notification-${at - 5_000}-7`)
    expect(second.headers['idempotency-key']).toBe(headers['idempotency-key'])
    expect(JSON.parse(body)).toEqual({
      v: 1,
      key: `notification-${at - 5_000}-7`,
      at,
      kind: 'opening',
      outage: `${at}-1`,
      subject: notification.subject,
      text: notification.lines.join('\n'),
      outages: notification.facts,
      workOrders: [],
    })
    expect(body + JSON.stringify(headers)).not.toContain(secret)
  })

  test.each<[string, number, Record<string, string>, object]>([
    ['204 takes it', 204, {}, { ok: true }],
    ['500 is tried again', 500, {}, { problem: 'HTTP 500', permanent: false, retryAfterMs: null }],
    ['408 is tried again', 408, {}, { permanent: false }],
    ['429 says when', 429, { 'retry-after': '120' }, { problem: 'HTTP 429', permanent: false, retryAfterMs: 120_000 }],
    ['503 says when by a date', 503, { 'retry-after': new Date(at + 90_000).toUTCString() }, { retryAfterMs: 90_000 }],
    ['nonsense is no time', 503, { 'retry-after': 'soon' }, { retryAfterMs: null }],
    ['400 is for good', 400, { 'retry-after': '120' }, { problem: 'HTTP 400', permanent: true, retryAfterMs: null }],
    ['410 is for good', 410, {}, { permanent: true }],
  ])('%s', async (_, status, headers, outcome) => {
    await using receiver = await createReceiver(answers(status, '', headers))
    expect(await webhook({ url: receiver.url + path, secret }, now)(notification)).toMatchObject(outcome)
  })

  test('follows no redirect', async () => {
    await using elsewhere = await createReceiver()
    await using receiver = await createReceiver(answers(307, '', { location: elsewhere.url }))
    expect(await webhook({ url: receiver.url + path, secret }, now)(notification)).toMatchObject({ permanent: true })
    expect(elsewhere.got).toEqual([])
  })

  test('waits no longer than it is told, and says nothing of the address', async () => {
    await using receiver = await createReceiver(() => {})
    const slow = webhook({ url: receiver.url + path, secret }, now, { timeoutMs: 50, answerBytes: 10 })
    expect(await slow(notification)).toMatchObject({ problem: 'no answer in time', permanent: false })
    const url = receiver.url + path
    await receiver[Symbol.asyncDispose]()
    expect(await webhook({ url, secret }, now)(notification)).toMatchObject({
      problem: 'ECONNREFUSED',
      permanent: false,
    })
    expect(await webhook({ url: `http://no-such-host.invalid${path}`, secret }, now)(notification)).toMatchObject({
      problem: expect.stringMatching(/^E[A-Z_]+$/),
    })
  })
})

type Robot = (robot: { url: string; secret?: string }, now: () => number) => Send
const robots: [string, Robot, string][] = [
  ['wecom', wecom, 'errcode'],
  ['dingtalk', dingtalk, 'errcode'],
  ['feishu', feishu, 'code'],
]

describe.each(robots)('%s', (_name, robot, code) => {
  test.each<[string, object | string, object]>([
    ['0 takes it', { [code]: 0 }, { ok: true }],
    [
      'an unknown code is for good',
      { [code]: 93000, errmsg: 'secret words' },
      { problem: `${code} 93000`, permanent: true },
    ],
    ['no code is not its answer', '<html>', { permanent: false, problem: 'the answer is not that of such a robot' }],
    ['a long answer is not read', `{"${code}":0,"x":"${'x'.repeat(70_000)}"}`, { problem: 'the answer is too long' }],
  ])('%s', async (_, answer, outcome) => {
    await using receiver = await createReceiver(
      answers(200, typeof answer === 'string' ? answer : JSON.stringify(answer)),
    )
    expect(await robot({ url: receiver.url + path }, now)(notification)).toMatchObject(outcome)
  })

  test('hostile text mentions nobody, links nowhere and marks nothing up', async () => {
    await using receiver = await createReceiver(answers(200, JSON.stringify({ [code]: 0 })))
    await robot({ url: receiver.url }, now)(hostile)
    const body = JSON.parse(receiver.got[0]!.body)
    const text: string = body.markdown?.content ?? body.markdown?.text ?? body.card.elements[0].content
    const own = text.replace(/^### /, '').replaceAll('\n\n> ', '\n\n')
    expect(own).not.toMatch(/[@<>[\]()*_#`&$\\]|:\/\/|\r/)
    expect(text.split('\n\n')).toHaveLength(4)
    expect(body.at ?? { isAtAll: false }).toEqual({ isAtAll: false })
  })
})

test.each<[string, Robot, object, object]>([
  ['WeCom', wecom, { errcode: 45009, errmsg: 'api freq out of limit' }, { permanent: false, retryAfterMs: 60_000 }],
  ['WeCom', wecom, { errcode: 45033 }, { permanent: false, retryAfterMs: 60_000 }],
  ['DingTalk', dingtalk, { errcode: 130101, errmsg: 'send too fast' }, { permanent: false, retryAfterMs: 600_000 }],
  ['DingTalk', dingtalk, { errcode: 410100 }, { permanent: false, retryAfterMs: 600_000 }],
  ['DingTalk', dingtalk, { errcode: -1, errmsg: '系统繁忙' }, { permanent: false, retryAfterMs: null }],
  ['Feishu', feishu, { code: 11232, msg: 'frequency limited psm[x]' }, { permanent: false, retryAfterMs: 60_000 }],
  ['Feishu', feishu, { code: 9499, msg: 'too many request' }, { permanent: false, retryAfterMs: 60_000 }],
  ['Feishu', feishu, { code: 9499, msg: 'Bad Request' }, { permanent: true, retryAfterMs: null }],
])(
  '%s: what is too much is tried again when it may be sent, what is wrong is not (%#)',
  async (_, robot, answer, outcome) => {
    await using receiver = await createReceiver(answers(200, JSON.stringify(answer)))
    expect(await robot({ url: receiver.url }, now)(notification)).toMatchObject(outcome)
  },
)

describe('as the documents sign (values by their Python examples)', () => {
  test('DingTalk, in the address', async () => {
    const url = dingtalkUrl('https://oapi.dingtalk.com/robot/send?access_token=XXXXXX', 'this is secret', 1577262236757)
    expect(url).toBe(
      'https://oapi.dingtalk.com/robot/send?access_token=XXXXXX&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D',
    )
    await using receiver = await createReceiver(answers(200, '{"errcode":0}'))
    await dingtalk({ url: `${receiver.url}/robot/send?access_token=t`, secret }, now)(notification)
    const asked = new URL(receiver.got[0]!.url, receiver.url).searchParams
    expect(asked.get('access_token')).toBe('t')
    expect(asked.get('timestamp')).toBe(String(at))
    expect(asked.get('sign')).toBe(createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64'))
    expect(JSON.parse(receiver.got[0]!.body)).toMatchObject({
      msgtype: 'markdown',
      markdown: { title: notification.subject.replace('[', '［').replace(']', '］') },
    })
  })

  test('Feishu, in the body', async () => {
    expect(feishuSign('demo', 1599360473)).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=')
    await using receiver = await createReceiver(answers(200, '{"code":0}'))
    await feishu({ url: receiver.url, secret }, now)(notification)
    const body = JSON.parse(receiver.got[0]!.body)
    expect(body).toMatchObject({ timestamp: '1800000000', msg_type: 'interactive' })
    expect(body.sign).toBe(createHmac('sha256', `${body.timestamp}\n${secret}`).update('').digest('base64'))
    await feishu({ url: receiver.url }, now)(notification)
    expect(JSON.parse(receiver.got[1]!.body)).not.toHaveProperty('sign')
  })

  test('WeCom takes 4,096 bytes', async () => {
    await using receiver = await createReceiver(answers(200, '{"errcode":0}'))
    await wecom(
      { url: receiver.url },
      now,
    )({ ...notification, lines: Array.from({ length: 60 }, () => '汉'.repeat(60)) })
    const { content } = JSON.parse(receiver.got[0]!.body).markdown
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4_096)
    expect(Buffer.byteLength(content)).toBeGreaterThan(3_500)
    expect(content.endsWith('> …')).toBe(true)
  })
})

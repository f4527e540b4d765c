/** Signed reports of other control rooms: each taken once, each refusal by its exact reason. */
import { createHmac } from 'node:crypto'
import { apiBase } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answered, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { incidentsOf } from '../testing/incidents.ts'

const keys = { 'fire-119': '119-key-0123456789-0123456789-01', 'police-110': '110-key-0123456789-0123456789-01' }
const senders = [
  { id: 'fire-119', source: '119', key: keys['fire-119'] },
  { id: 'police-110', source: '110', key: keys['police-110'], districts: ['430405'] },
]
const report = {
  reference: 'HY119-20270115-0042',
  title: '解放路居民楼火灾',
  class: 'accident',
  type: 'fire',
  level: 3,
  point: { longitude: 112.6206, latitude: 26.8946 },
  caller: { phone: '13807341234' },
}

let hub: Hub
beforeEach(async () => {
  hub = await startHub({}, { emergency: { senders } })
})
afterEach(() => hub.stop())

type Sent = {
  source?: string
  sender?: string
  at?: number
  key?: string
  body?: string
  signature?: string
  language?: string
}
/** As a sender does it, with code of its own. */
async function send(of: object = report, sent: Sent = {}) {
  const { source = '119', sender = 'fire-119', at = hub.clock.now(), body = JSON.stringify(of), language = 'en' } = sent
  const key = sent.key ?? keys[sender as keyof typeof keys] ?? 'none'
  const signature = sent.signature ?? createHmac('sha256', key).update(`${at}.${body}`).digest('hex')
  const query = new URLSearchParams({ sender, at: String(at), signature })
  const answer = await fetch(`${hub.base}${apiBase}/intake/${source}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body,
  })
  return { status: answer.status, json: (await answer.json()) as Answered['json'] }
}
const listed = async () => (await hub.ask('cmdr', 'incidents')).json.incidents

it('a report becomes an incident, and the sender gets a receipt', async () => {
  const at = hub.clock.now() - 10_000
  const { status, json } = await send(report, { at })
  expect({ status, json }).toEqual({
    status: 200,
    json: { source: '119', reference: report.reference, number: 'YJ-20270115-0001', receivedAt: hub.clock.now() },
  })
  const [incident] = await listed()
  expect(incident).toMatchObject({
    title: report.title,
    level: 3,
    district: '430405',
    status: 'received',
    reportedAt: at,
    origin: { source: '119', reference: report.reference },
  })
  const on = incidentsOf(hub)
  expect(await on.one(incident.id)).toMatchObject({
    caller: { phone: '138****1234' },
    log: [{ actor: 'intake:fire-119' }],
  })
  expect(on.told(incident.id)).toBe(1)
})

it('the receipt of a report that is sent again is the first one, to the byte', async () => {
  const first = await send()
  await hub.clock.advanceAsync(minuteMs)
  const again = await send({ ...report, title: '更正：解放路火灾' })
  expect(again).toEqual(first)
  expect(await listed()).toMatchObject([{ title: report.title, reports: 1 }])
  // The same number of another source is another report.
  const { json } = await send(report, { source: '110', sender: 'police-110' })
  expect(json.number).toBe('YJ-20270115-0002')
})

describe('is refused, and nothing is taken', () => {
  const refused = async (sending: Promise<{ status: number; json: { code: string; detail: string } }>) => {
    const { status, json } = await sending
    expect(await listed()).toEqual([])
    return `${status} ${json.code}: ${json.detail}`
  }

  it('with a wrong signature: of another key, another body, another time', async () => {
    const wrong = '403 intake.signature: the signature is not that of fire-119'
    expect(await refused(send(report, { key: keys['police-110'] }))).toBe(wrong)
    expect(await refused(send(report, { signature: '0'.repeat(64) }))).toBe(wrong)
    const at = hub.clock.now()
    const signature = createHmac('sha256', keys['fire-119'])
      .update(`${at}.${JSON.stringify(report)}`)
      .digest('hex')
    expect(await refused(send({ ...report, title: '改' }, { at, signature }))).toBe(wrong)
    expect(await refused(send(report, { at: at + 1, signature }))).toBe(wrong)
    expect((await send(report, { signature: 'abc' })).json.detail).toBe('signature is abc: must be 64 hex digits')
    expect(hub.lines.some((line) => line.includes('wrong signature') && line.includes('fire-119'))).toBe(true)
  })

  it('late, or from the future', async () => {
    const now = hub.clock.now()
    for (const at of [now - 5 * minuteMs - 1, now + 5 * minuteMs + 1])
      expect(await refused(send(report, { at }))).toBe(
        `403 intake.late: it was signed at ${at}, more than 300 s from now`,
      )
    expect((await send(report, { at: now - 5 * minuteMs })).status).toBe(200)
  })

  it('from another sender, or one that nobody knows', async () => {
    expect(await refused(send(report, { source: '110' }))).toBe('403 intake.sender: there is no sender fire-119 of 110')
    expect(await refused(send(report, { sender: 'nobody' }))).toBe(
      '403 intake.sender: there is no sender nobody of 119',
    )
    const zh = await send(report, { source: '110', language: 'zh' })
    expect(zh.json.detail).toBe('110 没有发送方 fire-119')
    expect((await send(report, { source: '114' })).status).toBe(400)
  })

  it('for what it says', async () => {
    expect(await refused(send({ ...report, reference: undefined }))).toBe(
      '400 request.invalid: reference is missing: Invalid input: expected string, received undefined',
    )
    expect(await refused(send({ ...report, type: 'flood' }))).toBe(
      '400 request.invalid: type is flood: must be a type of that class',
    )
    expect(await refused(send({ ...report, source: '110' }))).toBe(
      '400 request.invalid: source is present: unknown key',
    )
    expect(await refused(send({}, { body: '{"reference":' }))).toMatch(/^400 request.not-json/)
    expect(await refused(send({}, { body: ' '.repeat(65_537) }))).toBe(
      '413 request.too-large: the body is larger than 65536 bytes',
    )
    const far = { ...report, point: { longitude: 112.1, latitude: 26.79 } }
    expect(await refused(send(far, { source: '110', sender: 'police-110' }))).toBe(
      '400 request.invalid: district is 430426: is not in your districts',
    )
  })
})

it('a message that is played again is refused as long as it would be fresh, and what it opened stays', async () => {
  const at = hub.clock.now()
  await send(report, { at })
  await hub.clock.advanceAsync(minuteMs)
  const { status, json } = await send(report, { at })
  expect([status, json.code, json.detail]).toEqual([
    409,
    'intake.replayed',
    'this message of fire-119 was taken before',
  ])
  expect(await listed()).toMatchObject([{ reports: 1, revision: 1 }])
  // Once it is late it is remembered no more.
  await hub.clock.advanceAsync(5 * minuteMs)
  await send({ ...report, reference: 'next' })
  const kept = hub.record.sqlite.prepare('SELECT count(*) AS messages FROM intake_message').get()
  expect(kept).toEqual({ messages: 1 })
})

/** Channels over HTTP: how they are without their secrets, and a test that waits for the sender. */
import { topic, topicFilter } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../hub/src/testing/hub.ts'
import type { NotifyDb } from './tables.ts'

const secret = 'canary-of-a-robot'
const channels = [
  { id: 'duty', kind: 'dingtalk', name: '值班群', url: `https://oapi.example.cn/robot/send?access_token=${secret}` },
  { id: 'qidong', kind: 'email', name: '祁东', host: 'mail.example.cn', port: 25, from: 'h@e.cn', to: ['a@e.cn'] },
  { id: 'screen', kind: 'mqtt', name: '大屏', topic: 'hub/v1/notices/screen', language: 'en', districts: ['430405'] },
].map((channel) => (channel.id === 'qidong' ? { ...channel, districts: ['430426'] } : channel))

let hub: Hub
beforeEach(async () => {
  hub = await startHub({}, { channels })
  await hub.importRecords([camera(cameraA), camera(cameraB)])
})
afterEach(() => hub.stop())

const notify = ({ record }: Hub) => tablesOf<NotifyDb>(record).db
const put = (channel: string, status: string, more: object = {}) =>
  notify(hub)
    .insertInto('notification')
    .values({
      channel,
      outage: null,
      subject: '故障',
      body: '',
      status,
      attempts: 1,
      next_at: 1,
      created_at: 1,
      sent_at: null,
      problem: null,
      ...more,
    })
    .execute()

it('each says what waits, what is given up and what went wrong last; its address is its host only', async () => {
  await put('duty', 'sent', { sent_at: 5 })
  await put('duty', 'dead', { problem: 'HTTP 500' })
  await put('duty', 'waiting', { attempts: 0 })
  const { json, text } = await hub.ask('oper', 'channels')
  expect(json.channels).toMatchObject([
    {
      id: 'duty',
      kind: 'dingtalk',
      name: '值班群',
      target: 'oapi.example.cn',
      languages: 'zh',
      lastSentAt: 5,
      lastProblem: 'HTTP 500',
      waiting: 1,
      dead: 1,
    },
    { id: 'qidong', target: 'mail.example.cn', lastSentAt: null, lastProblem: null, waiting: 0, dead: 0 },
    { id: 'screen', target: 'hub/v1/notices/screen', languages: 'en' },
  ])
  expect(json.notifications.map((n: { status: string }) => n.status)).toEqual(['waiting', 'dead', 'sent'])
  expect(text).not.toContain(secret)
  expect(hub.lines.join('')).not.toContain(secret)
})

it('who sees some districts sees their channels and the notifications of what is there', async () => {
  const districts = { 'o-a': '["430405"]', 'o-b': '["430405","430426"]' }
  for (const [outage, where] of Object.entries(districts)) await put('duty', 'sent', { outage, districts: where })
  await put('duty', 'sent')
  const { json } = await hub.ask('oper-b', 'channels')
  expect(json.channels.map((c: { id: string }) => c.id)).toEqual(['duty', 'qidong'])
  expect(json.notifications.map((n: { outage: string }) => n.outage)).toEqual(['o-b'])
  expect((await hub.ask('oper-b', 'testChannel', { params: { id: 'screen' } })).json).toMatchObject({
    status: 404,
    code: 'channel.unknown',
  })
})

describe('a test', () => {
  /** The sender, as far as it matters here. */
  const sender = (change: object | undefined) =>
    hub.bus.subscribe(topicFilter('notificationQueued'), async () => {
      if (!change) return
      await notify(hub).updateTable('notification').set(change).where('status', '=', 'waiting').execute()
    })
  const test = async (id = 'duty') => {
    const answer = hub.ask('oper', 'testChannel', { params: { id } })
    let done = false
    void answer.finally(() => {
      done = true
    })
    while (!done) {
      await hub.clock.advanceAsync(100)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return (await answer).json
  }

  it('is sent at once, and in the audit', async () => {
    await sender({ status: 'sent', sent_at: 7, attempts: 1 })
    expect(await test()).toMatchObject({ sent: true, problem: null })
    expect(hub.bus.published.filter((m) => m.topic === topic('notificationQueued'))).toHaveLength(1)
    const [row] = await notify(hub).selectFrom('notification').selectAll().execute()
    expect(row).toMatchObject({ channel: 'duty', outage: null, subject: '测试通知' })
    const [act] = await hub.record.db.selectFrom('audit').selectAll().where('action', '=', 'channel.test').execute()
    expect(act).toMatchObject({ actor: 'oper', subject: 'duty' })
    await test('screen')
    expect((await notify(hub).selectFrom('notification').selectAll().execute())[1]!.subject).toBe('Test notification')
  })

  it('says why it failed, at the first try that did', async () => {
    await sender({ attempts: 1, problem: 'connect ECONNREFUSED' })
    expect(await test()).toMatchObject({ sent: false, problem: 'connect ECONNREFUSED' })
  })

  it('is not waited for longer than eight seconds', async () => {
    await sender(undefined)
    const answer = await test()
    expect(answer).toMatchObject({ sent: false, problem: 'not sent yet' })
    expect(answer.ms).toBeGreaterThanOrEqual(8_000)
    expect(answer.ms).toBeLessThan(9_000)
  })
})

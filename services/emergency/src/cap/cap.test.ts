/** CAP over HTTP: alerts in, each once; messages of an incident out, with feed; hostile ones leave nothing behind. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { capFaults, capTime, minuteMs } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { followOutbox } from '../linkage/follower.ts'
import type { EmergencyDb } from '../tables.ts'
import { capXml, hostile, type Written } from '../testing/cap.ts'
import { incidentsOf } from '../testing/incidents.ts'
import { readAlert } from './document.ts'
import { feedOf } from './feed.ts'
import { messagesOf } from './store.ts'

const sender = { id: 'emergency.hengyang.example', name: '衡阳市应急指挥中心', publisher: '43040000000000' }
let hub: Hub
beforeEach(async () => {
  hub = await startHub({ onDisk: true }, { emergency: { cap: { sender } } })
})
afterEach(() => hub.stop())

const ago = (ms: number) => capTime(hub.clock.now() - ms)
const take = (written: Written = {}, user = 'cmdr') =>
  hub.ask(user, 'takeCap', { raw: capXml({ sent: ago(minuteMs), ...written }) })
const taken = async (written: Written = {}) => {
  const { status, json } = await take(written)
  expect(status, JSON.stringify(json)).toBe(200)
  return json
}
const listed = async () => (await hub.ask('cmdr', 'incidents')).json.incidents
const capOfIncident = async (id: string) => (await hub.ask('cmdr', 'incidentCap', { params: { id } })).json
const send = (id: string, msgType: string, more: object = {}, user = 'cmdr') =>
  hub.ask(user, 'sendCap', { params: { id }, body: { key: randomUUID(), msgType, ...more } })
const sent = async (id: string, msgType: string, more: object = {}) => {
  const { status, json } = await send(id, msgType, more)
  expect(status, JSON.stringify(json)).toBe(200)
  return json
}
const documentOf = async (id: string) => (await hub.ask('oper', 'capDocument', { params: { id } })).text
const detail = ({ json }: { json: { detail: string } }) => json.detail

describe('an alert that comes in', () => {
  it('opens an incident that is not graded by its colour', async () => {
    const receipt = await taken()
    expect(receipt).toMatchObject({ number: 'YJ-20270115-0001', receivedAt: hub.clock.now(), doubtful: [] })
    const on = incidentsOf(hub)
    expect(await on.one(receipt.incident)).toMatchObject({
      title: '衡阳市气象台发布暴雨橙色预警，低洼处积水',
      class: 'natural-disaster',
      type: 'flood',
      level: null,
      warning: 'orange',
      district: '430405',
      address: '珠晖区解放路',
      description: '预计 3 小时内降雨 50 毫米 & 以上',
      origin: { source: 'cap', reference: `met.hengyang.example,${receipt.identifier},${receipt.sent}` },
      log: [{ step: 'receive' }, { kind: 'cap', actor: 'cmdr', detail: { direction: 'in', msgType: 'Alert' } }],
    })
    expect(await on.audited(receipt.incident)).toEqual(['cmdr incident.receive', 'cmdr incident.cap'])
    expect(on.told(receipt.incident)).toBe(1)
    expect(await documentOf(receipt.id)).toBe(capXml({ sent: ago(minuteMs) }))
  })

  it('is answered by its first receipt when it comes again, and changes nothing', async () => {
    const written = { sent: ago(minuteMs) }
    const first = await taken(written)
    await hub.clock.advanceAsync(minuteMs)
    expect(await taken({ ...written, headline: '另一标题' })).toEqual(first)
    expect(await listed()).toMatchObject([{ reports: 1 }])
    expect((await capOfIncident(first.incident)).messages).toHaveLength(1)
  })

  it('joins the incident of its kind that is near; an exercise does not', async () => {
    const first = await taken()
    const second = await taken({ identifier: 'two', area: '<circle>26.896,112.621 1</circle>' })
    expect(second.incident).toBe(first.incident)
    const drill = await taken({ identifier: 'three', status: 'Exercise' })
    expect(drill.number).toBe('YL-20270115-0001')
  })

  it('is updated: the log says so, and the colour is the new one; not by one that was sent before', async () => {
    const sentAt = ago(10 * minuteMs)
    const first = await taken({ identifier: 'one', sent: sentAt })
    const references = `met.hengyang.example,one,${sentAt}`
    const red = { identifier: 'red', msgType: 'Update', references, headline: '暴雨红色预警' }
    expect((await taken({ ...red, sent: ago(2 * minuteMs) })).incident).toBe(first.incident)
    const late = { identifier: 'late', msgType: 'Update', references, headline: '暴雨黄色预警' }
    await taken({ ...late, sent: ago(5 * minuteMs) })
    const incident = await incidentsOf(hub).one(first.incident)
    expect(incident).toMatchObject({ warning: 'red', title: '衡阳市气象台发布暴雨橙色预警，低洼处积水' })
    expect(incident.log.map(({ kind }) => kind)).toEqual(['step', 'cap', 'cap', 'detail', 'cap'])
    expect((await capOfIncident(first.incident)).cancelled).toBe(false)
  })

  it('is cancelled: it is shown, and the end is the officer’s', async () => {
    const sentAt = ago(10 * minuteMs)
    const { incident } = await taken({ identifier: 'one', sent: sentAt })
    const references = `met.hengyang.example,one,${sentAt}`
    await taken({ identifier: 'end', msgType: 'Cancel', references, headline: '解除暴雨预警' })
    expect(await capOfIncident(incident)).toMatchObject({
      cancelled: true,
      messages: [{ msgType: 'Cancel', headline: '解除暴雨预警', direction: 'in' }, { msgType: 'Alert' }],
    })
    expect(await listed()).toMatchObject([{ id: incident, status: 'received' }])
  })

  it('is not taken back by another sender, who only refers to it', async () => {
    const sentAt = ago(10 * minuteMs)
    const { incident } = await taken({ identifier: 'one', sent: sentAt })
    const other = { sender: 'other.example', sent: ago(5 * minuteMs) }
    await taken({ ...other, identifier: 'a', references: `met.hengyang.example,one,${sentAt}` })
    await taken({
      sender: 'other.example',
      identifier: 'c',
      msgType: 'Cancel',
      references: `other.example,a,${other.sent}`,
    })
    expect(await capOfIncident(incident)).toMatchObject({ cancelled: false, messages: [{}, {}, {}] })
  })

  it('is refused where it refers to what is not its own', async () => {
    const sentAt = ago(10 * minuteMs)
    await taken({ identifier: 'one', sent: sentAt })
    const cancel = { identifier: 'c', msgType: 'Cancel' }
    const own = `met.hengyang.example,one,${sentAt}`
    expect(detail(await take({ ...cancel, references: own, sender: 'other.example' }))).toBe(
      `references is ${own}: is an alert of another sender`,
    )
    const unknown = `met.hengyang.example,none,${sentAt}`
    expect(detail(await take({ ...cancel, references: unknown }))).toBe(
      `references is ${unknown}: is no alert that was taken in`,
    )
    expect(detail(await take({ ...cancel, references: own, status: 'Exercise' }))).toBe(
      'status is Exercise: the alert that it refers to is Actual',
    )
    expect(detail(await take({ sender: sender.id, identifier: 'x' }))).toBe(
      'sender is emergency.hengyang.example: is the sender of this hub',
    )
    expect(detail(await take({ identifier: 'far', area: '<circle>39.9,116.4 5</circle>' }))).toBe(
      'info.area is 珠晖区解放路: lies more than 20 km outside the city',
    )
    expect(await listed()).toHaveLength(1)
  })

  it('is refused by its reason when it is hostile, and nothing else is lost', async () => {
    for (const [what, raw, reason] of hostile) {
      const answer = await hub.ask('cmdr', 'takeCap', { raw })
      expect(`${what}: ${answer.status} ${detail(answer)}`).toBe(`${what}: 400 ${reason}`)
    }
    const large = await hub
      .ask('cmdr', 'takeCap', { raw: capXml({ headline: 'a'.repeat(5_000_000) }) })
      .catch(() => null)
    // What is beyond the limit is not read: some clients see the answer, others the end of the connection.
    if (large) expect(`${large.status} ${large.json.code}`).toBe('413 request.too-large')
    expect(await listed()).toEqual([])
    const { db } = tablesOf<EmergencyDb>(hub.record)
    expect(await db.selectFrom('cap_message').select('id').execute()).toEqual([])
    expect((await taken()).number).toBe('YJ-20270115-0001')
  })

  it('is of those who may: a contractor sees and sends nothing, a district only its own', async () => {
    const { incident, id } = await taken()
    expect((await take({}, 'contr')).status).toBe(403)
    expect((await hub.ask('contr', 'capFeed')).status).toBe(403)
    expect((await hub.ask('oper-b', 'incidentCap', { params: { id: incident } })).json.code).toBe('incident.unknown')
    expect((await hub.ask('oper-b', 'capDocument', { params: { id } })).json.code).toBe('cap.unknown')
    expect(detail(await take({ identifier: 'b' }, 'oper-b'))).toBe('info.area is 430405: is not in your districts')
  })
})

describe('an alert that goes out', () => {
  const opened = async (body: object = {}) => incidentsOf(hub).opened(body)

  it('is an Alert, then Updates, then a Cancel of them all', async () => {
    const { id } = await opened()
    expect((await capOfIncident(id)).next).toEqual(['Alert'])
    expect(detail(await send(id, 'Update'))).toBe('msgType is Update: possible is Alert')
    const alert = await sent(id, 'Alert', { radiusMetres: 500 })
    expect(alert.identifier).toBe('43040000000000_20270115160000_1')
    expect(detail(await send(id, 'Alert'))).toBe('msgType is Alert: possible is Update, Cancel')
    const update = await sent(id, 'Update', { instruction: { zh: '请绕行', en: 'Take another way' } })
    expect(update.identifier).toBe('43040000000000_20270115160000_2')
    await sent(id, 'Cancel')
    const { messages, next, cancelled } = await capOfIncident(id)
    expect({ next, cancelled }).toEqual({ next: ['Alert'], cancelled: false })
    const alerts = []
    for (const message of messages) alerts.unshift(readAlert(Buffer.from(await documentOf(message.id))))
    expect(alerts.flatMap(capFaults)).toEqual([])
    const own = '2027-01-15T16:00:00+08:00'
    expect(alerts).toMatchObject([
      {
        sender: sender.id,
        sent: own,
        status: 'Actual',
        info: [{ area: [{ circle: ['26.894600,112.620600 0.5'] }] }, {}],
      },
      { msgType: 'Update', info: [{ instruction: '请绕行' }, { instruction: 'Take another way' }] },
      {
        msgType: 'Cancel',
        references: `${sender.id},${alert.identifier},${own} ${sender.id},${update.identifier},${own}`,
      },
    ])
    const { log } = await incidentsOf(hub).one(id)
    expect(log.filter(({ kind }) => kind === 'cap').map((entry) => entry.detail.msgType)).toEqual([
      'Alert',
      'Update',
      'Cancel',
    ])
  })

  it('of a drill is an exercise; asked for twice it is sent once', async () => {
    const { id } = await opened({ drill: true })
    const key = randomUUID()
    const first = await sent(id, 'Alert', { key })
    expect(await sent(id, 'Alert', { key })).toEqual(first)
    expect(first.exercise).toBe(true)
    const real = await opened()
    expect(detail(await send(real.id, 'Alert', { key }))).toBe(`key is ${key}: was used for another incident`)
    expect(readAlert(Buffer.from(await documentOf(first.id))).status).toBe('Exercise')
  })

  it('when it is over it may be cancelled, and nothing more', async () => {
    const { id } = await opened()
    await sent(id, 'Alert')
    await incidentsOf(hub).acted(id, { act: 'dismiss', note: '误报' })
    expect((await capOfIncident(id)).next).toEqual(['Cancel'])
    expect(detail(await send(id, 'Update'))).toBe('msgType is Update: possible is Cancel')
    await sent(id, 'Cancel')
    expect(detail(await send(id, 'Alert'))).toBe('msgType is Alert: possible is —')
  })

  it('is in the feed, which is sent again only when it is another', async () => {
    const { id } = await opened({ title: '解放路 <积水>' })
    const alert = await sent(id, 'Alert')
    const feed = await hub.ask('oper', 'capFeed')
    expect(feed.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(feed.text).toContain(`href="/api/v1/cap/${alert.id}.xml"`)
    expect(feed.text).toContain('<title>预警：解放路 &lt;积水&gt;</title>')
    const again = () => hub.ask('oper', 'capFeed', { headers: { 'if-none-match': feed.headers.get('etag')! } })
    expect(await again()).toMatchObject({ status: 304, text: '' })
    await sent(id, 'Cancel')
    expect((await again()).status).toBe(200)
    expect((await hub.ask('oper-b', 'capFeed')).text).not.toContain('<entry>')
  })

  it('is there after a restart', async () => {
    const { id } = await opened()
    await sent(id, 'Alert')
    await taken()
    const before = (await hub.ask('oper', 'capFeed')).text
    const reopened = await openRecord(join(hub.data, 'record.db'))
    const { db } = tablesOf<EmergencyDb>(reopened)
    expect(await feedOf(db, 'city', sender.name)).toBe(before)
    expect(await messagesOf(db, id)).toHaveLength(2)
    await reopened.close()
  })

  it('by a rule; of a drill never', async () => {
    const stop = await followOutbox({ ...hub.deps, config: hub.deps.config as never }, () => {})
    const rule = {
      name: '洪涝即发预警',
      when: { kind: 'incident', types: ['flood'] },
      where: {},
      schedule: null,
      restSeconds: 0,
      mostPerHour: 10,
      actions: [{ kind: 'cap', deadlineSeconds: 60, retries: 0 }],
    }
    const made = await hub.ask('cmdr', 'createLinkageRule', { body: rule })
    expect(made.status, made.text).toBe(200)
    await hub.ask('cmdr', 'switchLinkageRule', { params: { id: made.json.id }, body: { state: 'on' } })
    const { id } = await opened()
    await expect.poll(async () => (await capOfIncident(id)).messages.length).toBe(1)
    const { runs } = await incidentsOf(hub).one(id)
    expect(runs[0]?.actions).toMatchObject([{ kind: 'cap', state: 'done', result: { msgType: 'Alert' } }])
    const drill = await opened({ drill: true })
    await expect.poll(async () => (await incidentsOf(hub).one(id)).runs.length).toBe(1)
    expect((await capOfIncident(drill.id)).messages).toEqual([])
    await stop()
  })
})

it('without a sender nothing is published', async () => {
  const other = await startHub()
  const { id } = await incidentsOf(other).opened()
  const ask = { params: { id }, body: { key: randomUUID(), msgType: 'Alert' } }
  expect(detail(await other.ask('cmdr', 'sendCap', ask))).toBe(
    'msgType is Alert: no sender is configured (emergency.cap)',
  )
  expect((await other.ask('cmdr', 'incidentCap', { params: { id } })).json.next).toEqual([])
  await other.stop()
})

/** Incidents over HTTP: taken in, walked from step to step, seen by whoever may see them. */
import type { Incident, IncidentRow, NewIncident } from '@hub/contracts'
import { dayMs, dayStart, minuteMs } from '@hub/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([
    camera(cameraA, { longitude: 112.62, latitude: 26.89, name: '解放路口' }),
    camera(cameraB, { longitude: 112.1, latitude: 26.79 }),
  ])
})
afterEach(() => hub.stop())

const flood: Partial<NewIncident> = {
  title: '解放路积水',
  class: 'natural-disaster',
  type: 'flood',
  point: { longitude: 112.6206, latitude: 26.8946 },
  address: '解放路 1 号',
}
const open = async (body: object = {}, user = 'cmdr') => hub.ask(user, 'openIncident', { body: { ...flood, ...body } })
const opened = async (body: object = {}, user = 'cmdr'): Promise<Incident> => (await open(body, user)).json
const act = (id: string, body: object, user = 'cmdr') => hub.ask(user, 'actOnIncident', { params: { id }, body })
const acted = async (id: string, ...bodies: object[]): Promise<Incident> => {
  let last: Incident | undefined
  for (const body of bodies) {
    const { status, json } = await act(id, body)
    expect(status, JSON.stringify(json)).toBe(200)
    last = json
  }
  return last!
}
const one = async (id: string, user = 'cmdr'): Promise<Incident> =>
  (await hub.ask(user, 'incident', { params: { id } })).json
const list = async (query = '', user = 'cmdr'): Promise<IncidentRow[]> =>
  (await hub.ask(user, 'incidents', { query })).json.incidents
const audited = async (subject: string) =>
  (
    await hub.record.db
      .selectFrom('audit')
      .select(['actor', 'action'])
      .where('subject', '=', subject)
      .orderBy('id')
      .execute()
  ).map(({ actor, action }) => `${actor} ${action}`)
const lead = { act: 'dispatch', units: [{ unit: '消防一中队', part: 'lead' }] }

describe('taking an incident in', () => {
  it('numbers it in the day of the city, drills by themselves, and finds the district that the point lies in', async () => {
    const now = hub.clock.now()
    const incident = await opened()
    expect(incident).toMatchObject({
      number: 'YJ-20270115-0001',
      drill: false,
      district: '430405',
      status: 'received',
      level: null,
      origin: { source: 'manual', reference: null, device: null, rule: null },
      acceptedAt: now,
      occurredAt: now,
      acknowledgedBy: null,
      duty: '市应急指挥中心',
      reports: 1,
      next: ['verify', 'report', 'dismiss', 'merge', 'hand-over'],
      clock: { step: 'verify', unit: null, from: now, due: now + 5 * minuteMs, colour: 'none' },
    })
    expect(incident.log).toMatchObject([{ seq: 1, actor: 'cmdr', kind: 'step', step: 'receive' }])
    expect((await opened({ drill: true })).number).toBe('YL-20270115-0001')
    expect((await opened()).number).toBe('YJ-20270115-0002')
    await hub.clock.advanceAsync(dayStart(now) + dayMs - now - 1)
    await hub.login('cmdr')
    expect((await opened()).number).toBe('YJ-20270115-0003')
    await hub.clock.advanceAsync(1)
    expect((await opened()).number).toBe('YJ-20270116-0001')
    expect(await audited(incident.id)).toEqual(['cmdr incident.receive'])
    expect(hub.changes('incidents').map(({ id, districts }) => ({ id, districts }))).toContainEqual({
      id: incident.id,
      districts: ['430405'],
    })
  })

  it('takes the place of a device, whose code says the district', async () => {
    const incident = await opened({ point: undefined, address: undefined, device: cameraB })
    expect(incident).toMatchObject({
      district: '430426',
      point: { longitude: 112.1, latitude: 26.79 },
      address: '解放路 1 号',
      origin: { device: cameraB },
    })
  })

  it.each([
    ['no place', { point: undefined }, 400, 'district is missing: is needed where there is no point and no device'],
    ['a type of another class', { type: 'fire' }, 400, 'type is fire: must be a type of that class'],
    [
      'a point in Beijing',
      { point: { longitude: 116.4, latitude: 39.9 } },
      400,
      'point is 116.4, 39.9: lies more than 20 km outside the city',
    ],
    ['the future', { occurredAt: 1_900_000_000_000 }, 400, 'occurredAt is 1900000000000: must not be after now'],
    ['an unknown device', { device: sensorA }, 404, `there is no device ${sensorA}`],
    [
      'a caller who is no number',
      { caller: { phone: 'abc' } },
      400,
      'caller.phone is abc: must be a phone number: digits and hyphens',
    ],
  ])('refuses %s', async (_, body, status, detail) => {
    const { status: answered, json } = await open(body)
    expect({ answered, detail: json.detail }).toEqual({ answered: status, detail: expect.stringContaining(detail) })
    expect(await list('?view=all')).toEqual([])
  })

  it('answers a sender who says the same again with the first, also at the same moment', async () => {
    const report = { source: '119', reference: 'J-7' }
    const [a, b] = await Promise.all([opened(report), opened({ ...report, title: '又报' })])
    expect(b).toEqual(a)
    expect(await opened({ source: '110', reference: 'J-7' })).not.toMatchObject({ id: a.id })
    expect(await list('?view=all')).toHaveLength(2)
  })
})

describe('the steps', () => {
  it('go from the report to the archive, each with who, when and what it said', async () => {
    const { id } = await opened()
    await acted(id, { act: 'acknowledge' }, { act: 'verify', note: '已电话核实' }, { act: 'grade', level: 3 }, lead)
    await hub.clock.advanceAsync(minuteMs)
    const unit = { unit: '消防一中队' }
    const arrived = await acted(id, { act: 'sign', ...unit }, { act: 'depart', ...unit }, { act: 'arrive', ...unit })
    expect(arrived).toMatchObject({ status: 'arrived', lead: '消防一中队', level: 3 })
    expect(arrived.units).toMatchObject([{ unit: '消防一中队', part: 'lead', arrivedAt: hub.clock.now() }])
    const archived = await acted(
      id,
      { act: 'handle' },
      { act: 'report', to: '市政府值班室', note: '已控制' },
      { act: 'end', note: '积水已排' },
      { act: 'review', note: '泵站应提前值守' },
      { act: 'archive' },
    )
    expect(archived).toMatchObject({ status: 'archived', next: [], clock: null, clocks: [] })
    expect(archived.log.map(({ actor, step, detail }) => `${actor} ${step ?? detail.act}`)).toEqual(
      'receive acknowledge verify grade dispatch sign depart arrive handle report end review archive'
        .split(' ')
        .map((step) => `cmdr ${step}`),
    )
    expect(archived.log.find(({ step }) => step === 'grade')?.detail).toEqual({ level: 3, was: null })
    expect(archived.log.find(({ step }) => step === 'verify')?.note).toBe('已电话核实')
    expect(archived.revision).toBe(archived.log.length)
    expect(await audited(id)).toHaveLength(archived.log.length)
  })

  it('that are not legal are refused with those that are, in the language of the reader, and change nothing', async () => {
    const { id } = await opened()
    const before = await one(id)
    const zh = await hub.ask('cmdr', 'actOnIncident', {
      params: { id },
      body: lead,
      headers: { 'accept-language': 'zh' },
    })
    expect(zh.status).toBe(409)
    expect(zh.json).toMatchObject({
      code: 'incident.step',
      detail: '现在不能派出：现在可以核实、上报、排除、合并、移交',
    })
    expect((await act(id, { act: 'archive' })).json.detail).toBe(
      'archive is not possible now: possible is verify, report upwards, dismiss, merge, hand over',
    )
    expect(await one(id)).toEqual(before)
    await acted(id, { act: 'verify' }, { act: 'grade', level: 2 }, lead)
    expect((await act(id, { act: 'escalate', level: 2, note: '扩大' })).json.detail).toBe(
      'escalate is not possible now: it must become worse than level 2',
    )
    expect((await act(id, { act: 'sign', unit: '交警' })).json.detail).toBe(
      'sign is not possible now: 交警 was not sent; sent are: 消防一中队',
    )
    expect((await act(id, { act: 'depart', unit: '消防一中队' })).json.detail).toBe(
      'depart is not possible now: 消防一中队 has done it already, or not the step before',
    )
    expect((await act(id, lead)).json.detail).toBe('dispatch units is not possible now: 消防一中队 was sent already')
  })

  it('lead back after a reopening, and the limits count anew', async () => {
    const { id } = await opened()
    await acted(id, { act: 'verify' }, { act: 'grade', level: 1 }, lead, { act: 'sign', unit: '消防一中队' })
    await hub.clock.advanceAsync(60 * minuteMs)
    expect(await acted(id, { act: 'end', note: '误以为结束' })).toMatchObject({
      status: 'ended',
      endedAt: hub.clock.now(),
    })
    await hub.clock.advanceAsync(60 * minuteMs)
    const again = await acted(id, { act: 'reopen', note: '复燃' })
    expect(again).toMatchObject({ status: 'signed', endedAt: null })
    expect(again.clock).toMatchObject({ step: 'depart', from: hub.clock.now(), colour: 'none' })
  })

  it('hand it over to another duty unit', async () => {
    const { id } = await opened()
    const over = await acted(id, { act: 'hand-over', duty: '衡南县应急局', note: '属地处置' })
    expect(over.duty).toBe('衡南县应急局')
    expect(over.log.at(-1)?.detail).toEqual({ duty: '衡南县应急局', was: '市应急指挥中心' })
  })

  it('note who has seen it, and that it was', async () => {
    const { id } = await opened()
    expect(await acted(id, { act: 'note', note: '等待核实' })).toMatchObject({ acknowledgedBy: 'cmdr' })
    expect((await act(id, { act: 'acknowledge' }, 'oper')).json).toMatchObject({ acknowledgedBy: 'cmdr' })
  })
})

describe('who sees it', () => {
  it('only whoever oversees its district; nobody else learns that it is there', async () => {
    const { id } = await opened()
    expect(await list('', 'oper-a')).toHaveLength(1)
    expect(await list('', 'oper-b')).toEqual([])
    expect((await hub.ask('oper-b', 'incident', { params: { id } })).status).toBe(404)
    expect((await act(id, { act: 'verify' }, 'oper-b')).json.code).toBe('incident.unknown')
    expect((await hub.ask('contr', 'incidents')).status).toBe(403)
    expect((await act(id, { act: 'verify' }, 'audit')).status).toBe(403)
    expect((await open({}, 'oper-b')).json.detail).toBe('district is 430405: is not in your districts')
    const counts = (await hub.ask('oper-b', 'incidentCounts')).json.districts
    expect(counts).toEqual([{ district: '430426', open: 0, unseen: 0, worst: null, lastDay: 0 }])
  })

  it('counts what is open, unseen and worst by district, drills left out', async () => {
    const { id } = await opened()
    await opened()
    await opened({ drill: true })
    await acted(id, { act: 'verify' }, { act: 'grade', level: 2 })
    const { districts } = (await hub.ask('cmdr', 'incidentCounts')).json
    expect(districts).toHaveLength(12)
    expect(districts[0]).toEqual({ district: '430405', open: 2, unseen: 1, worst: 2, lastDay: 2 })
  })

  it('the worst first, and before them those that are not graded', async () => {
    const grades: (number | null)[] = [4, 1, null, 3]
    for (const level of grades) {
      const { id } = await opened({ title: `级别 ${level}` })
      if (level !== null) await acted(id, { act: 'verify' }, { act: 'grade', level })
    }
    expect((await list()).map(({ level }) => level)).toEqual([null, 1, 3, 4])
    expect((await list('?level=3&level=4')).map(({ level }) => level)).toEqual([3, 4])
    expect((await list(`?search=${encodeURIComponent('级别 1')}`)).map(({ level }) => level)).toEqual([1])
    expect(await list('?search=%25')).toEqual([])
    expect(await list('?drill=yes')).toEqual([])
  })

  it('of what is over the latest first, page by page, none twice and none left out', async () => {
    const ids: string[] = []
    for (let n = 0; n < 7; n++) {
      const { id } = await opened()
      ids.unshift(id)
      await acted(id, { act: 'dismiss', note: '误报' })
      if (n % 3 === 0) await hub.clock.advanceAsync(1_000)
    }
    const seen: string[] = []
    let before = ''
    for (let page = 0; page < 5; page++) {
      const { json } = await hub.ask('cmdr', 'incidents', { query: `?view=archived&limit=2${before}` })
      seen.push(...json.incidents.map(({ id }: IncidentRow) => id))
      expect(json.total).toBe(7)
      if (json.next === null) break
      before = `&before=${json.next}`
    }
    expect(seen).toEqual(ids)
  })
})

describe('the caller', () => {
  it('is masked everywhere, and given in full to whoever says why; that is in the log and the audit', async () => {
    const incident = await opened({ caller: { name: '欧阳修', phone: '13807341234' } })
    const { id } = incident
    expect(incident.caller).toEqual({ name: '欧**', phone: '138****1234' })
    expect((await hub.ask('cmdr', 'revealCaller', { params: { id }, body: {} })).status).toBe(400)
    expect((await hub.ask('oper-b', 'revealCaller', { params: { id }, body: { note: '回访' } })).status).toBe(404)
    const { json } = await hub.ask('oper', 'revealCaller', { params: { id }, body: { note: '回访' } })
    expect(json).toEqual({ name: '欧阳修', phone: '13807341234' })
    expect((await one(id)).log.at(-1)).toMatchObject({ actor: 'oper', kind: 'reveal', note: '回访' })
    expect(await audited(id)).toContain('oper incident.reveal')
    const audit = await hub.record.db.selectFrom('audit').select('detail').execute()
    expect(JSON.stringify([audit, hub.lines, hub.bus.published])).not.toContain('13807341234')
  })
})

/** What is looked back at over HTTP: an incident as it was, a month of incidents. */
import type { IncidentReplay, IncidentStatistics } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { incidentsOf, lead } from '../testing/incidents.ts'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA, { longitude: 112.62, latitude: 26.894, name: '解放路口' })])
})
afterEach(() => hub.stop())

const pass = (minutes: number) => hub.clock.advanceAsync(minutes * minuteMs)
const replay = async (id: string, at: number): Promise<IncidentReplay> => {
  const { status, json } = await hub.ask('cmdr', 'incidentReplay', { params: { id }, query: `?at=${at}` })
  expect(status, JSON.stringify(json)).toBe(200)
  return json
}
const statistics = async (query = '', user = 'cmdr'): Promise<IncidentStatistics> =>
  (await hub.ask(user, 'incidentStatistics', { query })).json
/** One after another, as the state machine of its observations writes them. */
const wasSo = async (...states: [state: string, from: number][]) => {
  for (const [n, [state, from_at]] of states.entries())
    await hub.record.db
      .insertInto('interval')
      .values({ device: cameraA, from_at, to_at: states[n + 1]?.[1] ?? null, state, rule: 'R1' } as never)
      .execute()
}

describe('the replay of an incident', () => {
  it('shows what was known and done by then, and the cameras as they were', async () => {
    const incidents = incidentsOf(hub)
    const t = hub.clock.now()
    await wasSo(['up', t - 60 * minuteMs], ['down', t + 3 * minuteMs])
    const { id } = await incidents.opened()
    await pass(2)
    await incidents.acted(id, { act: 'verify' }, { act: 'choose-cameras', devices: [cameraA] })
    await pass(2)
    await incidents.acted(id, { act: 'grade', level: 3 }, lead, { act: 'detail', title: '解放路内涝' })
    const early = await replay(id, t + minuteMs)
    expect(early).toMatchObject({ status: 'received', level: null, title: '解放路积水', units: [], chosen: [] })
    expect(early.log.map(({ step }) => step)).toEqual(['receive'])
    expect(early.cameras).toMatchObject([{ device: cameraA, state: 'up', since: t - 60 * minuteMs }])
    expect(early.unsaid).toEqual(['record-of-today'])
    const late = await replay(id, t + 4 * minuteMs)
    expect(late).toMatchObject({ status: 'dispatched', level: 3, title: '解放路内涝', chosen: [{ device: cameraA }] })
    expect(late.cameras).toMatchObject([{ device: cameraA, state: 'down', since: t + 3 * minuteMs }])
    expect(late.times.filter(({ at }) => at !== null).map(({ step }) => step)).toEqual(['verify', 'grade', 'dispatch'])
  })

  it('says what is not kept: no states for then, not yet taken in, no place', async () => {
    const incidents = incidentsOf(hub)
    const t = hub.clock.now()
    const { id } = await incidents.opened()
    expect(await replay(id, t - minuteMs)).toMatchObject({
      status: null,
      unsaid: ['not-yet', 'states', 'record-of-today'],
      cameras: [{ state: null, since: null }],
    })
    const nowhere = await incidents.opened({ point: undefined, district: '430405' })
    expect(await replay(nowhere.id, t)).toMatchObject({ point: null, cameras: [], unsaid: ['no-place'] })
  })

  it('needs an instant', async () => {
    const { id } = await incidentsOf(hub).opened()
    const { status, json } = await hub.ask('cmdr', 'incidentReplay', { params: { id } })
    expect([status, json.field]).toEqual([400, 'at'])
  })
})

describe('the statistics of a month', () => {
  it('count what was taken in, its late steps and its false alarms; drills apart', async () => {
    const incidents = incidentsOf(hub)
    const { id } = await incidents.opened()
    await pass(8)
    await incidents.acted(id, { act: 'verify' }, { act: 'dismiss', note: '误报' })
    await incidents.opened({ drill: true })
    const { month, total, districts, sources, cells, drills, provenance } = await statistics()
    expect(month).toBe('2027-01')
    expect(total).toMatchObject({ incidents: 1, ungraded: 1, dismissed: 1, late: 1 })
    expect(total.steps).toEqual([{ step: 'verify', taken: 1, late: 1, medianMs: 8 * minuteMs, p90Ms: 8 * minuteMs }])
    expect(districts).toMatchObject([{ district: '430405', incidents: 1 }])
    expect(sources).toMatchObject([{ source: 'manual', incidents: 1 }])
    expect(cells).toEqual([{ district: '430405', source: 'manual', incidents: 1 }])
    expect(drills.incidents).toBe(1)
    expect(provenance).toContain('参考值')
    expect((await statistics('?month=2026-12')).total.incidents).toBe(0)
  })

  it('refuse what is no month', async () => {
    const { status, json } = await hub.ask('cmdr', 'incidentStatistics', { query: '?month=2026-13' })
    expect([status, json.detail]).toEqual([400, 'month is 2026-13: must be YYYY-MM'])
  })
})

describe('the review on paper', () => {
  it('is a PDF in the language that is asked for, of whoever may see the incident', async () => {
    const { id } = await incidentsOf(hub).opened()
    const asked = { params: { id }, query: '?lang=zh' }
    const { status, text, headers } = await hub.ask('cmdr', 'incidentReport', asked)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(text.slice(0, 5)).toBe('%PDF-')
    expect((await hub.ask('oper-b', 'incidentReport', asked)).status).toBe(404)
  })
})

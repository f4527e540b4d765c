import type { Incident, IncidentEntry, IncidentFigures, IncidentReplay } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { setLanguage } from '../../i18n/language.svelte.ts'
import { incident, now, uuid } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { textOf, withoutWebGl } from '../../testing/read.ts'
import EmergencyPage from './EmergencyPage.svelte'

const hub = useHub()
beforeEach(async () => {
  withoutWebGl()
  vi.spyOn(Date, 'now').mockReturnValue(now)
  hub.answers('incidents', { asOf: now, incidents: [], total: 0, next: null })
  await logInAs(hub, 'operator')
})

const figures = (incidents: number, more: Partial<IncidentFigures> = {}): IncidentFigures => ({
  incidents,
  levels: [1, 2, 3, 4].map((level) => ({ level, incidents: level === 3 ? incidents : 0 })),
  ungraded: 0,
  dismissed: 0,
  merged: 0,
  late: 0,
  steps: [],
  ...more,
})
const verify = { step: 'verify' as const, taken: 3, late: 1, medianMs: 4 * minuteMs, p90Ms: 9 * minuteMs }
const month = (more = {}) => ({
  asOf: now,
  month: '2026-11',
  provenance: '参考值',
  total: figures(3, { dismissed: 1, late: 1, steps: [verify] }),
  districts: [
    { ...figures(2, { steps: [{ ...verify, taken: 2, medianMs: 2 * minuteMs }] }), district: '430405' as const },
    { ...figures(1, { dismissed: 1, late: 1 }), district: '430426' as const },
  ],
  sources: [{ ...figures(3), source: 'sensor' as const }],
  cells: [],
  drills: figures(2),
  ...more,
})
const rows = (name: string) =>
  within(screen.getByRole('region', { name: new RegExp(name) }))
    .getAllByRole('row')
    .map(textOf)

test('a month is shown by district and source, with the time of each step; drills are apart', async () => {
  hub.answers('incidentStatistics', month())
  visit('/emergency/statistics?month=2026-11')
  render(EmergencyPage)
  await screen.findByRole('heading', { name: '统计' })
  await screen.findByText('演练 2 起，不计入')
  expect(hub.asked('incidentStatistics').at(-1)?.query).toEqual({ month: '2026-11' })
  expect(rows('按区县')).toEqual([
    '区县 接报 特别重大 重大 较大 一般 未定级 误报 超时环节',
    '珠晖区 2 0 0 2 0 0 0 0',
    '祁东县 1 0 0 1 0 0 1 1',
    '全部 3 0 0 3 0 0 1 1',
  ])
  expect(rows('按来源')[1]).toBe('传感器 3 0 0 3 0 0 0 0')
  expect(rows('各环节用时')[1]).toBe('核实 3 4 分 9 分 1')
  await userEvent.click(screen.getByRole('button', { name: '珠晖区' }))
  expect(rows('各环节用时')[1]).toBe('核实 2 2 分 9 分 1')
})

test('another month is asked for, and one without incidents says so', async () => {
  hub.answers('incidentStatistics', month({ total: figures(0), districts: [], sources: [], drills: figures(0) }))
  visit('/emergency/statistics')
  render(EmergencyPage)
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: '月份' }), '2026-10')
  expect(await screen.findByText('2026-10 没有接报事件')).toBeTruthy()
  expect(location.search).toBe('?month=2026-10')
  setLanguage('en')
  expect(await screen.findByText('No incident was taken in during 2026-10')).toBeTruthy()
})

const began = now - 60 * minuteMs
const line = (seq: number, minute: number, more: Partial<IncidentEntry>): IncidentEntry => ({
  seq,
  at: began + minute * minuteMs,
  actor: 'li',
  kind: 'step',
  step: null,
  note: null,
  detail: {},
  ...more,
})
const picture = {
  id: uuid(7),
  name: '43042600001320000001-1.jpg',
  type: 'image/jpeg' as const,
  bytes: 9,
  sha256: '',
  at: began + 12 * minuteMs,
  by: 'hub',
}
const past = incident(1, {
  acceptedAt: began,
  status: 'ended',
  attachments: [picture],
  log: [
    line(1, 0, { step: 'receive' }),
    line(2, 5, { step: 'verify' }),
    line(3, 25, { step: 'grade', detail: { level: 3, was: null } }),
    line(4, 40, { step: 'end' }),
  ],
})
const camera = {
  device: '43042600001320000001',
  name: '解放路口',
  district: '430408' as const,
  longitude: 112.6,
  latitude: 26.9,
  metres: 180,
  bearing: 45,
  view: { heading: 45, field: 60, range: 300, turns: false, assumed: [] },
  sighting: 'covers' as const,
}
const replayOf = (of: Incident, at: number): IncidentReplay => ({
  id: of.id,
  number: of.number,
  drill: of.drill,
  class: of.class,
  type: of.type,
  title: of.title,
  level: null,
  warning: null,
  description: '',
  casualties: of.casualties,
  district: of.district,
  address: of.address,
  point: of.point,
  duty: of.duty,
  acknowledgedAt: null,
  acknowledgedBy: null,
  units: [],
  plan: null,
  runs: [],
  attachments: [],
  log: [],
  at,
  status: at < began + 5 * minuteMs ? 'received' : 'verified',
  chosen: [{ device: camera.device, name: camera.name, chosenAt: began, chosenBy: 'li', preset: '路口东' }],
  cameras: [{ ...camera, state: at < began + 5 * minuteMs ? 'up' : null, since: null }],
  times: [
    {
      step: 'verify',
      unit: null,
      from: began,
      due: began + 3 * minuteMs,
      at: began + 5 * minuteMs,
      lateMs: 2 * minuteMs,
    },
    { step: 'grade', unit: null, from: began + 5 * minuteMs, due: began + 35 * minuteMs, at: null, lateMs: 0 },
  ],
  unsaid: at < began + 5 * minuteMs ? ['record-of-today'] : ['states'],
})
const review = (of = past, query = '') => {
  hub.answers('incident', of)
  hub.answers('incidentReplay', ({ query }) => replayOf(of, Number(query.at)))
  visit(`/emergency/${of.id}?view=review${query}`)
  return render(EmergencyPage)
}
const slider = () => screen.findByRole('slider', { name: '时刻' })
const minuteShown = async () => (Number(((await slider()) as HTMLInputElement).value) - began) / minuteMs
const current = () =>
  within(screen.getByRole('region', { name: /^日志/ }))
    .getAllByRole('listitem')
    .filter((item) => item.ariaCurrent || item.getAttribute('aria-current'))

test('the keyboard goes through its time: arrows a minute, page keys ten, home and end to the ends', async () => {
  review()
  const input = await slider()
  for (const [key, minute] of [
    ['ArrowRight', 1],
    ['PageUp', 11],
    ['ArrowLeft', 10],
    ['PageDown', 0],
    ['ArrowLeft', 0],
    ['End', 40],
    ['PageUp', 40],
    ['Home', 0],
  ] as const) {
    await fireEvent.keyDown(input, { key })
    expect([key, await minuteShown()]).toEqual([key, minute])
  }
  expect(input.getAttribute('aria-valuetext')).toBe('09:00:00')
  await fireEvent.keyDown(input, { key: 'ArrowRight' })
  expect(location.search).toBe(`?view=review&at=${began + minuteMs}`)
})

test('what stands there is as it was at the instant, the line of the log marked, what is not kept said', async () => {
  review()
  expect(await screen.findByText('待核实')).toBeTruthy()
  expect(screen.getByText(/按现在的档案显示/)).toBeTruthy()
  expect(textOf(screen.getByText('解放路口').closest('li'))).toMatch(/^在线 解放路口 180 米.*预置位“路口东”/)
  expect(current().map(textOf)).toEqual([expect.stringContaining('接报')])
  expect(screen.getByText('此时还没有图片')).toBeTruthy()
  await fireEvent.keyDown(await slider(), { key: 'PageUp' })
  expect(await screen.findByText('已核实')).toBeTruthy()
  expect(screen.getByText('此时的设备状态没有保存。')).toBeTruthy()
  expect(screen.getByText('当时状态未保存')).toBeTruthy()
  expect(current().map(textOf)).toEqual([expect.stringContaining('核实')])
  await userEvent.click(screen.getByRole('button', { name: '09:25:00' }))
  expect(await minuteShown()).toBe(25)
  expect(current().map(textOf)).toEqual([expect.stringContaining('定级')])
  expect(screen.getByRole('img', { name: picture.name })).toBeTruthy()
})

test('the steps stand against their limits', async () => {
  review()
  await screen.findByText('待核实')
  expect(rows('各环节用时与时限')).toEqual([
    '环节 单位 完成时间 用时 时限 超时',
    '核实 — 09:05:00 5 分 3 分 2 分',
    '定级 — 等待中 — 30 分 未超时',
  ])
})

test('it is played at the speed that is chosen, until its end', async () => {
  review(past, `&at=${began + 39 * minuteMs}`)
  expect(await minuteShown()).toBe(39)
  await userEvent.click(screen.getByRole('button', { name: '60×' }))
  await userEvent.click(screen.getByRole('button', { name: '播放' }))
  await waitFor(async () => expect(await minuteShown()).toBe(40), { timeout: 5_000 })
  await waitFor(() => expect(screen.getByRole('button', { name: '播放' })).toBeTruthy())
  expect(location.search).toBe(`?view=review&at=${began + 40 * minuteMs}`)
  await act()
})

test('a drill is marked, and the whole is there in English', async () => {
  setLanguage('en')
  review(incident(1, { ...past, drill: true, number: 'YL-20261122-0001' }))
  expect(await screen.findByText('To be verified')).toBeTruthy()
  expect(screen.getByText('Drill')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Play' })).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Report (PDF)' }).getAttribute('href')).toMatch(/report\.pdf\?lang=en$/)
  expect(rows('Steps against their limits')[1]).toBe('Verify — 09:05:00 5 min 3 min 2 min')
})

test('the page of an incident leads there', async () => {
  hub.answers('incident', past)
  hub.answers('nearby', {
    asOf: now,
    cameras: [],
    counts: { up: 0, degraded: 0, down: 0, unknown: 0 },
    resources: [],
    without: [],
  })
  hub.answers('resources', { asOf: now, resources: [] })
  hub.answers('plans', { asOf: now, plans: [] })
  hub.answers('incidentPresence', undefined)
  hub.answers('incidentCap', { asOf: now, messages: [], cancelled: false, next: [] })
  visit(`/emergency/${past.id}`)
  render(EmergencyPage)
  const link = await screen.findByRole('link', { name: '复盘回放' })
  expect(link.getAttribute('href')).toBe(`/emergency/${past.id}?view=review`)
})

import type { Kpi, PlatformReport, UptimeReport, UptimeSeries } from '@hub/contracts'
import { dayMs, dayOf, dayStart, hourMs, rateText } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { address } from '../../../router/router.svelte.ts'
import { deviceId, judging, now, uptimeReport } from '../../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../../testing/hub.ts'
import { linkTexts, rowTexts, textOf } from '../../../testing/read.ts'
import FourTimes from './FourTimes.svelte'
import Pager from './Pager.svelte'
import PeriodPicker from './PeriodPicker.svelte'
import RatesPage from './RatesPage.svelte'

const hub = useHub()
const user = userEvent.setup()
const here = () => location.pathname + location.search
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })
const card = (name: string) => within(screen.getByRole('region', { name }))

const row = (key: UptimeReport['rows'][number]['key'], rate: number): UptimeReport['rows'][number] => ({
  key,
  devices: 50,
  up: Math.round(rate * 100) * hourMs,
  down: Math.round((1 - rate) * 100) * hourMs,
  unknown: 0,
  exempt: 0,
  rate,
  rateText: rateText(rate),
})
const series = (step: UptimeSeries['step']): UptimeSeries => ({
  asOf: now,
  step,
  policy: uptimeReport().policy,
  keptFrom: null,
  points: [3, 2, 1].map((back) => ({
    at: dayStart(now) - back * dayMs,
    up: 23 * hourMs,
    down: hourMs,
    unknown: 0,
    exempt: 0,
    rate: 23 / 24,
    rateText: '95.83 %',
    partial: false,
    recomputing: false,
  })),
})
const kpi: Kpi = {
  kpi: 'intact',
  value: 0.9,
  rateText: '90.00 %',
  numerator: 90,
  denominator: 100,
  unit: 'devices',
  excluded: [{ reason: 'not-measured', count: 4 }],
  target: 0.98,
  provenance: '市级通报口径',
  rule: { zh: '在线且图像正常', en: 'Online with a good image' },
  stated: { value: 0.95, source: '运营商月报' },
}
const system = (id: string, rate: number | null, normal: boolean | null): PlatformReport['platforms'][number] => ({
  id,
  name: `平台 ${id}`,
  kind: 'site',
  url: null,
  normal,
  checkedAt: null,
  ms: null,
  problem: normal === false ? 'HTTP 502' : null,
  passed: 9,
  due: 10,
  rate,
})

async function open(
  path = '/reports/rates',
  report = uptimeReport([row({ district: '430426' }, 0.9), row({ district: '430405' }, 0.99)]),
  hourly?: UptimeSeries,
) {
  hub.answers('uptime', report)
  hub.answers('uptimeSeries', ({ query }) =>
    query.step === 'hour' && hourly ? hourly : series(query.step as UptimeSeries['step']),
  )
  hub.answers('kpis', { asOf: now, from: now - dayMs, to: now, kpis: [kpi], judging: [judging] })
  hub.answers('platforms', {
    asOf: now,
    from: now - dayMs,
    to: now,
    platforms: [system('a', 1, true), system('b', 0.9, false), system('c', null, null)],
  })
  visit(path)
  render(RatesPage)
  await screen.findByText(/没有应在线的设备|在线时长（分子）/)
}

beforeEach(() => logInAs(hub, 'operator'))

describe('the rates', () => {
  test('have the figure of the period and what it is made of', async () => {
    await open()
    expect(textOf(screen.getByRole('region', { name: '在线率' }))).toContain('95.00 % 目标 98.00 %')
    const facts = card('在线率').getAllByRole('definition').map(textOf)
    expect(facts[0]).toBe('95 台·时')
    expect(facts[1]).toBe('100 台·时')
    expect(facts.at(-1)).toBe('100 台')
  })

  test('say by which rules they were judged, each from when it held', async () => {
    const later = { ...judging, from: dayStart(now), confirm: { ...judging.confirm, down: 5 } }
    const report = uptimeReport([row({ district: '430426' }, 0.9)])
    await open('/reports/rates', { ...report, policy: { ...report.policy, judging: [judging, later] } })
    const rules = screen.getAllByRole('listitem', { hidden: true }).map(textOf)
    expect(rules).toContainEqual(expect.stringMatching(/^判定规则，自始：.*3 次判离线/))
    expect(rules).toContainEqual(expect.stringMatching(/^判定规则，\d{4}-\d\d-\d\d 00:00:00 起：.*5 次判离线/))
  })

  test('rank the districts worst first; a row leads one step down', async () => {
    await open()
    const rows = () => rowTexts().filter((text) => /^\d /.test(text))
    await waitFor(() => expect(rows()[0]).toMatch(/^1 祁东县 90\.00 %/))
    expect(rows()[1]).toMatch(/^2 珠晖区 99\.00 %/)
    await user.click(screen.getByRole('link', { name: '祁东县' }).closest('tr')!)
    expect(here()).toBe('/reports/rates?district=430426&by=device')
  })

  test('are sorted by a heading, and by it again the other way round', async () => {
    await open()
    const heading = card('排行').getByRole('link', { name: /^在线率/ })
    expect(heading.closest('th')?.getAttribute('aria-sort')).toBe('ascending')
    expect(heading.getAttribute('href')).toBe('/reports/rates?order=-rate')
  })

  test('are walked with the arrows', async () => {
    await open()
    screen.getByRole('link', { name: '祁东县' }).focus()
    await user.keyboard('{ArrowDown}')
    expect(document.activeElement?.textContent).toBe('珠晖区')
  })

  test('of devices open the drawer over the time that has passed', async () => {
    await open('/reports/rates?by=device', uptimeReport([row({ device: deviceId(1) }, 0.9)]))
    await user.click(screen.getByRole('link', { name: deviceId(1) }).closest('tr')!)
    expect(address().device).toBe(deviceId(1))
    expect(address().span).not.toBeNull()
  })

  test('say where one is, and every step back is a link', async () => {
    await open('/reports/rates?district=430426&by=device&carrier=mobile')
    const crumbs = within(screen.getByRole('navigation', { name: '下钻路径' }))
    expect(crumbs.getAllByRole('listitem').map(textOf)).toEqual(['全市', '祁东县', '移动'])
    expect(crumbs.getByRole('link', { name: '全市' }).getAttribute('href')).toBe('/reports/rates')
    expect(screen.getByText('移动', { selector: '[aria-current="location"]' })).toBeTruthy()
  })

  test('are narrowed in the address, and asked for what it says', async () => {
    await open()
    await user.click(button('运营商：全部'))
    await user.click(screen.getByRole('checkbox', { name: '移动' }))
    expect(here()).toBe('/reports/rates?carrier=mobile')
    await waitFor(() => expect(hub.asked('kpis').at(-1)?.query).toMatchObject({ carrier: 'mobile' }))
    expect(hub.asked('uptime').at(-1)?.query).toMatchObject({ carrier: ['mobile'] })
    await user.click(await screen.findByRole('link', { name: '清除筛选' }))
  })

  test('say from when on hours are kept, and what is being computed again', async () => {
    const points = series('hour').points.map((point, n) => ({ ...point, recomputing: n === 0 }))
    await open('/reports/rates?period=24h', undefined, { ...series('hour'), keptFrom: dayStart(now), points })
    const notes = await screen.findAllByRole('note')
    expect(notes.map(textOf).join()).toMatch(/1 段正在.*重算.*按小时的数据只保留到/)
  })

  test('say that hours are not kept, instead of an empty trend without a word', async () => {
    await open('/reports/rates?period=24h', undefined, { ...series('hour'), keptFrom: dayStart(now), points: [] })
    expect(await screen.findByText(/^按小时的数据只保留到/)).toBeTruthy()
    expect(screen.queryByText('这一时段内没有可计算的在线率')).toBeNull()
  })

  test('say when there was nothing to count', async () => {
    const none = { key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null, rateText: '—' }
    await open('/reports/rates?period=2020-01-01', { ...uptimeReport(), total: none })
    expect(screen.getByRole('link', { name: '查看近 30 天全部设备' }).getAttribute('href')).toBe('/reports/rates')
  })

  test('that cannot be read say so', async () => {
    for (const name of ['uptime', 'uptimeSeries', 'kpis', 'platforms'] as const) hub.refuses(name, 503, '维护中。')
    visit('/reports/rates')
    render(RatesPage)
    expect((await screen.findByRole('alert')).textContent).toContain('“在线率”载入失败')
  })
})

describe('the calendar', () => {
  test('says of each day how it was; arrows walk it, and a day becomes the period', async () => {
    await open()
    const yesterday = dayOf(dayStart(now) - dayMs)
    const days = within(await screen.findByRole('group', { name: /^每日在线率日历/ }))
    await waitFor(() => expect(days.getAllByRole('button')).toHaveLength(365))
    expect(days.getAllByRole('button').at(-2)?.getAttribute('aria-label')).toMatch(/在线率 95\.83/)
    expect(days.getAllByRole('button')[0]?.getAttribute('aria-label')).toMatch(/：无数据$/)
    days.getAllByRole('button').at(-1)?.focus()
    await user.keyboard('{ArrowUp}')
    expect(document.activeElement).toBe(days.getAllByRole('button').at(-2))
    await user.keyboard('{Enter}')
    expect(here()).toBe(`/reports/rates?period=${yesterday}`)
  })
})

describe('the other figures', () => {
  test('say what they were made of, what was left out, and what was stated', async () => {
    await open()
    await screen.findByRole('heading', { name: '完好率' })
    expect(textOf(screen.getByRole('heading', { name: '完好率' }).parentElement)).toBe(
      '完好率 90.00 % 目标 98.00 % 95.00 % 上报 · 运营商月报 较计算值 +5.00 pt 90 台 ÷ 100 台 剔除：未测 4 台 在线且图像正常',
    )
    expect(linkTexts()).toContainEqual(['90.00 %', '/devices?state=degraded&state=down&stage=in-service'])
  })

  test('are not narrowed by every filter, and say so', async () => {
    await open('/reports/rates?application=traffic')
    expect(await screen.findByText('指标按区县和运营商统计，不随其余筛选变化')).toBeTruthy()
  })

  test('have the monitored systems, the worst first', async () => {
    await open()
    const systems = await screen.findByRole('region', { name: '系统平台' })
    await within(systems).findByText('HTTP 502')
    expect(
      within(systems)
        .getAllByRole('row')
        .slice(1)
        .map((each) => textOf(each).slice(0, 4)),
    ).toEqual(['平台 b', '平台 a', '平台 c'])
  })
})

test('the four kinds of time are read out', () => {
  render(FourTimes, { totals: { up: 95 * hourMs, down: 5 * hourMs, unknown: 0, exempt: 0 } })
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
    '在线 95 台·时，离线 5.0 台·时，未知 0 台·时，豁免 0 台·时',
  )
})

test('a long table has pages', async () => {
  const go = vi.fn()
  render(Pager, { page: 0, pages: 3, total: 130, go })
  expect(screen.getByText('第 1 / 3 页，共 130 行')).toBeTruthy()
  expect(button('上一页').disabled).toBe(true)
  await user.click(button('下一页'))
  expect(go).toHaveBeenCalledWith(1)
})

describe('the period', () => {
  test('is a preset, or any run of days', async () => {
    visit('/reports/rates?period=2026-11-01..2026-11-15')
    render(PeriodPicker)
    expect(screen.getByText('2026年11月1日至11月15日')).toBeTruthy()
    expect(screen.getByRole('link', { name: '上月' }).getAttribute('href')).toBe('/reports/rates?period=last-month')
    expect(screen.getByRole('link', { name: '前一时段' }).getAttribute('href')).toBe(
      '/reports/rates?period=2026-10-17..2026-10-31',
    )
    await user.click(button('自选'))
    const last = screen.getByLabelText<HTMLInputElement>('截止日')
    await user.clear(last)
    await user.type(last, '2026-10-01')
    expect(screen.getByRole('status').textContent).toBe('截止日须不早于起始日，且不超过五年。')
    await user.clear(last)
    await user.type(last, '2026-11-02')
    await user.click(button('应用'))
    expect(here()).toBe('/reports/rates?period=2026-11-01..2026-11-02')
  })
})

import type { Overview } from '@hub/contracts'
import { hourMs, minuteMs } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import { beforeEach, describe, expect, test } from 'vitest'
import { cityOverview, loadScope } from '../../shared/overview/overview.svelte.ts'
import {
  commissioning,
  deviceId,
  group,
  now,
  outageRow,
  overview,
  refused,
  snapshot,
  uptimeReport,
} from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { rowTexts, textOf } from '../../testing/read.ts'
import Feed from './Feed.svelte'
import OverviewPage from './OverviewPage.svelte'
import Trend from './Trend.svelte'

const hub = useHub()

async function open(answer: Overview, path = '/'): Promise<void> {
  hub.answers('overview', answer)
  await cityOverview.load()
  visit(path)
  render(OverviewPage)
}

beforeEach(async () => {
  cityOverview.clear()
  visit('/')
  await logInAs(hub, 'operator')
  hub.answers('commissioning', commissioning(now, 20_000))
  hub.answers('incidentCounts', { asOf: now, districts: [] })
})

describe('the overview', () => {
  test('has the rate against its target and against yesterday, and what it is made of', async () => {
    await open(overview({ city: group('city', snapshot(95, 4, { exempt: 1 }), { yesterday: 0.97 }) }))
    const card = within(screen.getByRole('region', { name: '在线率' }))
    expect(textOf(screen.getByRole('region', { name: '在线率' }))).toContain(
      '95.95 % 目标 98.00 % 较昨日 −1.05 pt 95 / 99',
    )
    const links = card.getAllByRole('link').map((link) => [textOf(link), link.getAttribute('href')])
    expect(links).toContainEqual(['离线 4', '/devices?state=down&stage=in-service'])
    expect(links).toContainEqual(['豁免 1', '/reports/adjustments'])
    expect(links).toContainEqual(['网关 1 / 2 在线', '/settings/gateways'])
  })

  test('ranks the districts worst first, and every figure leads to its list', async () => {
    await open(overview())
    const table = within(screen.getByRole('region', { name: '区县' }))
    const rows = table.getAllByRole('row').slice(1).map(textOf)
    expect(rows[0]).toMatch(/^祁东县 92\.00 % .* 4 0 5 小时$/)
    expect(rows[1]).toMatch(/^珠晖区 100\.00 %/)
    expect(table.getByRole('link', { name: '祁东县' }).getAttribute('href')).toBe('/?district=430426')
    expect(table.getByRole('link', { name: '4' }).getAttribute('href')).toBe(
      '/devices?district=430426&state=down&stage=in-service',
    )
  })

  test('shows exemptions only where there are some', async () => {
    await open(overview({ carriers: [group('telecom', snapshot(9, 0, { exempt: 1 }))] }))
    const heads = (name: string) =>
      within(screen.getByRole('region', { name })).getAllByRole('columnheader').map(textOf)
    expect(heads('按运营商')).toContain('豁免')
    expect(heads('按应用')).not.toContain('豁免')
  })

  test('says how far the rollout is, stage by stage', async () => {
    await open(overview())
    const stages = within(screen.getByRole('region', { name: '建设进度' }))
    expect(stages.getAllByRole('listitem').map(textOf)).toEqual(['3 规划', '2 建成', '0 验收', '100 投用', '0 报废'])
    expect(stages.getByRole('link', { name: /验收/ }).getAttribute('href')).toBe('/devices?stage=accepted')
  })

  test('has the outages of now, and how many more there are', async () => {
    const { id, cause, from, districts, members, down, status } = outageRow('o-1')
    await open(overview({ outages: { total: 8, rows: [{ id, cause, from, districts, members, down, status }] } }))
    const card = within(screen.getByRole('region', { name: '未恢复故障' }))
    expect(card.getByRole('link', { name: /交换机 QD-03/ }).getAttribute('href')).toBe('/outages/o-1')
    expect(textOf(card.getByRole('link', { name: /交换机 QD-03/ }))).toContain('3/4 台 40 分 · 祁东县 · 待处理')
    expect(card.getByRole('link', { name: '另有 7 起' })).toBeTruthy()
  })

  test('has the linkage events of each district, the worst first; of the last day where none is open', async () => {
    const none = { unseen: 0, worst: null, lastDay: 0, open: 0 }
    hub.answers('incidentCounts', {
      asOf: now,
      districts: [
        { ...none, district: '430405' },
        { ...none, district: '430407', lastDay: 2 },
        { district: '430408', open: 3, unseen: 0, worst: 3, lastDay: 3 },
        { district: '430426', open: 1, unseen: 1, worst: 2, lastDay: 4 },
      ],
    })
    await open(overview())
    const card = within(screen.getByRole('region', { name: '区县应急联动' }))
    await card.findByText('1 起待确认')
    expect(card.getAllByRole('row').slice(1).map(textOf)).toEqual([
      '祁东县 1 II 重大 4',
      '蒸湘区 3 III 较大 3',
      '石鼓区 0 — 2',
    ])
    expect(card.getByRole('link', { name: '祁东县' }).getAttribute('href')).toBe('/emergency?district=430426')
    visit('/?district=430405')
    await loadScope()
    const own = within(await screen.findByRole('region', { name: '区县应急联动' }))
    await own.findByText('珠晖区')
    expect(own.getAllByRole('row').slice(1).map(textOf)).toEqual(['珠晖区 0 — 0'])
  })

  test('who does not oversee the whole is not shown its linkage events', async () => {
    await logInAs(hub, 'contractor')
    await open(overview())
    expect(screen.queryByRole('region', { name: '区县应急联动' })).toBeNull()
    expect(hub.asked('incidentCounts')).toEqual([])
  })

  test('narrowed to a district has no ranking of districts', async () => {
    hub.answers('overview', overview())
    visit('/?district=430426')
    await loadScope()
    render(OverviewPage)
    expect(await screen.findByRole('region', { name: '祁东县 · 在线率' })).toBeTruthy()
    expect(screen.queryByRole('region', { name: '区县' })).toBeNull()
    expect(hub.asked('overview').at(-1)?.query).toEqual({ district: '430426' })
  })

  test('of a city without devices says what to do', async () => {
    await logInAs(hub, 'sysadmin')
    await open(overview({ city: group('city', snapshot(0, 0)), stages: {} }))
    expect(screen.getByText('还没有投用的设备')).toBeTruthy()
    expect(screen.getByRole('link', { name: '导入档案' })).toBeTruthy()
  })

  test('that cannot be read says so', async () => {
    hub.refuses('overview', 503, '维护中。')
    await cityOverview.load()
    render(OverviewPage)
    expect(screen.getByRole('alert').textContent).toContain('“总览”载入失败')
  })
})

describe('the feed', () => {
  const entry = (to: 'up' | 'down'): Overview['feed'][number] => ({
    v: 1,
    device: deviceId(1),
    district: '430426',
    from: to === 'up' ? 'down' : 'up',
    to,
    at: now - 5 * minuteMs,
    decidedAt: now,
    rule: refused,
    name: '解放路 1 号球机',
    carrier: 'telecom',
    application: 'safe-city',
  })

  test.each([
    ['down', '祁东县 · 电信 · 连接被拒绝'],
    ['up', '祁东县 · 电信 · 恢复在线'],
  ] as const)('says of what went %s where it is and why', (to, said) => {
    render(Feed, { overview: overview({ feed: [entry(to)] }) })
    expect(textOf(screen.getByRole('listitem'))).toContain(said)
    expect(screen.getByRole('link', { name: /解放路/ }).getAttribute('href')).toBe(`/devices?device=${deviceId(1)}`)
  })

  test('may be quiet', () => {
    render(Feed, { overview: overview() })
    expect(screen.getByText('没有状态变化，一切平稳。')).toBeTruthy()
  })
})

describe('the trend', () => {
  const points = [0.95, 0.9, 0.97].map((rate, n) => ({ at: now - (3 - n) * hourMs, rate, unknown: 0.01 }))

  test('of the last day is said in words beside its picture', () => {
    render(Trend, { overview: overview({ trend: points }) })
    expect(screen.getByRole('img').getAttribute('aria-label')).toMatch(
      /最低 90\.00.*最高 97\.00.*最新 97\.00.*目标 98\.00/,
    )
    expect(screen.getByRole('link', { name: '30 天' }).getAttribute('href')).toBe('/?trend=30d')
  })

  test('of the last month is read by the day', async () => {
    const { policy } = uptimeReport()
    const hours = { up: hourMs, down: hourMs, unknown: 0, exempt: 0 }
    hub.answers('uptimeSeries', {
      asOf: now,
      step: 'day',
      policy,
      keptFrom: null,
      points: points.map(({ at, rate }) => ({ at, rate, ...hours, partial: false, recomputing: false })),
    })
    visit('/?trend=30d')
    render(Trend, { overview: overview() })
    await waitFor(() => expect(screen.getByRole('img').getAttribute('aria-label')).toContain('最低 90.00'))
    expect(hub.asked('uptimeSeries')[0]?.query).toMatchObject({ step: 'day' })
    expect(screen.getByRole('link', { current: true }).textContent).toBe('30 天')
  })

  test('of a hub that has just begun says when there will be one', () => {
    render(Trend, { overview: overview() })
    expect(screen.getByText('尚无走势：首个统计时段结束后显示。')).toBeTruthy()
    expect(rowTexts()).toEqual([])
  })
})

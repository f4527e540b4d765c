import { monthOf } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { lastMonth, monthBefore } from '../../lib/city-time.ts'
import { exportJob, now, uuid } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { linkTexts, rowTexts, textOf } from '../../testing/read.ts'
import ExportButton from './ExportButton.svelte'
import ExportsPage from './exports/ExportsPage.svelte'
import MonthPicker from './MonthPicker.svelte'
import ProgressPage from './progress/ProgressPage.svelte'
import ReportsPage from './ReportsPage.svelte'

const hub = useHub()
const user = userEvent.setup()
const here = () => location.pathname + location.search
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name })

beforeEach(async () => {
  visit('/reports')
  await logInAs(hub, 'operator')
})

describe('the reports', () => {
  test('have an address for each part', async () => {
    hub.answers('exports', { jobs: [] })
    visit('/reports/exports?district=430426')
    render(ReportsPage)
    const tabs = within(screen.getByRole('navigation', { name: '考核' }))
    expect(tabs.getAllByRole('link').map((link) => [textOf(link), link.getAttribute('href')])).toEqual([
      ['在线率', '/reports/rates?district=430426'],
      ['考核评分', '/reports/scorecards?district=430426'],
      ['豁免与更正', '/reports/adjustments?district=430426'],
      ['建设进度', '/reports/progress?district=430426'],
      ['导出', '/reports/exports?district=430426'],
    ])
    expect(tabs.getByRole('link', { current: 'page' }).textContent).toBe('导出')
    expect(await screen.findByText('还没有导出')).toBeTruthy()
  })
})

describe('a month', () => {
  const present = monthOf(Date.now())

  test('moves by one, and not past the present', async () => {
    const choose = vi.fn()
    render(MonthPicker, { month: present, choose })
    expect(button('下一月').disabled).toBe(true)
    await user.click(button('上一月'))
    expect(choose).toHaveBeenLastCalledWith(monthBefore(present))
    await user.selectOptions(screen.getByRole('combobox'), monthBefore(present, 5))
    expect(choose).toHaveBeenLastCalledWith(monthBefore(present, 5))
  })

  test('further back than the list is offered too', () => {
    render(MonthPicker, { month: '2019-01', choose: () => undefined })
    expect(screen.getByRole<HTMLSelectElement>('combobox').value).toBe('2019-01')
  })
})

describe('an export of what is on the screen', () => {
  const start = async () => {
    render(ExportButton, { report: 'progress', query: { by: 'district' } })
    await user.click(button('导出'))
    await user.click(button('PDF'))
  }

  test('is started in the format that is chosen, in the language in force', async () => {
    hub.answers('requestExport', exportJob(1))
    await start()
    expect(await screen.findByText('已开始导出。')).toBeTruthy()
    expect(hub.asked('requestExport')[0]?.body).toEqual({
      report: 'progress',
      format: 'pdf',
      language: 'zh',
      query: { by: 'district' },
    })
    expect(linkTexts()).toEqual([['查看导出', '/reports/exports']])
  })

  test('that the hub refused says why', async () => {
    hub.refuses('requestExport', 429, '已有三个导出在进行。')
    await start()
    expect(await screen.findByText('已有三个导出在进行。')).toBeTruthy()
  })
})

describe('the exports', () => {
  const open = async (jobs: ReturnType<typeof exportJob>[]) => {
    hub.answers('exports', { jobs })
    render(ExportsPage)
    await waitFor(() => expect(hub.asked('exports')).not.toHaveLength(0))
  }

  test('say how far each is, how big, and what went wrong', async () => {
    await open([
      exportJob(1),
      exportJob(2, { status: 'running', progress: 0.426, rows: 0, bytes: null, fileName: null, endedAt: null }),
      exportJob(3, { status: 'failed', problem: '磁盘已满', bytes: null, fileName: null, rows: 0 }),
    ])
    await screen.findByText('磁盘已满')
    const rows = rowTexts()
    expect(rows[1]).toMatch(
      /^已完成 在线率 Excel uptime\.xlsx 120 20\.5 kB .* 5 秒 下载 uptime\.xlsx 删除 uptime\.xlsx$/,
    )
    expect(rows[2]).toMatch(/^进行中 在线率 Excel 42 % — — /)
    expect(rows[3]).toMatch(/^失败 在线率 Excel 磁盘已满 — — .* 5 秒$/)
    expect(screen.getByRole('link', { name: /下载/ }).getAttribute('href')).toBe(`/api/v1/exports/${uuid(1)}/file`)
  })

  test('are dropped on demand', async () => {
    await open([exportJob(1)])
    hub.answers('cancelExport', undefined)
    await user.click(await screen.findByRole('button', { name: /^删除/ }))
    await waitFor(() => expect(hub.asked('cancelExport')[0]?.params).toEqual({ id: uuid(1) }))
    await waitFor(() => expect(hub.asked('exports')).toHaveLength(2))
  })

  test('take the fields of their report', async () => {
    await open([])
    await user.selectOptions(await screen.findByLabelText('报表'), '考核评分')
    expect(screen.queryByLabelText('从')).toBeNull()
    await user.selectOptions(screen.getByLabelText('考核对象'), '区县')
    hub.answers('requestExport', exportJob(1))
    await user.click(button('开始导出'))
    await waitFor(() => expect(hub.asked('requestExport')).toHaveLength(1))
    expect(hub.asked('requestExport')[0]?.body).toMatchObject({
      report: 'scorecards',
      query: { month: lastMonth(Date.now()), kind: 'district' },
    })
  })

  test('are not started over days that run backwards', async () => {
    await open([])
    const to = await screen.findByLabelText<HTMLInputElement>('到（含）')
    await user.clear(to)
    await user.type(to, '2020-01-01')
    expect(screen.getByRole('alert').textContent).toBe('结束日期不得早于开始日期。')
    expect(button('开始导出').disabled).toBe(true)
  })
})

describe('the progress', () => {
  const row = (key: string, late: number) => ({
    key,
    planned: 100,
    built: 80,
    accepted: 70,
    inService: 60,
    retired: 0,
    due: 90,
    late,
  })
  const curve = [
    { day: '2026-01-01', planned: 10, built: 8, accepted: 7, inService: 6, retired: 0 },
    { day: '2026-06-01', planned: 100, built: 80, accepted: 70, inService: 60, retired: 0 },
    { day: '2026-12-01', planned: 120, built: null, accepted: null, inService: null, retired: null },
  ]
  const open = async (path = '/reports/progress', more = {}) => {
    hub.answers('progress', {
      asOf: now,
      total: row('', 30),
      groups: [row('430405', 3), row('430426', 27)],
      curve,
      undated: 0,
      ...more,
    })
    visit(path)
    render(ProgressPage)
    await waitFor(() => expect(hub.asked('progress')).not.toHaveLength(0))
  }

  test('has the latest first, and every count leads to its list', async () => {
    await open()
    await screen.findByRole('img')
    const rows = rowTexts()
    expect(rows[1]).toBe('祁东县 100 80 70 60 0 90 27 70.0 %')
    expect(rows[2]).toMatch(/^珠晖区 .* 3 96\.6 %$/)
    expect(rows[3]).toMatch(/^合计 100/)
    const links = linkTexts()
    expect(links[0]).toEqual(['祁东县', '/reports/progress?district=430426&by=carrier'])
    expect(links).toContainEqual(['70', '/devices?district=430426&stage=accepted&stage=in-service&stage=retired'])
  })

  test('is said in words beside its curve', async () => {
    await open()
    expect((await screen.findByRole('img')).getAttribute('aria-label')).toBe(
      '2026-01-01 至 2026-12-01 的累计数。今天计划 90 台，建成 80 台，验收 70 台，投用 60 台；全部计划 100 台。',
    )
  })

  test('is grouped and narrowed in the address', async () => {
    await open('/reports/progress?district=430426&carrier=mobile')
    expect(await screen.findByText('仅 祁东县 · 移动')).toBeTruthy()
    expect(hub.asked('progress')[0]?.query).toEqual({ by: 'district', district: '430426', carrier: 'mobile' })
    await user.click(button('按项目'))
    expect(here()).toBe('/reports/progress?district=430426&by=project&carrier=mobile')
    await user.click(button('显示全部'))
    expect(here()).toBe('/reports/progress?by=project')
  })

  test('without dates in the plan has no curve, and says so', async () => {
    await open('/reports/progress', { curve: [], undated: 12 })
    expect(await screen.findByText('档案里没有计划日期，无法画出曲线。')).toBeTruthy()
    expect(screen.getByText(/^12 台设备的档案没有注明/)).toBeTruthy()
  })

  test('without devices says what to do', async () => {
    await open('/reports/progress', { total: { ...row('', 0), planned: 0 }, groups: [] })
    expect(await screen.findByText('还没有设备')).toBeTruthy()
    expect(screen.getByRole('link', { name: '导入档案' })).toBeTruthy()
  })
})

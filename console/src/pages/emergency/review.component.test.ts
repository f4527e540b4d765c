import type { IncidentFigures } from '@hub/contracts'
import { minuteMs } from '@hub/core'
import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { setLanguage } from '../../i18n/language.svelte.ts'
import { now } from '../../testing/examples.ts'
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

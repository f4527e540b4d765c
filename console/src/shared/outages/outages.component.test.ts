import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { now, outageRow } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { linkTexts } from '../../testing/read.ts'
import Late from './Late.svelte'
import OutageBrief from './OutageBrief.svelte'
import Sections from './Sections.svelte'

const hub = useHub()

test('what could not be read again says of when it is, and can be tried again', async () => {
  const retry = vi.fn()
  render(Late, { asOf: now - 61_000, retry })
  expect(screen.getByRole('alert').textContent).toContain('刷新失败，显示的是 09:58:59 的数据。')
  await userEvent.click(screen.getByRole('button', { name: '重试' }))
  expect(retry).toHaveBeenCalledOnce()
})

test('outages, work orders and own work stand beside one another', async () => {
  await logInAs(hub, 'operator')
  visit('/orders?district=430426&view=closed')
  render(Sections)
  expect(linkTexts()).toEqual([
    ['故障', '/outages?district=430426'],
    ['工单', '/orders?district=430426'],
    ['我的工作', '/work?district=430426'],
  ])
  expect(screen.getByRole('link', { current: 'page' }).textContent).toBe('工单')
})

test.each([
  [{}, '离线 交换机 QD-03 3/4 台 40 分 · 祁东县 · 待处理'],
  [
    { expected: true, assignee: 'li', workOrders: 2 },
    '豁免 交换机 QD-03 3/4 台 40 分 · 祁东县 · 待处理 · li · 2 张工单',
  ],
  [{ down: 0, to: now - 600_000, status: 'resolved' }, '在线 交换机 QD-03 0/4 台 30 分 · 祁东县 · 已恢复'],
] as const)('an outage in two lines says how large, how long, where and how it stands: %j', (more, said) => {
  render(OutageBrief, { row: outageRow('o-1', more) })
  expect(linkTexts()).toEqual([[said, '/outages/o-1']])
})

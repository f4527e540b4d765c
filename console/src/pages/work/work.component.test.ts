import { hourMs } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { now, outageRow, workOrder } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { rowTexts, textOf } from '../../testing/read.ts'
import WorkPage from './WorkPage.svelte'

const hub = useHub()
const card = (name: string) => within(screen.getByRole('region', { name }))

beforeEach(async () => {
  visit('/work')
  await logInAs(hub, 'operator', { unit: '甲公司' })
})

test('shows the outages assigned to the viewer, and the orders whose step is theirs, the most urgent first', async () => {
  hub.answers('outages', { asOf: now, total: 1, down: 3, outages: [outageRow('o-1', { assignee: 'wang' })] })
  const waiting = { status: 'done', receivedAt: now, doneAt: now } as const
  hub.answers('workOrders', {
    asOf: now,
    orders: [
      workOrder(1, waiting),
      workOrder(2, { ...waiting, status: 'disputed', doneAt: null, repairBy: now + hourMs }),
      workOrder(3, { status: 'closed' }),
    ],
  })
  render(WorkPage)
  expect(textOf(await screen.findByRole('link', { name: /交换机 QD-03/ }))).toContain('wang')
  await waitFor(() =>
    expect(
      rowTexts()
        .slice(1)
        .map((row) => row.slice(0, 8)),
    ).toEqual(['WO-2 有异议', 'WO-1 待核验']),
  )
  expect(hub.asked('outages')[0]?.query).toMatchObject({ assignee: 'wang' })
})

test('says when there is nothing to do, and how work comes', async () => {
  hub.answers('outages', { asOf: now, total: 0, down: 0, outages: [] })
  hub.answers('workOrders', { asOf: now, orders: [] })
  render(WorkPage)
  expect(await screen.findByText('没有待您办理的工单')).toBeTruthy()
  expect(card('分派给我的故障').getByText('在故障板选中一起故障，按 e 分派。')).toBeTruthy()
  expect(card('分派给我的故障').getByRole('link', { name: '故障板' })).toBeTruthy()
})

test('says to a repairer of no unit why there is nothing', async () => {
  await logInAs(hub, 'contractor', { unit: null })
  hub.answers('outages', { asOf: now, total: 0, down: 0, outages: [] })
  hub.answers('workOrders', { asOf: now, orders: [] })
  render(WorkPage)
  expect(await screen.findByText('您的账号没有所属单位')).toBeTruthy()
})

test('one half that cannot be read leaves the other standing', async () => {
  hub.refuses('outages', 503, '维护中。')
  hub.answers('workOrders', { asOf: now, orders: [] })
  render(WorkPage)
  expect((await screen.findByRole('alert')).textContent).toContain('“分派给我的故障”载入失败')
  expect(await screen.findByText('没有待您办理的工单')).toBeTruthy()
})

test('is narrowed to the district of the console', async () => {
  hub.answers('outages', { asOf: now, total: 0, down: 0, outages: [] })
  hub.answers('workOrders', { asOf: now, orders: [] })
  visit('/work?district=430426')
  render(WorkPage)
  await waitFor(() => expect(hub.asked('workOrders')).toHaveLength(1))
  expect(hub.asked('outages')[0]?.query).toMatchObject({ district: ['430426'] })
  expect(hub.asked('workOrders')[0]?.query).toMatchObject({ district: '430426' })
})

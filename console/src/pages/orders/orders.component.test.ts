import type { WorkOrder } from '@hub/contracts'
import { hourMs, minuteMs } from '@hub/core'
import { render, screen, waitFor } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { address } from '../../router/router.svelte.ts'
import { devicePage as devices } from '../../shared/devices/registry.svelte.ts'
import { deviceId, devicePage, deviceRow, now, uuid, workOrder } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { linkTexts, rowTexts, textOf } from '../../testing/read.ts'
import Chain from './Chain.svelte'
import Limits from './Limits.svelte'
import OrderDevices from './OrderDevices.svelte'
import OrderHead from './OrderHead.svelte'
import OrderPage from './OrderPage.svelte'
import OrdersPage from './OrdersPage.svelte'
import StepDialog from './StepDialog.svelte'

const hub = useHub()
const user = userEvent.setup()
const here = () => location.pathname + location.search
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })

beforeEach(async () => {
  visit('/orders')
  await logInAs(hub, 'operator', { unit: '甲公司' })
})

describe('the board of work orders', () => {
  const open = async (orders: WorkOrder[], path = '/orders') => {
    hub.answers('workOrders', { asOf: now, orders })
    visit(path)
    render(OrdersPage)
    await waitFor(() => expect(hub.asked('workOrders')).not.toHaveLength(0))
  }

  test('has overtime first within where they stand, and how many are late', async () => {
    await open([
      workOrder(1),
      workOrder(2, { overtime: 'red', respondBy: now - 35 * minuteMs }),
      workOrder(3, { status: 'done', doneAt: now, receivedAt: now, down: 0 }),
    ])
    expect(await screen.findByText('3 张 · 红牌 1 · 黄牌 0')).toBeTruthy()
    const rows = rowTexts()
    expect(rows[1]).toBe('待接收 2')
    expect(rows[2]).toMatch(/^WO-2 祁东县 交换机 QD-03 中断 · 2 台 甲公司 祁东县 2\/2 台 响应超时 35 分 红牌/)
    expect(rows[3]).toMatch(/^WO-1/)
    expect(rows[4]).toBe('待核验 1')
    expect(linkTexts()).toContainEqual(['WO-2', `/orders/${uuid(2)}`])
  })

  test('is narrowed in the address, and the file that is exported too', async () => {
    await open([workOrder(1), workOrder(2, { unit: '乙公司' })], '/orders?district=430426')
    await screen.findByText(/^2 张/)
    for (const [name, value] of [
      ['运营商', '移动'],
      ['责任单位', '乙公司'],
      ['状态', '维修中'],
      ['预警', '红牌'],
    ] as const) {
      await screen.findByRole('option', { name: value })
      await user.selectOptions(screen.getByRole('combobox', { name }), value)
    }
    const unit = encodeURIComponent('乙公司')
    expect(here()).toBe(`/orders?district=430426&carrier=mobile&unit=${unit}&status=received&overtime=red`)
    expect(screen.getByRole('link', { name: '导出' }).getAttribute('href')).toBe(
      `/api/v1/work-orders.csv?view=current&district=430426&carrier=mobile&unit=${unit}&status=received&overtime=red`,
    )
  })

  test('shows on demand what awaits a step of the viewer', async () => {
    await open(
      [workOrder(1, { status: 'done', doneAt: now, receivedAt: now }), workOrder(2, { status: 'closed' })],
      '/orders?mine=yes',
    )
    expect(await screen.findByText(/^1 张/)).toBeTruthy()
    expect(rowTexts().at(-1)).toMatch(/^WO-1/)
  })

  test('without an order says what to do', async () => {
    await open([])
    expect(await screen.findByText('没有未办结的工单')).toBeTruthy()
    expect(screen.getByRole('link', { name: '故障板' }).getAttribute('href')).toBe('/outages')
  })

  test('that is narrowed to nothing can be widened', async () => {
    await open([], '/orders?overtime=red')
    await user.click(await screen.findByRole('button', { name: '清除筛选' }))
    expect(here()).toBe('/orders')
  })

  test('says to a repairer of no unit why there is nothing', async () => {
    await logInAs(hub, 'contractor', { unit: null })
    await open([])
    expect(await screen.findByText('您的账号没有所属单位')).toBeTruthy()
  })
})

describe('the head of an order', () => {
  const head = (more: Partial<WorkOrder> = {}) => {
    const changed = vi.fn()
    render(OrderHead, { order: workOrder(1, more), changed })
    return changed
  }

  test('offers a repairer to receive it, and asks before it is written into the chain', async () => {
    await logInAs(hub, 'contractor', { unit: '甲公司' })
    const changed = head()
    expect(button('接收').classList.contains('primary')).toBe(true)
    await user.click(button('接收'))
    expect(screen.getByRole('dialog', { name: 'WO-1 · 接收' }).textContent).toContain('此步骤将写入证据链，不能撤回。')
    hub.answers('stepWorkOrder', workOrder(1, { status: 'received' }))
    await user.click(screen.getAllByRole('button', { name: '接收' }).at(-1)!)
    await waitFor(() => expect(changed).toHaveBeenCalledOnce())
    expect(hub.asked('stepWorkOrder')[0]).toMatchObject({ params: { id: uuid(1) }, body: { step: 'receive' } })
  })

  test('says why what is still out cannot be done', async () => {
    await logInAs(hub, 'contractor', { unit: '甲公司' })
    head({ status: 'received', receivedAt: now })
    expect(button('修复完成').disabled).toBe(true)
    expect(screen.getByText('修复完成：还有 2 台未恢复，须全部恢复并连续在线 10 分钟')).toBeTruthy()
  })

  test('says for how many minutes what is back must stay so before it can be reported', async () => {
    await logInAs(hub, 'contractor', { unit: '甲公司' })
    head({ status: 'received', receivedAt: now, down: 0, upSince: Date.now() - 3 * minuteMs + 5_000 })
    expect(button('修复完成').disabled).toBe(true)
    expect(screen.getByText(/^修复完成：还需连续在线 [78] 分钟$/)).toBeTruthy()
  })

  test('says to who can take no step which permission the next takes', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'], unit: '甲公司' })
    head()
    expect(screen.getAllByRole('button').map(textOf)).toEqual(['打印'])
    expect(screen.getByText(/^需要“.+”权限，当前角色为指挥员。$/)).toBeTruthy()
  })

  test('leads to the outage that it is for', () => {
    head({ outage: 'o-17', overtime: 'yellow' })
    expect(linkTexts()).toContainEqual(['查看故障', '/outages/o-17'])
    expect(screen.getAllByRole('definition').map(textOf)[1]).toMatch(/^黄牌 响应还剩/)
  })
})

describe('a step', () => {
  test('that needs a reason asks for one', async () => {
    hub.answers('stepWorkOrder', workOrder(1))
    const done = vi.fn()
    render(StepDialog, { order: workOrder(1), step: 'dispute', close: () => undefined, done })
    const note = screen.getByLabelText<HTMLTextAreaElement>('原因（必填）')
    expect(note.required).toBe(true)
    await user.type(note, '不属本单位')
    await user.click(button('提出异议'))
    await waitFor(() => expect(done).toHaveBeenCalledOnce())
    expect(hub.asked('stepWorkOrder')[0]?.body).toEqual({ step: 'dispute', note: '不属本单位' })
  })

  test('that reports a repair says of what, how it is checked, and what is missing by now', () => {
    const order = workOrder(1, { status: 'received', receivedAt: now, upSince: null })
    render(StepDialog, { order, step: 'done', close: () => undefined, done: () => undefined })
    const { textContent } = screen.getByRole('dialog', { name: 'WO-1 · 修复完成' })
    expect(textContent).toContain('祁东县 交换机 QD-03 中断 · 2 台')
    expect(textContent).toContain('中枢将核对：2 台设备均已恢复，并已连续在线满 10 分钟。')
    expect(screen.getByRole('status').textContent).toBe('还有 2 台未恢复，须全部恢复并连续在线 10 分钟')
    expect(textContent).not.toMatch(/received|done/)
  })

  test('that the hub refused says why', async () => {
    hub.refuses('stepWorkOrder', 409, '设备尚未恢复。')
    render(StepDialog, { order: workOrder(1), step: 'done', close: () => undefined, done: () => undefined })
    await user.click(button('修复完成'))
    expect((await screen.findByRole('alert')).textContent).toBe('设备尚未恢复。')
  })
})

describe('the evidence', () => {
  test('is a chain, each link with who, what and its hash', () => {
    const steps: WorkOrder['steps'] = [
      { at: now - hourMs, actor: 'wang', step: 'issue', note: '请尽快', down: 2, hash: 'a'.repeat(64) },
      { at: now - minuteMs, actor: 'hub', step: 'red', note: null, down: 2, hash: 'b'.repeat(64) },
    ]
    render(Chain, { order: workOrder(1, { steps }) })
    const links = screen.getAllByRole('listitem').map(textOf)
    expect(links[0]).toMatch(/派发 wang 当时失联 2 台 请尽快 散列 a{16}…$/)
    expect(links[1]).toMatch(/红牌 已超时限 中枢 当时失联 2 台 散列 b{16}…$/)
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('that does not hold is said aloud', () => {
    render(Chain, { order: workOrder(1, { whole: false }) })
    expect(screen.getByRole('alert').textContent).toContain('数据可能被改动')
  })
})

test('the limits say by when, how they stand and by which rule', () => {
  render(Limits, { order: workOrder(1, { receivedAt: now - 5 * minuteMs, respondBy: now - 10 * minuteMs }) })
  const [respond, repair] = rowTexts()
  expect(respond).toMatch(/^响应 .* 前 .* 完成，超时 5 分$/)
  expect(repair).toMatch(/^修复 .* 前 修复还剩 2[23] 小时/)
  expect(screen.getByText('城区：2 小时内响应，24 小时内修复，按 24 小时连续计时')).toBeTruthy()
  expect(screen.getByText('依据：运维合同')).toBeTruthy()
})

test('its devices have problems first, and each leads to its drawer', async () => {
  hub.answers('devices', devicePage([deviceRow(1), deviceRow(2, { state: 'down' })]))
  await devices.load()
  render(OrderDevices, { order: workOrder(1, { devices: [deviceId(1), deviceId(2), deviceId(9)] }) })
  expect(screen.getAllByRole('listitem').map(textOf)).toEqual([
    '离线 解放路 2 号球机 祁东县',
    `未知 ${deviceId(9)}`,
    '在线 解放路 1 号球机 祁东县',
  ])
  await user.click(button('解放路 2 号球机'))
  expect(address().device).toBe(deviceId(2))
  devices.clear()
})

test('on paper all devices stand, not only those in sight', async () => {
  hub.answers('devices', devicePage([]))
  await devices.load()
  const many = Array.from({ length: 200 }, (_, n) => deviceId(n))
  render(OrderDevices, { order: workOrder(1, { devices: many }) })
  expect(screen.getAllByRole('listitem').length).toBeLessThan(100)
  window.dispatchEvent(new Event('beforeprint'))
  expect(screen.getAllByRole('listitem')).toHaveLength(200)
  window.dispatchEvent(new Event('afterprint'))
  expect(screen.getAllByRole('listitem').length).toBeLessThan(100)
  devices.clear()
})

describe('the page of an order', () => {
  test('has all of it', async () => {
    hub.answers('workOrder', workOrder(1))
    render(OrderPage, { id: uuid(1) })
    expect(await screen.findByRole('heading', { level: 1, name: /WO-1/ })).toBeTruthy()
    expect(screen.getByRole('region', { name: '证据链' })).toBeTruthy()
    expect(screen.getByText(/^打印于 \d{4}-\d{2}-\d{2} \d{2}:\d{2}（北京时间），wang$/)).toBeTruthy()
  })

  test('of an id that is none says so', async () => {
    hub.refuses('workOrder', 404, '没有')
    visit(`/orders/${uuid(9)}`)
    render(OrdersPage)
    expect(await screen.findByText('没有这张工单')).toBeTruthy()
    expect(screen.getByRole('link', { name: '工单' }).getAttribute('href')).toBe('/orders')
  })
})

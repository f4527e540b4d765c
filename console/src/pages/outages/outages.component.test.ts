import type { OutageAgreement, OutageBoard, OutageDetail, RepairUnits } from '@hub/contracts'
import { dayMs, hourMs, minuteMs } from '@hub/core'
import { render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Resource } from '../../api/resource.svelte.ts'
import { address } from '../../router/router.svelte.ts'
import { deviceId, now, outageDetail, outageRow, uuid, workOrder } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import { linkTexts, rowTexts, textOf, withoutWebGl } from '../../testing/read.ts'
import ActionDialog from './ActionDialog.svelte'
import Evidence from './Evidence.svelte'
import History from './History.svelte'
import IssueDialog from './IssueDialog.svelte'
import Judgements from './Judgements.svelte'
import Members from './Members.svelte'
import OutageHead from './OutageHead.svelte'
import OutageList from './OutageList.svelte'
import OutageOrders from './OutageOrders.svelte'
import OutagePage from './OutagePage.svelte'
import OutagesPage from './OutagesPage.svelte'
import Similar from './Similar.svelte'
import Where from './Where.svelte'

const hub = useHub()
const user = userEvent.setup()
const board = (outages: OutageBoard['outages']): OutageBoard => ({
  asOf: now,
  total: outages.length,
  down: outages.reduce((sum, { down }) => sum + down, 0),
  outages,
})
const two = [
  outageRow('o-1', { status: 'acknowledged' }),
  outageRow('o-2', { cause: { kind: 'pole', key: 'G-7', mode: 'together' } }),
]
const here = () => location.pathname + location.search
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })

beforeEach(async () => {
  visit('/outages')
  await logInAs(hub, 'operator')
})

describe('the outage board', () => {
  const open = async (answer: OutageBoard, path = '/outages', months: OutageAgreement['months'] = []) => {
    hub.answers('outages', answer)
    hub.answers('outageAgreement', { asOf: now, months })
    visit(path)
    render(OutagesPage)
    await waitFor(() => expect(hub.asked('outages')).not.toHaveLength(0))
  }

  test('has what waits for a person first, with why it is believed', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    const rows = rowTexts()
    expect(rows[1]).toBe('待处理 1 3 台失联')
    expect(rows[2]).toMatch(/^离线 杆件 G-7 4 台中 3 台在 9 秒内失联 祁东县 3\/4 台 40 分 一般 — —$/)
    expect(rows[3]).toBe('已确认 1 3 台失联')
  })

  test('is asked for what the address says', async () => {
    await open(board(two), '/outages?district=430426&view=all&kind=switch&lone=no&mine=yes')
    expect(hub.asked('outages')[0]?.query).toMatchObject({
      view: 'all',
      district: ['430426'],
      kind: ['switch'],
      lone: 'no',
      assignee: 'wang',
    })
  })

  test('is narrowed in the address, and asked again', async () => {
    await open(board(two))
    await user.click(screen.getByRole('checkbox', { name: '含单台故障' }))
    expect(here()).toBe('/outages?lone=no')
    await user.click(button('已关闭'))
    expect(here()).toBe('/outages?view=closed&lone=no')
    await waitFor(() => expect(hub.asked('outages').at(-1)?.query).toMatchObject({ view: 'closed', lone: 'no' }))
  })

  test('answers its keys: arrows choose, a acknowledges, and the hub is asked again', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    hub.answers('stepOutage', outageRow('o-2', { status: 'acknowledged' }))
    await user.keyboard('{ArrowDown}a')
    await waitFor(() => expect(screen.getByText('杆件 G-7：已确认')).toBeTruthy())
    expect(hub.asked('stepOutage')).toMatchObject([{ params: { id: 'o-2' }, body: { step: 'acknowledge' } }])
    await waitFor(() => expect(hub.asked('outages')).toHaveLength(2))
  })

  test('says when a step is not legal, and does not ask for it', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    await user.keyboard('{End}a')
    expect(await screen.findByText('已确认的故障不能确认。')).toBeTruthy()
    expect(hub.asked('stepOutage')).toEqual([])
  })

  test('says who may act when a viewer may not', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    await user.keyboard('{ArrowDown}s')
    expect(await screen.findByText('需要“处置故障”权限，当前角色为指挥员。')).toBeTruthy()
  })

  test('says how often people agreed, by month', async () => {
    const months = [
      { month: '2026-11', judged: 44, agreed: 41 },
      { month: '2026-10', judged: 8, agreed: 4 },
    ]
    await open(board(two), '/outages', months)
    await user.click(await screen.findByRole('button', { name: '与人工判定一致的次数，按月' }))
    const table = screen.getByRole('table')
    expect(within(table).getAllByRole('row').map(textOf)).toEqual([
      '月份 一致 判定 一致率',
      '2026-11 41 44 93%',
      '2026-10 4 8 50%',
    ])
  })

  test('explains its keys', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    await user.keyboard('?')
    const dialog = screen.getByRole('dialog', { name: '故障板的按键' })
    expect(within(dialog).getAllByRole('definition').map(textOf)).toContain('开始处理')
    await user.click(button('知道了'))
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('assigns what is chosen', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    hub.answers('stepOutage', outageRow('o-2', { assignee: 'li' }))
    await user.keyboard('{ArrowDown}e')
    await user.type(screen.getByLabelText('用户名'), 'li')
    await user.click(button('分派'))
    expect(await screen.findByText('杆件 G-7：已分派给 li')).toBeTruthy()
    expect(hub.asked('stepOutage')[0]?.body).toEqual({ step: 'assign', assignee: 'li' })
  })

  test('leads to the page of an outage with Enter', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    hub.refuses('outage', 404, '没有')
    hub.answers('workOrders', { asOf: now, orders: [] })
    await user.keyboard('{ArrowDown}{Enter}')
    expect(here()).toBe('/outages/o-2')
    expect(await screen.findByText('没有这起故障')).toBeTruthy()
  })

  test('that is quiet says so; one that is narrowed offers to widen it', async () => {
    await open(board([]))
    expect(await screen.findByText('全市平静')).toBeTruthy()
    expect(screen.getByRole('link', { name: '查看已关闭的故障' }).getAttribute('href')).toBe('/outages?view=closed')
    await user.click(screen.getByRole('checkbox', { name: '只看我的' }))
    await user.click(await screen.findByRole('button', { name: '清除筛选' }))
    expect(here()).toBe('/outages')
  })

  test('that cannot be read again keeps what it shows, and says since when', async () => {
    await open(board(two))
    await screen.findByText('2 起 · 6 台失联')
    hub.refuses('outages', 503, '维护中。')
    await user.click(screen.getByRole('checkbox', { name: '含单台故障' }))
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/刷新失败|载入失败/))
  })
})

test('a long board draws a hundred rows, and more on demand', async () => {
  const rows = Array.from({ length: 130 }, (_, n) => outageRow(`o-${n}`))
  render(OutageList, { rows, act: () => undefined, open: () => undefined })
  expect(screen.getAllByRole('link')).toHaveLength(100)
  await user.click(button('再显示 30 起'))
  expect(screen.getAllByRole('link')).toHaveLength(130)
})

describe('a step that takes a word', () => {
  const asked = (step: 'assign' | 'silence' | 'close', more = {}) => {
    const [close, done] = [vi.fn(), vi.fn()]
    render(ActionDialog, { row: outageRow('o-1', more), step, close, done })
    return { close, done }
  }

  test('assigns to oneself with one button', async () => {
    hub.answers('stepOutage', outageRow('o-1'))
    const { done } = asked('assign')
    await user.click(button('分派给我'))
    await waitFor(() => expect(done).toHaveBeenCalledWith({ step: 'assign', assignee: 'wang' }))
  })

  test('takes an assignment back', async () => {
    hub.answers('stepOutage', outageRow('o-1'))
    const { done } = asked('assign', { assignee: 'li' })
    expect(screen.getByLabelText<HTMLInputElement>('用户名').value).toBe('li')
    await user.click(button('取消分派'))
    await waitFor(() => expect(done).toHaveBeenCalledWith({ step: 'assign', assignee: '' }))
  })

  test('silences until a time that it says', async () => {
    hub.answers('stepOutage', outageRow('o-1'))
    asked('silence')
    await user.selectOptions(screen.getByLabelText('时长'), '3 天')
    await user.type(screen.getByLabelText('说明（可不填）'), ' 等待停电结束 ')
    await user.click(button('静默'))
    await waitFor(() => expect(hub.asked('stepOutage')).toHaveLength(1))
    const body = hub.asked('stepOutage')[0]?.body as { until: number; note: string }
    expect(body.note).toBe('等待停电结束')
    expect(Math.round((body.until - Date.now()) / dayMs)).toBe(3)
  })

  test('closes with open orders only with an answer: they are named, and none is chosen beforehand', async () => {
    hub.answers('workOrders', { asOf: now, orders: [workOrder(3)] })
    hub.answers('stepOutage', outageRow('o-1', { status: 'closed' }))
    const { done } = asked('close', { workOrders: 1 })
    expect(await screen.findByText('还有 1 张工单未办结，请选择如何处理')).toBeTruthy()
    expect(screen.getByRole('listitem').textContent).toMatch(/WO-3\s*甲公司/)
    const answers = screen.getAllByRole<HTMLInputElement>('radio')
    expect(answers.map(({ value, checked, required }) => [value, checked, required])).toEqual([
      ['repaired', false, true],
      ['withdrawn', false, true],
      ['leave', false, true],
    ])
    await user.click(answers[1]!)
    expect(screen.getByLabelText<HTMLTextAreaElement>('原因（必填）').required).toBe(true)
    await user.click(answers[0]!)
    await user.click(button('关闭'))
    await waitFor(() => expect(done).toHaveBeenCalledWith({ step: 'close', orders: 'repaired' }))
  })

  test('asks for the answer when an order was issued meanwhile', async () => {
    hub.answers('workOrders', { asOf: now, orders: [workOrder(3)] })
    hub.refuses('stepOutage', 409, '这起故障还有未办结的工单：WO-3 甲公司', '', 'outage.open-orders')
    asked('close')
    expect(screen.queryByRole('radio')).toBeNull()
    await user.click(button('关闭'))
    expect(await screen.findByRole('radio', { name: /^保留工单，继续办理/ })).toBeTruthy()
  })

  test('that the hub refused says why and stays open', async () => {
    hub.refuses('stepOutage', 409, '尚有设备失联。', '等其恢复。')
    const { done } = asked('close')
    await user.click(button('关闭'))
    await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('尚有设备失联。 等其恢复。'))
    expect(done).not.toHaveBeenCalled()
  })
})

describe('the head of an outage', () => {
  const head = (more: Partial<OutageDetail['outage']> = {}, reopenUntil: number | null = null) => {
    const changed = vi.fn()
    render(OutageHead, { row: outageRow('o-1', more), reopenUntil, changed })
    return changed
  }

  test('offers the steps that are legal now, the next of its life first', async () => {
    const changed = head()
    expect(screen.getAllByRole('button').map(textOf)).toEqual(['确认', '开始处理', '分派', '静默'])
    expect(button('确认').classList.contains('primary')).toBe(true)
    hub.answers('stepOutage', outageRow('o-1', { status: 'acknowledged' }))
    await user.click(button('确认'))
    await waitFor(() => expect(changed).toHaveBeenCalledOnce())
  })

  test('says why what is still out cannot be resolved', () => {
    head({ status: 'in-progress' })
    expect(button('恢复').disabled).toBe(true)
    expect(button('恢复').title).toBe('尚有 3 台失联，恢复后才能标为已恢复。')
  })

  test('says when it is too late to open it again', () => {
    head({ status: 'closed', down: 0, to: now - dayMs }, now - hourMs)
    expect(button('重新打开').title).toMatch(/^重新打开的期限为 .*，现已过期/)
  })

  test('asks before it closes', async () => {
    const changed = head({ status: 'resolved', down: 0, to: now - minuteMs })
    hub.answers('stepOutage', outageRow('o-1', { status: 'closed' }))
    await user.click(button('关闭'))
    await user.click(
      within(screen.getByRole('dialog', { name: '关闭这起故障？' })).getByRole('button', { name: '关闭' }),
    )
    await waitFor(() => expect(changed).toHaveBeenCalledOnce())
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('marks what stands out', () => {
    head({ silencedUntil: now + hourMs, escalation: 2, reopened: 1, expected: true, importance: 'high' })
    const facts = screen.getAllByRole('definition').map(textOf)
    expect(facts.at(-1)).toMatch(/计划内 静默至 .* ▲ 已升级 2 次 重新打开 1 次$/)
    expect(facts).toContain('重要')
  })

  test('says when the hub closes it, and what becomes of its orders then', () => {
    const row = outageRow('o-1', { status: 'resolved', down: 0, to: now - hourMs, workOrders: 2 })
    render(OutageHead, {
      row,
      reopenUntil: null,
      closesAt: now + hourMs,
      ordersAtClose: 'repaired',
      changed: () => undefined,
    })
    expect(screen.getByText(/^若不再失联，.* 自动关闭，届时工单一并关闭（已修复）（按策略）。$/)).toBeTruthy()
  })

  test('of who may not act says what it takes', async () => {
    await logInAs(hub, 'commander', { permissions: ['view'] })
    head()
    expect(screen.queryByRole('button')).toBeNull()
    expect(screen.getByText('需要“处置故障”权限，当前角色为指挥员。')).toBeTruthy()
  })
})

describe('why it is believed', () => {
  test('says what was seen and what else was thought of', () => {
    const rejected = [{ kind: 'line', key: 'mobile/430426', down: 212, of: 1_800 } as const]
    render(Evidence, { row: outageRow('o-1', { evidence: { down: 3, of: 4, withinMs: 9_000, rejected } }) })
    expect(screen.getByText('4 台中 3 台在 9 秒内失联')).toBeTruthy()
    expect(screen.getByText('未采纳：祁东县 移动专线（1,800 台中仅 212 台失联）')).toBeTruthy()
  })

  test('says when there was no other', () => {
    render(Evidence, { row: outageRow('o-1') })
    expect(screen.getByText('没有其他可能的原因。')).toBeTruthy()
  })
})

describe('who is in it', () => {
  const { members } = outageDetail(outageRow('o-1'))

  test('those that are out first; they can be shown alone', async () => {
    render(Members, { members, hidden: true })
    expect(screen.getByText(/还涉及不在可查看范围内的设备/)).toBeTruthy()
    expect(
      rowTexts()
        .slice(1)
        .map((row) => row.slice(0, 2)),
    ).toEqual(['离线', '离线', '在线'])
    await user.click(button('已恢复 1'))
    expect(rowTexts()).toHaveLength(2)
  })

  test('each leads to its drawer', async () => {
    render(Members, { members, hidden: false })
    await user.click(button('解放路 2 号球机'))
    expect(address().device).toBe(deviceId(2))
  })

  test('there may be none of a kind', async () => {
    render(Members, { members: members.slice(0, 2), hidden: false })
    await user.click(button('已恢复 0'))
    expect(screen.getByText('没有这样的成员')).toBeTruthy()
  })

  test('without a position they cannot be on the map', () => {
    render(Where, { members })
    expect(screen.getByText('成员没有坐标，无法在地图上显示。')).toBeTruthy()
  })

  test('with a position they are, and how many are not is said', async () => {
    withoutWebGl()
    render(Where, {
      members: members.map((member, n) => (n ? member : { ...member, longitude: 112.6, latitude: 26.9 })),
    })
    expect(screen.getByText('2 台没有坐标')).toBeTruthy()
    expect(await screen.findByRole('application', { name: '故障成员的位置；同样内容见成员列表' })).toBeTruthy()
  })
})

describe('its story', () => {
  const detail = outageDetail(outageRow('o-1'), {
    changes: [
      { at: now - 40 * minuteMs, change: 'opened', members: 3, down: 3, cause: two[0]!.cause },
      { at: now - 30 * minuteMs, change: 'merged', members: 4, down: 4, cause: two[0]!.cause, other: 'o-9' },
    ],
    steps: [
      { at: now - 20 * minuteMs, actor: 'hub', step: 'escalate', note: null, orders: null },
      { at: now - 10 * minuteMs, actor: 'li', step: 'comment', note: '现场停电', orders: null },
    ],
  })

  test('is what was seen and what was done, newest first', () => {
    render(History, { detail, changed: () => undefined })
    const moments = screen.getAllByRole('listitem').map(textOf)
    expect(moments[0]).toMatch(/li 批注 现场停电$/)
    expect(moments[1]).toMatch(/中枢 无人及时处理，升级通知$/)
    expect(moments[2]).toMatch(/并入另一起故障，共 4 台 o-9$/)
    expect(linkTexts()).toEqual([['o-9', '/outages/o-9']])
  })

  test('has what was done with its orders, each leading to the order', () => {
    const order = workOrder(5, {
      steps: [
        { at: now - 15 * minuteMs, actor: 'wang', step: 'issue', note: '请尽快', down: 2, hash: 'a' },
        { at: now - 5 * minuteMs, actor: '张工', step: 'receive', note: null, down: 2, hash: 'b' },
      ],
    })
    const shut = { at: now, actor: 'hub', step: 'close', note: null, orders: 'leave' } as const
    render(History, {
      detail: { ...detail, steps: [...detail.steps, shut] },
      orders: [order],
      changed: () => undefined,
    })
    const moments = screen.getAllByRole('listitem').map(textOf)
    expect(moments[0]).toMatch(/中枢 关闭了故障 工单保留，继续办理$/)
    expect(moments[1]).toMatch(/张工 接收工单 WO-5 甲公司$/)
    expect(moments[3]).toMatch(/wang 派发工单 WO-5 甲公司 · 2 台 请尽快$/)
    expect(linkTexts()).toContainEqual(['WO-5', `/orders/${uuid(5)}`])
  })

  test('takes a word, which is gone from the field when it is kept', async () => {
    const changed = vi.fn()
    hub.answers('stepOutage', outageRow('o-1'))
    render(History, { detail, changed })
    expect(button('添加批注').disabled).toBe(true)
    await user.type(screen.getByLabelText('批注'), '已联系供电公司')
    await user.click(button('添加批注'))
    await waitFor(() => expect(changed).toHaveBeenCalledOnce())
    expect(hub.asked('stepOutage')[0]?.body).toEqual({ step: 'comment', note: '已联系供电公司' })
    expect(screen.getByLabelText<HTMLTextAreaElement>('批注').value).toBe('')
  })

  test('keeps the word that the hub refused', async () => {
    hub.refuses('stepOutage', 409, '已关闭。')
    render(History, { detail, changed: () => undefined })
    await user.type(screen.getByLabelText('批注'), '已联系供电公司')
    await user.click(button('添加批注'))
    expect((await screen.findByRole('alert')).textContent).toBe('已关闭。')
    expect(screen.getByLabelText<HTMLTextAreaElement>('批注').value).toBe('已联系供电公司')
  })
})

const calm: RepairUnits = { usual: null, units: [], suggested: [] }

describe('who repairs it', () => {
  const orders = async (list: ReturnType<typeof workOrder>[]) => {
    hub.answers('workOrders', { asOf: now, orders: list })
    const resource = new Resource<{ asOf: number; orders: typeof list }>(() => '/work-orders?outage=o-1')
    await resource.load()
    return resource
  }

  test('its work orders, each with how the clock stands', async () => {
    hub.answers('repairUnits', calm)
    const resource = await orders([workOrder(1, { overtime: 'yellow', respondBy: now + 30 * minuteMs })])
    render(OutageOrders, { row: outageRow('o-1'), resource, changed: () => undefined })
    expect(linkTexts()).toEqual([['WO-1 待接收 黄牌 甲公司 · 响应还剩 30 分', `/orders/${uuid(1)}`]])
  })

  test('another is issued to the usual unit, and leads to its page', async () => {
    const resource = await orders([])
    hub.answers('repairUnits', {
      usual: '甲公司',
      units: [{ name: '甲公司', users: 2 }],
      suggested: [{ carrier: 'telecom', unit: '甲公司', devices: [deviceId(1)] }],
    })
    hub.answers('issueWorkOrder', workOrder(7))
    render(OutageOrders, { row: outageRow('o-1'), resource, changed: () => undefined })
    expect(screen.getByText('这起故障还没有工单。')).toBeTruthy()
    await user.click(button('派发工单'))
    const unit = screen.getByLabelText<HTMLInputElement>(/责任单位/)
    await waitFor(() => expect(unit.value).toBe('甲公司'))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: '派发工单' }))
    await waitFor(() => expect(here()).toBe(`/orders/${uuid(7)}`))
    expect(hub.asked('issueWorkOrder')[0]?.body).toEqual({ outage: 'o-1', unit: '甲公司' })
  })

  test('a unit without users is warned of', async () => {
    hub.answers('repairUnits', { usual: null, units: [], suggested: [] })
    render(IssueDialog, {
      row: outageRow('o-1'),
      close: () => undefined,
      issued: () => undefined,
      issuedOne: () => undefined,
    })
    await user.type(screen.getByLabelText(/责任单位/), '乙公司')
    expect(await screen.findByText(/^“乙公司”没有施工单位用户/)).toBeTruthy()
  })

  const two: RepairUnits = {
    usual: '移动公司',
    units: [
      { name: '移动公司', users: 1 },
      { name: '甲公司', users: 2 },
    ],
    suggested: [
      { carrier: 'mobile', unit: '移动公司', devices: [deviceId(1), deviceId(2)] },
      { carrier: 'telecom', unit: '电信', devices: [deviceId(3)] },
    ],
  }

  test('devices of several carriers are suggested an order each; one click issues them all', async () => {
    const resource = await orders([])
    hub.answers('repairUnits', two)
    hub.answers('issueWorkOrders', { asOf: now, orders: [workOrder(7), workOrder(8)] })
    const changed = vi.fn()
    visit('/outages/o-1')
    render(OutageOrders, { row: outageRow('o-1'), resource, changed })
    expect(await screen.findByText('尚有 3 台未派单：移动公司 2 台、电信 1 台')).toBeTruthy()
    await user.click(button('派发工单'))
    const dialog = within(await screen.findByRole('dialog'))
    expect(await dialog.findByText('移动 · 2 台')).toBeTruthy()
    expect(dialog.getByText(/^“电信”没有施工单位用户/)).toBeTruthy()
    const unit = dialog.getByLabelText<HTMLInputElement>('电信设备的责任单位')
    await user.clear(unit)
    await user.type(unit, '甲公司')
    expect(dialog.queryByText(/没有施工单位用户/)).toBeNull()
    await user.click(dialog.getByRole('button', { name: '派发全部 2 张' }))
    await waitFor(() => expect(changed).toHaveBeenCalledOnce())
    expect(hub.asked('issueWorkOrders')[0]?.body).toEqual({
      outage: 'o-1',
      orders: [
        { unit: '移动公司', devices: [deviceId(1), deviceId(2)] },
        { unit: '甲公司', devices: [deviceId(3)] },
      ],
    })
    expect(here()).toBe('/outages/o-1')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('one of them alone is issued with its own button; the dialog goes on with the rest', async () => {
    const resource = await orders([])
    hub.answers('repairUnits', two)
    hub.answers('issueWorkOrders', { asOf: now, orders: [workOrder(7)] })
    render(OutageOrders, { row: outageRow('o-1'), resource, changed: () => undefined })
    await user.click(button('派发工单'))
    const dialog = within(await screen.findByRole('dialog'))
    await user.type(
      await dialog.findByLabelText(/^事由（不填则为故障原因与各单台数，如“祁东县 交换机 QD-03 中断 · 2 台”）$/),
      '更换电源',
    )
    hub.answers('repairUnits', { ...two, suggested: two.suggested.slice(1) })
    await user.click((await dialog.findAllByRole('button', { name: '派发' }))[0]!)
    expect(await dialog.findByText('已派发 WO-7')).toBeTruthy()
    expect(hub.asked('issueWorkOrders')[0]?.body).toMatchObject({
      orders: [{ unit: '移动公司', devices: [deviceId(1), deviceId(2)], subject: '更换电源' }],
    })
    expect(await dialog.findByRole('button', { name: '派发工单' })).toBeTruthy()
  })

  test('a closed outage takes no more orders', async () => {
    const resource = await orders([])
    render(OutageOrders, { row: outageRow('o-1', { status: 'closed' }), resource, changed: () => undefined })
    expect(screen.queryByRole('button')).toBeNull()
  })
})

test('what has happened before is a list that leads there', () => {
  const { unmount } = render(Similar, {
    asOf: now,
    rows: [{ id: 'o-0', cause: two[0]!.cause, from: now - dayMs, to: now - dayMs + hourMs, members: 4, shared: 3 }],
  })
  expect(rowTexts()[1]).toMatch(/^交换机 QD-03 .* 1 小时 4 3 台相同$/)
  unmount()
  render(Similar, { asOf: now, rows: [] })
  expect(screen.getByText('没有同一原因或同一批设备的历史故障。')).toBeTruthy()
})

test('the page of an outage has all of it', async () => {
  hub.answers('outage', outageDetail(outageRow('o-1')))
  hub.answers('workOrders', { asOf: now, orders: [] })
  hub.answers('repairUnits', calm)
  hub.answers('outageAgreement', { asOf: now, months: [] })
  render(OutagePage, { id: 'o-1' })
  expect(await screen.findByRole('heading', { level: 1, name: /交换机 QD-03/ })).toBeTruthy()
  expect(screen.getAllByRole('region').map((card) => card.querySelector('h2')?.textContent)).toEqual([
    '原因与依据',
    '人工判定',
    '位置',
    '成员设备',
    '工单',
    '经过',
    '类似的历史故障',
  ])
})

describe("the operator's word", () => {
  const judged = outageRow('o-1', { members: 3 })
  const open = (more: Partial<OutageDetail> = {}, changed = () => {}) => {
    hub.answers('outageAgreement', { asOf: now, months: [{ month: '2026-11', judged: 44, agreed: 41 }] })
    render(Judgements, { detail: outageDetail(judged, more), changed })
  }
  const split = {
    id: 7,
    at: now - minuteMs,
    actor: 'wang',
    act: 'split' as const,
    outage: 'o-1',
    others: ['o-9'],
    devices: 2,
    was: judged.cause,
    cause: null,
    reason: '现场确认是两根杆',
    undoes: null,
    undone: false,
    effect: 'done' as const,
  }

  test('splits devices off by a key, with why; the hub is asked what is said', async () => {
    const changed = vi.fn()
    open({}, changed)
    await screen.findByText('2026-11 与人工判定一致 41/44')
    hub.answers('judgeOutage', outageDetail(judged, { judgements: [split] }))
    await user.keyboard('x')
    const dialog = screen.getByRole('dialog', { name: '把设备拆分出去' })
    const act = within(dialog).getByRole<HTMLButtonElement>('button', { name: '拆分' })
    expect(act.disabled).toBe(true)
    await user.click(within(dialog).getByLabelText('解放路 2 号球机'))
    await user.type(within(dialog).getByLabelText('依据（必填）'), '现场确认是两根杆')
    await user.click(act)
    await waitFor(() => expect(changed).toHaveBeenCalled())
    expect(hub.asked('judgeOutage')).toMatchObject([
      { params: { id: 'o-1' }, body: { act: 'split', devices: [deviceId(2)], reason: '现场确认是两根杆' } },
    ])
  })

  test('names the cause in words, when the record does not know it', async () => {
    open()
    hub.answers('outageCauses', { choices: [{ kind: 'pole', key: 'G-7', members: 2 }] })
    hub.answers('judgeOutage', outageDetail(judged))
    await user.click(button('改原因 c'))
    const pick = await screen.findByLabelText<HTMLSelectElement>('原因')
    expect([...pick.options].map(({ text }) => text)).toContain('杆件 G-7（3 台中有 2 台）')
    await user.selectOptions(pick, '其他（请写明）…')
    await user.type(screen.getByLabelText('例如：同一施工挖断光缆'), '顶管施工')
    await user.type(screen.getByLabelText('依据（必填）'), '巡线')
    await user.click(button('改原因'))
    await waitFor(() => expect(hub.asked('judgeOutage')).toHaveLength(1))
    expect(hub.asked('judgeOutage')[0]?.body).toEqual({
      act: 'cause',
      cause: { kind: 'other', key: '顶管施工' },
      reason: '巡线',
    })
  })

  test('merges others in, the likeliest first, after another dialog was shut', async () => {
    open()
    hub.answers(
      'outages',
      board([outageRow('o-1'), outageRow('o-2', { cause: { kind: 'pole', key: 'G-7', mode: 'together' } })]),
    )
    hub.answers('judgeOutage', outageDetail(judged))
    await user.keyboard('y')
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: '取消' }))
    await user.keyboard('m')
    const dialog = screen.getByRole('dialog', { name: '把其他故障并入这一起' })
    await user.click(await within(dialog).findByRole('checkbox', { name: /杆件 G-7/ }))
    await user.type(within(dialog).getByLabelText('依据（必填）'), '同一处施工')
    await user.click(within(dialog).getByRole('button', { name: '合并' }))
    await waitFor(() => expect(hub.asked('judgeOutage')).toHaveLength(1))
    expect(hub.asked('judgeOutage')[0]?.body).toEqual({ act: 'merge', outages: ['o-2'], reason: '同一处施工' })
  })

  test('shows what was said, and undoes the newest', async () => {
    open({ judgements: [split] })
    expect(screen.getByText('现场确认是两根杆')).toBeTruthy()
    hub.answers('judgeOutage', outageDetail(judged))
    await user.click(button('撤销'))
    const dialog = screen.getByRole('dialog', { name: '撤销这次判定？' })
    await user.type(within(dialog).getByLabelText('依据（必填）'), '弄错了')
    await user.click(within(dialog).getByRole('button', { name: '撤销' }))
    await waitFor(() => expect(hub.asked('judgeOutage')).toHaveLength(1))
    expect(hub.asked('judgeOutage')[0]?.body).toEqual({ act: 'undo', judgement: 7, reason: '弄错了' })
  })

  test('is not taken from whom may not, and keys do nothing then', async () => {
    await logInAs(hub, 'commander', { permissions: ['view', 'oversee'] })
    open({ judgements: [split] })
    expect(screen.getByText('需要“处置故障”权限，当前角色为指挥员。')).toBeTruthy()
    await user.keyboard('x')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.queryByRole('button', { name: '撤销' })).toBeNull()
  })
})

/** Orders of one outage: one for each carrier, together or not at all; and what becomes of them when the outage is closed. */
import type { RepairUnits, WorkOrder } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../hub/src/testing/hub.ts'
import { takeAutomaticTransitions } from '../../outages/src/automatic-transitions.ts'
import { lifePolicyOf } from '../../outages/src/config.ts'
import type { OutagesDb } from '../../outages/src/tables.ts'
import { consumeOutages } from './outages.ts'

const cameraA2 = '43040500001320000002'
const cameraA3 = '43040500001320000003'
const cameraA4 = '43040500001320000004'
const feeder = { kind: 'feed', key: '3 号馈线', mode: 'together' } as const
const cut = '1800000000000-1'
const none = '1800000000000-9'

let hub: Hub
let stopOrders: () => Promise<void>
beforeEach(async () => {
  hub = await startHub()
  stopOrders = await consumeOutages(hub.deps)
  await hub.importRecords([
    camera(cameraA, { carrier: 'mobile' }),
    camera(cameraA2, { carrier: 'mobile' }),
    camera(cameraA3, { carrier: 'telecom', maintainer: '甲维护公司' }),
    camera(cameraA4, { carrier: 'mobile' }),
    camera(cameraB, { carrier: 'unicom' }),
  ])
  for (const device of [cameraA, cameraA2, cameraA3, cameraA4, cameraB]) await hub.putState(device, 'down')
  await hub.putOutage(cut, [cameraA, cameraA2, cameraA3], feeder)
  await hub.putOutage(none, [cameraB])
})
afterEach(async () => {
  await stopOrders()
  await hub.stop()
})

const suggested = async (user = 'oper'): Promise<RepairUnits['suggested']> =>
  (await hub.ask(user, 'repairUnits', { query: `?outage=${cut}` })).json.suggested
const issueAll = (user: string, orders: object[], more = {}) =>
  hub.ask(user, 'issueWorkOrders', { body: { outage: cut, orders, ...more } })
const ordersOf = async (user = 'oper'): Promise<WorkOrder[]> =>
  (await hub.ask(user, 'workOrders', { query: `?outage=${cut}&view=all` })).json.orders
const numbers = async () => (await ordersOf()).map(({ number, status }) => `${number.slice(-1)} ${status}`).sort()
/** As the correlation writes it. */
const grow = (device: string) => hub.putOutage(cut, [cameraA, cameraA2, cameraA3, device], feeder)

describe('an outage of several carriers', () => {
  it('suggests an order for each, with its own devices and unit, the largest first', async () => {
    expect(await suggested()).toEqual([
      { carrier: 'mobile', unit: '移动', devices: [cameraA, cameraA2] },
      { carrier: 'telecom', unit: '甲维护公司', devices: [cameraA3] },
    ])
  })

  it('has all of them issued in one act: numbered in turn, each about its own, with the outage as the subject', async () => {
    const before = hub.changes('work-orders').length
    const { status, json } = await issueAll('oper', await orders(), { note: '整条线停电' })
    expect(status).toBe(200)
    expect(json.orders).toMatchObject([
      { number: 'GD-20270115-0001', unit: '移动', carrier: 'mobile', devices: [cameraA, cameraA2], outage: cut },
      { number: 'GD-20270115-0002', unit: '甲维护公司', carrier: 'telecom', devices: [cameraA3], outage: cut },
    ])
    expect(json.orders[0].subject).toEqual({ text: null, cause: feeder, device: null })
    expect(json.orders.map((o: WorkOrder) => o.steps[0]!.note)).toEqual(['整条线停电', '整条线停电'])
    expect(hub.changes('work-orders').length).toBe(before + 2)
    expect(await suggested()).toEqual([])
    const zh = await hub.ask('oper', 'exportWorkOrders', { headers: { 'accept-language': 'zh-CN' } })
    expect(zh.text).toContain('珠晖区 3 号馈线停电 · 2 台')
    expect((await hub.ask('oper', 'exportWorkOrders')).text).toContain('"Feeder 3, Zhuhui · 1 device"')
  })
  const orders = async () => (await suggested()).map(({ unit, devices }) => ({ unit, devices }))

  it.each<[string, (given: { unit: string; devices: string[] }[]) => object[], string]>([
    [
      'in two of them',
      ([mobile, telecom]) => [mobile!, { ...telecom, devices: [cameraA3, cameraA2] }],
      `orders.1.devices is 相机 02 (${cameraA2}): is in two of these orders`,
    ],
    [
      'no device of the outage',
      ([mobile]) => [mobile!, { unit: '联通', devices: [cameraB] }],
      `orders.1.devices is 相机 01 (${cameraB}): is no device of this outage`,
    ],
  ])('a device %s is refused by name, and no order is made', async (_, change, detail) => {
    const { status, json } = await issueAll('oper', change(await orders()))
    expect([status, json.detail]).toEqual([400, detail])
    expect(await ordersOf()).toEqual([])
  })

  it('a device that somebody has ordered meanwhile is refused by name, and no order is made', async () => {
    const given = await orders()
    await hub.ask('oper', 'issueWorkOrder', { body: { devices: [cameraA3] } })
    const { json } = await issueAll('oper', given)
    expect(json.detail).toBe(`orders.1.devices is 相机 03 (${cameraA3}): is in work order GD-20270115-0001 already`)
    expect(await ordersOf()).toEqual([])
    expect((await issueAll('oper-b', given)).json.code).toBe('outage.unknown')
  })

  it('that grows after its orders were issued suggests the rest, and no more; what is back is left out', async () => {
    await issueAll('oper', await orders())
    await grow(cameraA4)
    expect(await suggested()).toEqual([{ carrier: 'mobile', unit: '移动', devices: [cameraA4] }])
    const [late] = await suggested()
    await hub.record.db
      .updateTable('outage_member')
      .set({ to_at: hub.clock.now() })
      .where('device', '=', cameraA4)
      .execute()
    expect(await suggested()).toEqual([])
    expect((await issueAll('oper', [{ unit: '移动', devices: late!.devices }])).json.detail).toBe(
      'orders.0.devices is 移动: has nothing that is down',
    )
  })
})

describe('an outage whose cause becomes wider after its order was issued', () => {
  const wide = '1800000000000-2'
  const alone = { kind: 'device', key: cameraA4, mode: 'together' } as const
  const found = async (id: string) => (await hub.ask('oper', 'workOrder', { params: { id } })).json
  const zhExport = async () =>
    (await hub.ask('oper', 'exportWorkOrders', { headers: { 'accept-language': 'zh-CN' } })).text
  const issued = async (subject?: string) => {
    await hub.putOutage(wide, [cameraA4], alone)
    const body = { outage: wide, ...(subject && { subject }) }
    return (await hub.ask('oper', 'issueWorkOrder', { body })).json
  }

  it('gives the order its cause as the subject, in answers and files', async () => {
    const { id, subject } = await issued()
    expect(subject).toEqual({ text: null, cause: alone, device: '相机 04' })
    await hub.putOutage(wide, [cameraA4], { kind: 'switch', key: 'ZH-07', mode: 'together' })
    const after = await found(id)
    expect(after.subject.cause).toEqual({ kind: 'switch', key: 'ZH-07', mode: 'together' })
    expect(after.whole).toBe(true)
    expect(await zhExport()).toContain('珠晖区 交换机 ZH-07 中断 · 1 台')
  })

  it('and goes into another: the subject is what that one is', async () => {
    const { id } = await issued()
    await hub.record.db.updateTable('outage').set({ merged_into: cut }).where('id', '=', wide).execute()
    expect((await found(id)).subject.cause).toEqual(feeder)
    const value = { v: 1, at: hub.clock.now(), id: wide, into: cut, members: 1, intoMembers: 4 } as const
    await hub.record.commit(() => hub.deps.outbox.appendAll([{ name: 'outageMerged', params: {}, value }]))
    await expect.poll(async () => (await found(id)).outage).toBe(cut)
    expect((await found(id)).subject.cause).toEqual(feeder)
    expect(await zhExport()).toContain('珠晖区 3 号馈线停电 · 1 台')
  })

  it('leaves a subject alone that a person has typed', async () => {
    const { id } = await issued('换杆')
    await hub.putOutage(wide, [cameraA4], feeder)
    expect((await found(id)).subject).toEqual({ text: '换杆', cause: alone, device: '相机 04' })
    expect(await zhExport()).toContain('换杆')
  })
})

describe('an outage that is closed with an open order', () => {
  let mobile: WorkOrder
  let telecom: WorkOrder
  beforeEach(async () => {
    const orders = (await suggested()).map(({ unit, devices }) => ({ unit, devices }))
    ;[mobile, telecom] = (await issueAll('oper', orders)).json.orders
    await hub.clock.advanceAsync(60_000)
    for (const device of [cameraA, cameraA2, cameraA3]) await hub.putState(device, 'up')
    await resolved()
  })
  const resolved = () =>
    hub.record.db
      .updateTable('outage')
      .set({ status: 'resolved', down: 0, to_at: hub.clock.now(), resolved_at: hub.clock.now() })
      .where('id', '=', cut)
      .execute()
  const close = (user: string, more: object = {}, language = 'en') =>
    hub.ask(user, 'stepOutage', {
      params: { id: cut },
      body: { step: 'close', ...more },
      headers: { 'accept-language': language },
    })
  const step = (user: string, id: string, what: string) =>
    hub.ask(user, 'stepWorkOrder', { params: { id }, body: { step: what } })
  const lastStep = async () => (await hub.ask('oper', 'outage', { params: { id: cut } })).json.steps.at(-1)

  it('asks: 409 with the orders by number and unit, in the language of the reader; nothing is closed', async () => {
    expect((await close('oper')).json).toMatchObject({
      status: 409,
      code: 'outage.open-orders',
      field: 'orders',
      detail: 'work orders of this outage are not closed: GD-20270115-0001 移动, GD-20270115-0002 甲维护公司',
    })
    const zh = (await close('oper', {}, 'zh-CN')).json
    expect(zh.detail).toBe('这起故障还有未办结的工单：GD-20270115-0001 移动, GD-20270115-0002 甲维护公司')
    expect(zh.action).toContain('一并关闭')
    expect(await numbers()).toEqual(['1 issued', '2 issued'])
  })

  it('leaves them, and says so in its life', async () => {
    expect((await close('oper', { orders: 'leave' })).json.status).toBe('closed')
    expect(await lastStep()).toMatchObject({ step: 'close', actor: 'oper', orders: 'leave' })
    expect(await numbers()).toEqual(['1 issued', '2 issued'])
  })

  it('closes them as repaired: by whom and when stands in the chain, the clocks stop, the chain is whole', async () => {
    await step('contr', telecom.id, 'receive')
    expect((await close('oper', { orders: 'repaired', note: '供电恢复' })).status).toBe(200)
    await expect.poll(numbers).toEqual(['1 closed', '2 closed'])
    await hub.clock.advanceAsync(30 * 3_600_000)
    await hub.login('oper')
    for (const order of await ordersOf())
      expect(order).toMatchObject({ overtime: 'none', whole: true, doneAt: order.closedAt })
    const chain = (await ordersOf()).find(({ id }) => id === telecom.id)!.steps
    expect(chain.map((s) => `${s.actor} ${s.step} ${s.note}`)).toEqual([
      'oper issue null',
      'contr receive null',
      'oper close 供电恢复',
    ])
    expect(await lastStep()).toMatchObject({ orders: 'repaired' })
    expect((await hub.ask('oper', 'outage', { params: { id: cut } })).json.outage.workOrders).toBe(0)
  })

  it('withdraws them with a reason: they count for nothing; what was reported done is closed instead', async () => {
    expect((await close('oper', { orders: 'withdrawn' })).json).toMatchObject({ status: 400, field: 'note' })
    await step('contr', telecom.id, 'receive')
    await hub.clock.advanceAsync(10 * 60_000)
    await step('contr', telecom.id, 'done')
    await close('oper', { orders: 'withdrawn', note: '电力公司已修复' })
    await expect.poll(numbers).toEqual(['1 cancelled', '2 closed'])
  })

  it('is not closed as repaired while a device of an order is out, nor by who reported the repair', async () => {
    await hub.clock.advanceAsync(1_000)
    await hub.putState(cameraA2, 'down')
    await hub.clock.advanceAsync(1_000)
    const zh = (await close('oper', { orders: 'repaired' }, 'zh-CN')).json
    expect(zh.detail).toContain(`工单 ${mobile.number} 还有 1 台未恢复`)
    await hub.putState(cameraA2, 'up')
    await step('oper-a', telecom.id, 'receive')
    await hub.clock.advanceAsync(10 * 60_000)
    expect((await step('oper-a', telecom.id, 'done')).status).toBe(200)
    expect((await close('oper-a', { orders: 'repaired' })).json.code).toBe('approval.own')
    expect((await close('oper', { orders: 'repaired' })).status).toBe(200)
  })

  it('has no answer without the question: of another step it is refused, without orders it is not asked', async () => {
    const body = { step: 'comment', note: '看看', orders: 'leave' }
    expect((await hub.ask('oper', 'stepOutage', { params: { id: cut }, body })).json.field).toBe('orders')
    await hub.record.db.updateTable('outage').set({ status: 'resolved', down: 0 }).where('id', '=', none).execute()
    const { json } = await hub.ask('oper', 'stepOutage', { params: { id: none }, body: { step: 'close' } })
    expect(json.status).toBe('closed')
  })

  it('by the hub does what the policy says, which the page of the outage shows before', async () => {
    const life = lifePolicyOf(hub.deps.config.policy)
    const before = (await hub.ask('oper', 'outage', { params: { id: cut } })).json
    expect(before).toMatchObject({ closesAt: hub.clock.now() + life.closeAfterMs, ordersAtClose: 'leave' })
    const later = hub.clock.now() + life.closeAfterMs
    await takeAutomaticTransitions(hub.deps, life, later, 'repaired')
    await expect.poll(numbers).toEqual(['1 closed', '2 closed'])
    expect(await lastStep()).toMatchObject({ step: 'close', actor: 'hub', orders: 'repaired' })
    expect((await ordersOf())[0]!.steps.at(-1)).toMatchObject({ actor: 'hub', step: 'close' })
  })

  it('by the hub is never repaired of which a device is down again: that order runs on', async () => {
    await hub.clock.advanceAsync(1_000)
    await hub.putState(cameraA2, 'down')
    const life = lifePolicyOf(hub.deps.config.policy)
    await takeAutomaticTransitions(hub.deps, life, hub.clock.now() + life.closeAfterMs, 'repaired')
    await expect.poll(numbers).toEqual(['1 issued', '2 closed'])
  })

  it('by the hub leaves them, unless the policy says otherwise', async () => {
    const life = lifePolicyOf(hub.deps.config.policy)
    await takeAutomaticTransitions(hub.deps, life, hub.clock.now() + life.closeAfterMs)
    expect(await lastStep()).toMatchObject({ step: 'close', actor: 'hub', orders: 'leave' })
    const { db } = tablesOf<OutagesDb>(hub.record)
    expect(await db.selectFrom('outage').select('status').where('id', '=', cut).executeTakeFirst()).toEqual({
      status: 'closed',
    })
    expect(await numbers()).toEqual(['1 issued', '2 issued'])
  })
})

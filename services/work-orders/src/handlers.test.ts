/** Work orders over HTTP: issued to whoever repairs, stepped by both sides, each step a link of the evidence chain. */
import type { WorkOrder } from '@hub/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../hub/src/testing/hub.ts'
import { consumeWorkOrders } from '../../outages/src/work-orders.ts'
import { repairRulesOf } from './config.ts'
import { takeAutomaticSteps } from './steps.ts'

const cameraA2 = '43040500001320000002'
const minute = 60_000
const hour = 60 * minute
const line = '1800000000000-1'

let hub: Hub
let stopOutages: () => Promise<void>
beforeEach(async () => {
  hub = await startHub()
  stopOutages = await consumeWorkOrders(hub.deps)
  await hub.importRecords([
    camera(cameraA, { maintainer: '甲维护公司', inServiceAt: '2026-11-01' }),
    camera(cameraA2, { maintainer: '甲维护公司', inServiceAt: '2026-11-01' }),
    camera(cameraB, { maintainer: '乙维护公司', inServiceAt: '2026-11-01' }),
  ])
  for (const device of [cameraA, cameraA2, cameraB]) await hub.putState(device, 'down')
  await hub.putOutage(line, [cameraA, cameraA2, cameraB], { kind: 'switch', key: 'QD-03', mode: 'together' })
})
afterEach(async () => {
  await stopOutages()
  await hub.stop()
})

const issue = (user: string, body: object = { outage: line }) => hub.ask(user, 'issueWorkOrder', { body })
const step = (user: string, id: string, what: string, note?: string) =>
  hub.ask(user, 'stepWorkOrder', { params: { id }, body: { step: what, ...(note && { note }) } })
const list = async (user: string, query = ''): Promise<WorkOrder[]> =>
  (await hub.ask(user, 'workOrders', { query })).json.orders
const audited = async (subject: string) =>
  (
    await hub.record.db
      .selectFrom('audit')
      .select(['actor', 'action'])
      .where('subject', '=', subject)
      .orderBy('id')
      .execute()
  ).map(({ actor, action }) => `${actor} ${action}`)
const told = (what: 'work-orders' | 'outages') => hub.changes(what).length
const tick = () => takeAutomaticSteps(hub.deps, hub.clock.now(), repairRulesOf(hub.deps.config.policy))

describe('an order for an outage', () => {
  it('goes to the maintainer of most of what is down, with the limits of the strictest class; the outage is in progress', async () => {
    const before = told('work-orders')
    const { json } = await issue('oper')
    const now = hub.clock.now()
    expect(json).toMatchObject({
      outage: line,
      unit: '甲维护公司',
      carrier: 'telecom',
      status: 'issued',
      subject: { text: null, cause: { kind: 'switch', key: 'QD-03', mode: 'together' }, device: null },
      districts: ['430405', '430426'],
      devices: [cameraB, cameraA, cameraA2].sort(),
      down: 3,
      upSince: null,
      issuedBy: 'oper',
      respondBy: now + 2 * hour,
      repairBy: now + 24 * hour,
      overtime: 'none',
      whole: true,
      rule: { class: 'urban', respondHours: 2, repairHours: 24, clock: '24h' },
      steps: [{ actor: 'oper', step: 'issue', down: 3, at: now }],
    })
    expect(json.number).toMatch(/^GD-20270115-0001$/)
    expect(told('work-orders')).toBe(before + 1)
    expect((await hub.ask('oper', 'outage', { params: { id: line } })).json.outage).toMatchObject({
      status: 'in-progress',
      workOrders: 1,
      assignee: 'oper',
    })
    expect(await audited(json.id)).toEqual(['oper work-order.issue'])
    expect(await audited(line)).toContain('oper outage.start')
    const { json: device } = await hub.ask('oper', 'device', { params: { id: cameraA } })
    expect(device.outage).toMatchObject({ id: line, cause: { key: 'QD-03' } })
    expect(device.workOrder).toEqual({ id: json.id, number: json.number, status: 'issued' })
  })

  it('is not issued twice for the same devices, but for those that failed later', async () => {
    const { json: first } = await issue('oper-a')
    expect(first.devices).toEqual([cameraA, cameraA2])
    expect((await issue('oper-a')).json.detail).toBe(`outage is ${line}: is in work order ${first.number} already`)
    const { json: rest } = await issue('oper')
    expect(rest).toMatchObject({ number: 'GD-20270115-0002', devices: [cameraB], unit: '乙维护公司' })
    expect(rest.subject).toMatchObject({ cause: { key: 'QD-03' }, device: '相机 01' })
    expect((await issue('oper', { devices: [cameraA], unit: '丙' })).json.detail).toContain(
      `devices is 相机 01 (${cameraA}): is in work order ${first.number} already`,
    )
  })

  it('keeps a subject that a person has typed, in one line', async () => {
    const { json } = await issue('oper', { outage: line, subject: ' 更换电源\n\u202e模块 ' })
    expect(json.subject.text).toBe('更换电源 模块')
    expect((await hub.ask('oper', 'exportWorkOrders')).text).toContain(',更换电源 模块,')
  })

  it('can go to units that are known; what reaches nobody says so, and the usual one is named', async () => {
    const { json } = await hub.ask('oper', 'repairUnits', { query: `?outage=${line}` })
    expect(json.usual).toBe('甲维护公司')
    expect(json.units).toEqual(
      expect.arrayContaining([
        { name: '甲维护公司', users: 1 },
        { name: '电信', users: 0 },
      ]),
    )
    const own = (await hub.ask('oper-b', 'repairUnits', { query: `?outage=${line}` })).json
    expect(own.usual).toBe('乙维护公司')
    await issue('oper')
    expect((await hub.ask('oper', 'repairUnits', { query: `?outage=${line}` })).json.usual).toBeNull()
    expect((await hub.ask('oper', 'repairUnits', { query: '?outage=none' })).status).toBe(404)
  })

  it('is refused where nothing is down', async () => {
    await hub.record.db.updateTable('outage_member').set({ to_at: hub.clock.now() }).execute()
    const { status, json } = await issue('oper')
    expect([status, json.detail]).toEqual([400, `outage is ${line}: has nothing that is down`])
  })
})

describe('its steps', () => {
  let id: string
  beforeEach(async () => {
    id = (await issue('oper', { devices: [cameraA, cameraA2] })).json.id
  })

  it('are received, done with proof, verified by another, and closed by the hub', async () => {
    expect((await step('contr', id, 'done')).json.detail).toBe(
      'a work order that is issued cannot take the step "report repaired": legal is receive, dispute, cancel, comment',
    )
    await hub.clock.advanceAsync(hour)
    expect((await step('contr', id, 'receive')).json).toMatchObject({ status: 'received', receivedAt: hub.clock.now() })
    await hub.putState(cameraA, 'up')
    await hub.clock.advanceAsync(20 * minute)
    expect((await step('contr', id, 'done')).json).toMatchObject({
      status: 409,
      code: 'work-order.step',
      detail:
        'a work order that is in repair cannot take the step "report repaired": 1 of its devices are still out: all must be back and stay up for 10 min',
    })
    await hub.putState(cameraA2, 'up')
    const up = hub.clock.now()
    await hub.clock.advanceAsync(3 * minute)
    const zh = await hub.ask('contr', 'stepWorkOrder', {
      params: { id },
      body: { step: 'done' },
      headers: { 'accept-language': 'zh-CN' },
    })
    expect(zh.json).toMatchObject({ status: 409, detail: '维修中的工单不能报告修复完成：还需连续在线 7 分钟' })
    expect((await step('contr', id, 'done')).json.detail).toMatch(/its devices must stay up for 7 min more$/)
    await hub.clock.advanceAsync(2 * minute)
    // Still up, only otherwise: the proof goes on.
    await hub.putState(cameraA, 'degraded')
    expect((await list('contr'))[0]).toMatchObject({ down: 0, upSince: up })
    await hub.clock.advanceAsync(5 * minute - 1)
    expect((await step('contr', id, 'done')).json.detail).toMatch(/for 1 s more$/)
    await hub.clock.advanceAsync(1)
    expect((await step('oper-a', id, 'done')).json).toMatchObject({ status: 'done', doneAt: hub.clock.now() })
    expect((await step('oper-a', id, 'verify')).json).toMatchObject({ status: 403, code: 'approval.own' })
    expect((await step('oper', id, 'verify')).json.status).toBe('verified')
    expect(await tick()).toEqual([id])
    expect(await list('oper')).toEqual([])
    const [order] = await list('oper', '?view=closed')
    expect(order).toMatchObject({ status: 'closed', closedAt: hub.clock.now(), overtime: 'none', whole: true })
    expect(order!.steps.map((s) => `${s.actor} ${s.step} ${s.down}`)).toEqual([
      'oper issue 2',
      'contr receive 2',
      'oper-a done 0',
      'oper verify 0',
      'hub close 0',
    ])
    expect(await audited(id)).toEqual([
      'oper work-order.issue',
      'contr work-order.receive',
      'oper-a work-order.done',
      'oper work-order.verify',
      'hub work-order.close',
    ])
  })

  it('belong to two sides: who repairs, and who issued', async () => {
    expect((await step('contr', id, 'cancel', '误派')).json.detail).toBe('the role contractor may not handle outages')
    expect((await step('cmdr', id, 'receive')).json.detail).toBe('the role commander may not handle work orders')
    expect((await step('audit', id, 'comment', '看看')).json.code).toBe('permission.denied')
    expect((await step('contr', id, 'comment', '已出发')).json.status).toBe('issued')
    expect((await step('cmdr', id, 'cancel', '误派')).json).toMatchObject({ status: 'cancelled', overtime: 'none' })
  })

  it('dispute once, return once', async () => {
    expect((await step('contr', id, 'dispute')).json.field).toBe('note')
    expect((await step('contr', id, 'dispute', '非我单位')).json.status).toBe('disputed')
    expect((await step('oper', id, 'uphold')).json.status).toBe('issued')
    expect((await step('contr', id, 'dispute', '仍非我单位')).json.detail).toContain('only once')
    await hub.clock.advanceAsync(minute)
    for (const device of [cameraA, cameraA2]) await hub.putState(device, 'up')
    await hub.clock.advanceAsync(10 * minute)
    await step('contr', id, 'receive')
    await step('contr', id, 'done')
    expect((await step('oper', id, 'return', '画面仍花屏')).json).toMatchObject({ status: 'returned', doneAt: null })
    await step('contr', id, 'done')
    expect((await step('oper', id, 'return', '还是花屏')).json.detail).toContain('only once')
  })

  it('turn yellow near a limit and red past it, once each; a limit met in time turns it back', async () => {
    await hub.clock.advanceAsync(1.6 * hour)
    expect(await tick()).toEqual([id])
    expect(await tick()).toEqual([])
    expect((await list('oper'))[0]!.overtime).toBe('yellow')
    expect((await step('contr', id, 'receive')).json.overtime).toBe('none')
    await hub.clock.advanceAsync(24 * hour)
    await hub.login('contr')
    // Nobody has marked it yet: a step does.
    const { json } = await step('contr', id, 'comment', '缺配件')
    expect(json.overtime).toBe('red')
    expect(json.steps.map((s: { step: string }) => s.step)).toEqual(['issue', 'yellow', 'receive', 'red', 'comment'])
    expect(json.whole).toBe(true)
    expect(await audited(id)).toContain('hub work-order.red')
  })

  it.each([
    ['a limit', 'UPDATE work_order SET repair_by = repair_by + 1'],
    ['a time', 'UPDATE work_order SET received_at = received_at - 1'],
    ['the unit', "UPDATE work_order SET unit = '丁'"],
    ['a device', `DELETE FROM work_order_device WHERE device = '${cameraA2}'`],
    ['the last step', 'DELETE FROM work_order_step WHERE id = (SELECT max(id) FROM work_order_step)'],
    ['a step between', "DELETE FROM work_order_step WHERE step = 'comment'"],
    [
      'the words of a step',
      "DROP TRIGGER work_order_step_fixed; UPDATE work_order_step SET note = '好' WHERE step = 'comment'",
    ],
  ])('%s that was changed in the file is seen', async (_, change) => {
    await step('contr', id, 'comment', '已出发')
    await step('contr', id, 'receive')
    expect((await list('oper'))[0]!.whole).toBe(true)
    hub.record.sqlite.exec(change)
    expect((await list('oper'))[0]!.whole).toBe(false)
  })
})

describe('of another district', () => {
  it('is shown with the devices that the viewer may see, and stepped as their issuer by who sees all of them', async () => {
    const { json } = await issue('oper')
    const [own] = await list('oper-b')
    expect(own).toMatchObject({ districts: ['430426'], devices: [cameraB], down: 1, whole: true })
    expect(JSON.stringify(own)).not.toContain(cameraA)
    expect((await step('oper-b', json.id, 'cancel', '不修了')).json.detail).toBe(
      'the role operator may not cancel beyond the own districts',
    )
    expect((await step('oper-b', json.id, 'receive')).json.devices).toEqual([cameraB])
  })

  it('is none when it has no device that the viewer may see', async () => {
    const { json } = await issue('oper', { devices: [cameraA] })
    expect(await list('oper-b')).toEqual([])
    expect(await list('oper-b', '?district=430405')).toEqual([])
    expect((await step('oper-b', json.id, 'receive')).json).toMatchObject({ status: 404, code: 'work-order.unknown' })
    expect((await issue('oper-b', { devices: [cameraB, cameraA] })).json.code).toBe('device.unknown')
    expect(await list('oper', '?carrier=mobile')).toEqual([])
    expect(await list('oper', '?carrier=telecom&district=430405')).toHaveLength(1)
  })
})

it('a clock of working days is held to the supplied calendar', async () => {
  await hub.stop()
  const config = { policy: { repair: { clock: 'working-days', calendar: { '2027-01-15': true, '2027-01-16': true } } } }
  hub = await startHub({}, config)
  await hub.importRecords([camera(cameraB)])
  const { json } = await issue('oper', { devices: [cameraB] })
  expect(json.rule).toMatchObject({ class: 'rural', clock: 'working-days' })
  // Friday the 15th and a working Saturday; Sunday the 17th does not count.
  expect(new Date(json.repairBy).toISOString()).toMatch(/^2027-01-18T/)
})

describe('of a unit', () => {
  let own: string
  let foreign: string
  beforeEach(async () => {
    foreign = (await issue('oper', { devices: [cameraA, cameraA2] })).json.id
    own = (await issue('oper', { devices: [cameraB] })).json.id
  })
  const read = (user: string, id: string) => hub.ask(user, 'workOrder', { params: { id } })

  it('who repairs for it sees its orders, and no other', async () => {
    expect((await list('contr-b')).map(({ id, unit }) => [id, unit])).toEqual([[own, '乙维护公司']])
    expect((await list('contr')).map(({ id }) => id)).toEqual([foreign])
    expect(await list('contr-b', `?unit=${encodeURIComponent('甲维护公司')}`)).toEqual([])
    expect(await list('contr-b', '?view=all&district=430405')).toEqual([])
    expect((await read('contr-b', own)).json.id).toBe(own)
    const none = await read('contr-b', '0198f2f0-0000-7000-8000-000000000000')
    const denied = await read('contr-b', foreign)
    expect(denied.status).toBe(404)
    expect(denied.text.replaceAll(foreign, '')).toBe(none.text.replaceAll('0198f2f0-0000-7000-8000-000000000000', ''))
    const { text } = await hub.ask('contr-b', 'exportWorkOrders', { query: '?view=all' })
    expect(text).toContain('乙维护公司')
    expect(text).not.toContain('甲维护公司')
    const device = (user: string) => hub.ask(user, 'device', { params: { id: cameraA } })
    expect((await device('contr')).json.workOrder.id).toBe(foreign)
    expect((await device('contr-b')).status).toBe(404)
  })

  it('who repairs for it steps its orders, and no other', async () => {
    for (const what of ['receive', 'dispute', 'done', 'comment'])
      expect((await step('contr-b', foreign, what, '看看')).json).toMatchObject({
        status: 404,
        code: 'work-order.unknown',
      })
    expect((await step('contr-b', own, 'receive')).json.status).toBe('received')
    expect((await read('oper', foreign)).json).toMatchObject({ status: 'issued', steps: [{ step: 'issue' }] })
  })

  it('who repairs and is of none sees none, and is told why no step is taken', async () => {
    expect(await list('contr-none')).toEqual([])
    expect((await read('contr-none', own)).status).toBe(404)
    const { json } = await step('contr-none', own, 'receive')
    expect(json).toMatchObject({ status: 403, code: 'work-order.unit' })
    expect(json.detail).toBe('the user contr-none is in no unit: a work order is stepped by the unit that it goes to')
  })

  it('operations staff see all', async () => {
    for (const user of ['oper', 'cmdr', 'sys', 'audit']) expect(await list(user)).toHaveLength(2)
  })

  it('the security administrator puts a user in it, and that holds from the next login, which is due at once', async () => {
    await list('contr-none')
    const change = async (user: string, unit: string | null) => {
      const answer = await hub.ask('sec', 'changeUser', { params: { user }, body: { unit } })
      if (answer.status === 200) {
        expect((await hub.ask(user, 'workOrders')).status).toBe(401)
        await hub.login(user)
      }
      return answer
    }
    expect((await change('contr-none', ' 乙维护公司 ')).json).toMatchObject({ unit: '乙维护公司', role: 'contractor' })
    expect((await list('contr-none')).map(({ id }) => id)).toEqual([own])
    expect((await hub.ask('contr-none', 'whoami')).json.unit).toBe('乙维护公司')
    expect((await hub.ask('sec', 'users')).json).toMatchObject({ units: ['乙维护公司', '甲维护公司'] })
    await change('contr-none', null)
    expect(await list('contr-none')).toEqual([])
    expect((await change('nobody', null)).json).toMatchObject({ status: 404, code: 'user.unknown' })
    expect(await audited('contr-none')).toContain('sec user.change')
  })

  it('its stream tells of its orders, and of no other', async () => {
    const [mine, other, staff] = [
      await hub.openStream('contr-b'),
      await hub.openStream('contr'),
      await hub.openStream('oper'),
    ]
    for (const stream of [mine, other, staff]) await expect.poll(() => stream.of('snapshot').length).toBe(1)
    // What was issued above is told first.
    await hub.clock.advanceAsync(2_000)
    const heard = (stream: typeof mine) => stream.of('changed').filter(({ what }) => what === 'work-orders')
    await expect.poll(() => heard(staff).length).toBe(1)
    const before = heard(other).length
    await step('contr-b', own, 'receive')
    await hub.clock.advanceAsync(2_000)
    await expect.poll(() => heard(mine).at(-1)).toEqual({ what: 'work-orders', id: own })
    await expect.poll(() => heard(staff).at(-1)).toEqual({ what: 'work-orders', id: own })
    expect(heard(other)).toHaveLength(before)
    expect(JSON.stringify(other.events)).not.toContain(own)
    expect(JSON.stringify(mine.events)).not.toContain(foreign)
    for (const stream of [mine, other, staff]) await stream.close()
  })

  it('a stream ends when its user is put into another unit', async () => {
    const stream = await hub.openStream('contr-none')
    await expect.poll(() => stream.of('snapshot').length).toBe(1)
    await hub.ask('sec', 'changeUser', { params: { user: 'contr-none' }, body: { unit: '乙维护公司' } })
    await expect.poll(() => stream.isEnded()).toBe(true)
  })
})

describe('the list and its file', () => {
  beforeEach(async () => {
    await issue('oper', { devices: [cameraA, cameraA2], unit: '=HYPERLINK("http://x")' })
    await issue('oper', { devices: [cameraB] })
  })

  it('is narrowed by unit, status and colour', async () => {
    const [b] = await list('oper', `?unit=${encodeURIComponent('乙维护公司')}`)
    await step('oper', b!.id, 'receive')
    expect(await list('oper', '?status=issued')).toMatchObject([{ status: 'issued' }])
    expect(await list('oper', '?status=received')).toMatchObject([{ unit: '乙维护公司' }])
    await hub.clock.advanceAsync(1.7 * hour)
    expect(await list('oper', '?overtime=yellow')).toMatchObject([{ status: 'issued', overtime: 'yellow' }])
    expect((await hub.ask('oper', 'workOrders', { query: '?overtime=green' })).status).toBe(400)
  })

  it('is narrowed by colour before it is cut: what the colour hides takes no place of what it shows', async () => {
    const { db } = hub.record
    const [own] = await list('oper', `?unit=${encodeURIComponent('乙维护公司')}`)
    const of = await db.selectFrom('work_order').selectAll().where('id', '=', own!.id).executeTakeFirstOrThrow()
    await hub.clock.advanceAsync(3 * hour)
    // A thousand whose repair is due sooner, and which were received in time: none of them is red.
    const received = { status: 'received', received_at: of.issued_at, repair_by: of.repair_by - 1 } as const
    for (let n = 0; n < 1_000; n++)
      await db
        .insertInto('work_order')
        .values({ ...of, ...received, id: `calm-${n}`, number: `GD-20270115-${n + 1_000}` })
        .execute()
    expect((await list('oper', '?overtime=red')).map(({ id }) => id)).toContain(own!.id)
  })

  it('counts, beside an outage, the orders that the viewer may see', async () => {
    await hub.record.db.updateTable('work_order').set({ outage: line }).execute()
    const counted = async (user: string) => {
      const board = (await hub.ask(user, 'outages')).json.outages[0].workOrders
      expect((await hub.ask(user, 'outage', { params: { id: line } })).json.outage.workOrders).toBe(board)
      return board
    }
    expect(await Promise.all(['oper', 'contr-b', 'oper-b'].map(counted))).toEqual([2, 1, 1])
    // Of no unit: no device, so no outage either.
    expect((await hub.ask('contr-none', 'outages')).json.outages).toEqual([])
  })

  it('holds no formula of others, and says in hours what is left and what is over', async () => {
    await hub.clock.advanceAsync(3 * hour)
    const { text, headers } = await hub.ask('oper', 'exportWorkOrders')
    expect(headers.get('content-disposition')).toMatch(/hengyang-work-orders-current-2027-01-15\.csv/)
    const [header = '', ...rows] = text.trim().split('\r\n')
    expect(header).toMatch(/^Number,Unit,Status,Warning,Hours left,/)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toContain(`"'=HYPERLINK(""http://x"")",issued,red,-1,`)
    const zh = await hub.ask('oper', 'exportWorkOrders', { headers: { 'accept-language': 'zh-CN' } })
    expect(zh.text).toMatch(/编号,责任单位,状态,预警,剩余小时/)
    expect(zh.text).toContain('乙维护公司,待接收,红牌,-1,')
  })
})

import { tablesOf } from '@hub/platform'
import { describe, expect, test } from 'vitest'
import { cameraId } from '../../outages/src/testing/rig.ts'
import { repairRulesOf } from '../../work-orders/src/config.ts'
import { issueWorkOrder } from '../../work-orders/src/issue.ts'
import { stepWorkOrder, takeAutomaticSteps } from '../../work-orders/src/steps.ts'
import type { WorkOrdersDb } from '../../work-orders/src/tables.ts'
import { sent } from './channels/outcome.ts'
import { createNotificationRig } from './testing/rig.ts'

const li = { user: 'li', role: 'operator', scope: 'city', units: 'all' } as const
const ops = { id: 'ops', name: '运维', kind: 'mqtt', topic: 'hub/v1/notices/ops' }
const minutes = 60
const first = '0198f2f0-0000-7000-8000-000000000001'
const second = '0198f2f0-0000-7000-8000-000000000002'

const rulesOf = (rig: Rig) => repairRulesOf(rig.deps.config.policy)

type Rig = Awaited<ReturnType<typeof createNotificationRig>>
type Options = Partial<Parameters<typeof createNotificationRig>[0]>

async function rigOf(options: Options = {}) {
  const rig = await createNotificationRig({ channels: [ops], send: async () => sent, ...options })
  const put = rig.record.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, in_service_from, updated_at)
     VALUES (?, '430405', 'camera', 'safe-city', 'telecom', '3', 'in-service', ?, '', ?, 0, 0)`,
  )
  for (const n of [1, 2]) put.run(cameraId(n), `相机 ${n}`, JSON.stringify({ maintainer: n === 1 ? '甲' : '乙' }))
  return rig
}
const issue = (rig: Rig, id: string, n: number) =>
  tablesOf<WorkOrdersDb>(rig.record).transaction((trx) =>
    issueWorkOrder(trx, rig.deps, li, { devices: [cameraId(n)] }, { id, now: rig.clock.now(), rules: rulesOf(rig) }),
  )
const receive = (rig: Rig, id: string) =>
  tablesOf<WorkOrdersDb>(rig.record).transaction((trx) =>
    stepWorkOrder(trx, rig.deps, li, id, { step: 'receive' }, rig.clock.now(), rulesOf(rig)),
  )
/** Time goes by; only at its end orders are marked, as the room marks them, and looked at. */
async function wait(rig: Rig, seconds: number) {
  rig.clock.advance((seconds - 20) * 1_000)
  await rig.pass(10, 5)
  await takeAutomaticSteps(rig.deps, rig.clock.now(), rulesOf(rig))
  await rig.pass(10, 5)
}
const kinds = (rig: Rig) => rig.notifications().map(({ channel, kind }) => `${channel} ${kind}`)

describe('of an order near its limit, and past it', () => {
  test('one notification for each colour says by how much, by which rule, and holds the chain', async () => {
    await using rig = await rigOf()
    await issue(rig, first, 1)
    await wait(rig, 95 * minutes)
    expect(rig.notifications()).toEqual([])
    await wait(rig, 2 * minutes)
    await wait(rig, 20 * minutes)
    expect(kinds(rig)).toEqual(['ops overtime-yellow'])
    expect(rig.notifications()[0]).toMatchObject({ outage: null, work_order: first, status: 'sent', attempts: 1 })
    expect(rig.notifications()[0]!.subject).toMatch(
      /^\[黄牌\] 工单 GD-20261122-0001 响应还剩 2\d 分钟.*：珠晖区 相机 1报修（甲）$/,
    )
    await wait(rig, 60 * minutes)
    expect(kinds(rig)).toEqual(['ops overtime-yellow', 'ops overtime-red'])
    const { body, facts } = rig.notifications()[1]!
    const lines = body.split('\n')
    expect(lines[0]).toBe('责任单位：甲')
    expect(lines[1]).toBe('派发：2026-11-22 12:00:10（北京时间），li')
    expect(lines[2]).toMatch(/^响应：时限 2026-11-22 14:00:10，尚未接收，超时 \d+ (秒|分钟)/)
    expect(lines[3]).toMatch(/^修复：时限 2026-11-23 12:00:10，尚未完成，还剩 21 小时/)
    expect(lines[4]).toContain('依据：城区，2 小时内响应，24 小时内修复，按 24 小时连续计时；')
    expect(lines[5]).toBe('设备：1 台未恢复，共 1 台（珠晖区）')
    expect(lines[6]).toBe('证据链：共 3 条，逐条核对一致')
    expect(lines[7]).toMatch(/^· 2026-11-22 12:00:10 派发（li），当时失联 1 台，散列 [0-9a-f]{16}$/)
    expect(lines[9]).toMatch(/已超时限（中枢）/)
    expect(lines.at(-1)).toBe(`详情：/orders/${first}`)
    expect(JSON.parse(facts)).toMatchObject([
      { what: 'red', workOrder: first, limit: 'respond', metAt: null, chain: { whole: true, links: 3 } },
    ])
  })

  test('a restart tells nothing twice', async () => {
    await using rig = await rigOf()
    await issue(rig, first, 1)
    await wait(rig, 97 * minutes)
    await wait(rig, 30 * minutes)
    const before = kinds(rig)
    expect(before).toEqual(['ops overtime-yellow', 'ops overtime-red'])
    await rig.restart()
    await wait(rig, 10 * minutes)
    expect(kinds(rig)).toEqual(before)
  })

  test('what is received in time is not warned of', async () => {
    await using rig = await rigOf()
    await issue(rig, first, 1)
    await wait(rig, 90 * minutes)
    await receive(rig, first)
    await wait(rig, 60 * minutes)
    expect(rig.notifications()).toEqual([])
  })

  test('those of one moment are told together', async () => {
    await using rig = await rigOf({ channels: [ops, { ...ops, id: 'duty', language: 'en' }] })
    await issue(rig, first, 1)
    await issue(rig, second, 2)
    await wait(rig, 97 * minutes)
    expect(kinds(rig)).toEqual(['ops digest', 'duty digest'])
    expect(rig.notifications()[0]!.subject).toBe('工单预警：红牌 0 张，黄牌 2 张')
    expect(rig.notifications()[1]!.subject).toBe('Work orders: 0 red, 2 yellow')
    expect(rig.notifications()[1]!.body).toMatch(
      /^\[yellow\] Work order GD-20261122-0001, .* left for the response: Repair of 相机 1, Zhuhui \(甲\) \/orders\//,
    )
  })
})

describe('a recipient', () => {
  test('hears of its unit only, and only from its colour on', async () => {
    const channels = [
      { ...ops, units: ['乙'] },
      { ...ops, id: 'boss', overtime: 'red' },
      { ...ops, id: 'none', overtime: 'none' },
    ]
    await using rig = await rigOf({ channels })
    await issue(rig, first, 1)
    await wait(rig, 97 * minutes)
    expect(kinds(rig)).toEqual([])
    await wait(rig, 30 * minutes)
    expect(kinds(rig)).toEqual(['boss overtime-red'])
    await issue(rig, second, 2)
    await wait(rig, 97 * minutes)
    expect(kinds(rig)).toEqual(['boss overtime-red', 'ops overtime-yellow'])
    expect(rig.notifications()[1]!.work_order).toBe(second)
  })

  test('is let sleep: at night the warning waits for the morning', async () => {
    // 20:00 of the city.
    await using rig = await rigOf({ at: Date.UTC(2026, 10, 22, 12, 0, 10), outages: { hours: { from: 8, to: 20 } } })
    await issue(rig, first, 1)
    await wait(rig, 130 * minutes)
    expect(kinds(rig)).toEqual([])
    rig.clock.advance(9.5 * 3_600_000)
    await wait(rig, 30 * minutes)
    expect(kinds(rig)).toEqual(['ops overtime-red'])
  })

  test('is left alone while the outage is silenced', async () => {
    await using rig = await rigOf()
    await rig.put('o-1', { members: 1, down: 1, kind: 'device' })
    await issue(rig, first, 1)
    rig.record.sqlite.exec("UPDATE work_order SET outage = 'o-1'")
    await rig.set('o-1', `silenced_until = ${rig.clock.now() + 3 * 3_600_000}`)
    await wait(rig, 150 * minutes)
    expect(kinds(rig)).toEqual([])
    await wait(rig, 40 * minutes)
    expect(kinds(rig)).toContain('ops overtime-red')
  })

  test('gets no more than its hourly number: what exceeds it goes together', async () => {
    await using rig = await rigOf({ channels: [{ ...ops, perHour: 1 }] })
    await issue(rig, first, 1)
    await wait(rig, 5 * minutes)
    await issue(rig, second, 2)
    for (const gone of [92, 6, 20]) await wait(rig, gone * minutes)
    expect(rig.notifications().map(({ status }) => status)).toEqual(['sent', 'waiting', 'waiting'])
    await wait(rig, 40 * minutes)
    const [, last, ...more] = rig.notifications()
    expect(more).toEqual([])
    expect(last).toMatchObject({ kind: 'digest', status: 'sent', subject: '通知汇总：2 条' })
    expect(last!.body).toContain(`/orders/${first}`)
  })
})

import type { Permission, WorkOrder } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { actionsOfOrder, awaits, byTimeLeft, needsNote, orderGroups, runningLimit } from './order.ts'
import { limitWords, provenWords, ruleWords, runningWords, titleOf } from './sentences.ts'

const hour = 3_600_000
const order = (change: Partial<WorkOrder> = {}): WorkOrder => ({
  id: '0d5f6b1e-7d0c-4b53-9c9b-6a2f0f8d1a01',
  number: 'GD-20261121-0007',
  outage: 'o-1',
  unit: '衡阳移动',
  carrier: 'mobile',
  districts: ['430426'],
  devices: ['43042600001320000001'],
  down: 1,
  status: 'issued',
  subject: { text: null, cause: { kind: 'switch', key: 'QD-03', mode: 'together' }, device: null },
  issuedBy: 'wang',
  issuedAt: 0,
  respondBy: 2 * hour,
  repairBy: 24 * hour,
  rule: { class: 'urban', respondHours: 2, repairHours: 24, clock: '24h', provenance: '合同第 7 条' },
  receivedAt: null,
  doneAt: null,
  closedAt: null,
  overtime: 'none',
  upSince: null,
  provenMs: 10 * 60_000,
  returned: false,
  steps: [],
  whole: true,
  ...change,
})
const all = () => true
const only = (permission: Permission) => (asked: Permission) => asked === permission
const said = (of: WorkOrder, may: (p: Permission) => boolean = all) =>
  actionsOfOrder(of, hour, may).map(
    ({ step, lacks, why }) => `${step}${lacks ? ` needs ${lacks}` : ''}${why ? ` ${why}` : ''}`,
  )

describe('what may be done', () => {
  test.each([
    [order(), ['receive', 'dispute', 'cancel']],
    [order({ status: 'received', receivedAt: 1 }), ['done not-up', 'dispute', 'cancel']],
    [order({ status: 'received', receivedAt: 1, upSince: 2 }), ['done', 'dispute', 'cancel']],
    [order({ status: 'received', receivedAt: 1, upSince: hour - 60_000 }), ['done not-up', 'dispute', 'cancel']],
    [order({ status: 'done' }), ['verify', 'return']],
    [order({ status: 'done', returned: true }), ['verify', 'return once']],
    [order({ status: 'disputed' }), ['uphold', 'cancel']],
    [order({ status: 'verified' }), ['close']],
    [order({ status: 'closed' }), []],
  ])('%#', (of, steps) => expect(said(of)).toEqual(steps))

  test('each side has its steps: the repairer receives, the issuer cancels', () => {
    expect(said(order(), only('repair'))).toEqual(['receive', 'dispute', 'cancel needs outages'])
    expect(said(order(), only('outages'))).toEqual(['receive needs repair', 'dispute needs repair', 'cancel'])
  })

  test('it awaits the repairer until it is done, then the issuer', () => {
    expect(awaits(order({ status: 'returned' }), only('repair'))).toBe(true)
    expect(awaits(order({ status: 'done' }), only('repair'))).toBe(false)
    expect(awaits(order({ status: 'done' }), only('outages'))).toBe(true)
    expect(awaits(order({ status: 'closed' }), all)).toBe(false)
  })

  test('a dispute says why, a receipt need not', () => {
    expect(needsNote('dispute')).toBe(true)
    expect(needsNote('receive')).toBe(false)
  })
})

test('groups follow the life of an order; in a group red before yellow, then the nearest limit', () => {
  const groups = orderGroups([
    order({ id: 'later', respondBy: 3 * hour }),
    order({ id: 'done', status: 'done' }),
    order({ id: 'sooner' }),
    order({ id: 'red', overtime: 'red', respondBy: 9 * hour }),
  ])
  expect(groups.map((group) => [group.status, ...group.orders.map(({ id }) => id)])).toEqual([
    ['issued', 'red', 'sooner', 'later'],
    ['done', 'done'],
  ])
})

test('my work goes by the time that is left: a limit met late does not press, one that runs does', () => {
  const orders = [
    order({ id: 'done', status: 'done', receivedAt: 1, doneAt: 2 }),
    order({ id: 'met late', status: 'received', receivedAt: 3 * hour, overtime: 'red' }),
    order({ id: 'late', respondBy: hour, overtime: 'red' }),
    order({ id: 'soon' }),
  ]
  expect(byTimeLeft(orders).map(({ id }) => id)).toEqual(['late', 'soon', 'met late', 'done'])
})

test('what is still missing before a repair is believed, to the minute and at the end to the second', () => {
  const up = { down: 0, upSince: hour, provenMs: 10 * 60_000 }
  expect(provenWords(up, hour + 3 * 60_000, 'zh')).toBe('还需连续在线 7 分钟')
  expect(provenWords(up, hour + 3 * 60_000 + 1, 'en')).toBe('must stay up for 7 min more')
  expect(provenWords(up, hour + 9.5 * 60_000, 'zh')).toBe('还需连续在线 30 秒')
  expect(provenWords(up, hour + 10 * 60_000, 'zh')).toBeNull()
  expect(provenWords({ ...up, upSince: null, down: 2 }, hour, 'zh')).toBe(
    '还有 2 台未恢复，须全部恢复并连续在线 10 分钟',
  )
})

test('the subject is the cause in the language of the reader, with the devices of the order', () => {
  expect(titleOf(order(), 'zh')).toBe('祁东县 交换机 QD-03 中断 · 1 台')
  expect(titleOf(order(), 'en')).toBe('Switch QD-03, Qidong · 1 device')
})

describe('limits', () => {
  test('the clock that runs is the first that is not met', () => {
    expect(runningLimit(order())?.which).toBe('respond')
    expect(runningLimit(order({ receivedAt: hour }))?.which).toBe('repair')
    expect(runningLimit(order({ receivedAt: hour, doneAt: 2 * hour }))).toBeNull()
    expect(runningLimit(order({ status: 'cancelled' }))).toBeNull()
  })
  test('in words: left, late, met, met late', () => {
    expect(runningWords(order(), 0.5 * hour, 'zh')).toBe('响应还剩 1 小时 30 分')
    expect(runningWords(order(), 3 * hour, 'zh')).toBe('响应超时 1 小时')
    expect(runningWords(order({ status: 'closed' }), 3 * hour, 'zh')).toBe('—')
    const met = { which: 'respond', by: 2 * hour } as const
    expect(limitWords({ ...met, metAt: hour }, 'received', 3 * hour, 'zh')).toBe('09:00 完成')
    expect(limitWords({ ...met, metAt: 3 * hour }, 'received', 3 * hour, 'zh')).toBe('11:00 完成，超时 1 小时')
    expect(limitWords({ ...met, metAt: null }, 'cancelled', 9 * hour, 'zh')).toBe('已撤销，不计')
    expect(limitWords({ ...met, metAt: null }, 'closed', 9 * hour, 'zh')).toBe('未接收，已随故障关闭')
  })
  test('the rule says hours and clock', () =>
    expect(ruleWords(order(), 'zh')).toBe('城区：2 小时内响应，24 小时内修复，按 24 小时连续计时'))
})

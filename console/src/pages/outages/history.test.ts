import type { OutageChange, OutageStep, WorkOrder } from '@hub/contracts'
import { expect, test } from 'vitest'
import { noteWords } from '../../shared/outages/sentences.ts'
import { workOrder } from '../../testing/examples.ts'
import { historyOf } from './history.ts'
import { extentOf } from './placed.ts'

const change = (at: number, what: OutageChange['change'], members = 3): OutageChange => ({
  at,
  change: what,
  members,
  down: members,
  cause: { kind: 'switch', key: 'QD-03', mode: 'together' },
})
const step = (at: number, what: OutageStep['step']): OutageStep => ({
  at,
  actor: 'wang',
  step: what,
  note: null,
  orders: null,
})

test('one story, newest first; growth with nothing between is one entry', () => {
  const history = historyOf(
    [change(1, 'opened'), change(2, 'grew', 50), change(3, 'grew', 90), change(5, 'grew', 120), change(9, 'resolved')],
    [step(4, 'acknowledge'), step(9, 'resolve')],
  )
  expect(
    history.map((m) => [m.at, m.of !== 'change' ? m.step.step : `${m.change.change} ×${m.times} since ${m.since}`]),
  ).toEqual([
    [9, 'resolve'],
    [9, 'resolved ×1 since 9'],
    [5, 'grew ×1 since 5'],
    [4, 'acknowledge'],
    [3, 'grew ×2 since 2'],
    [1, 'opened ×1 since 1'],
  ])
})

test('what was done with its orders stands between what was done with it', () => {
  const of = (at: number, what: WorkOrder['steps'][number]['step']) => ({
    at,
    actor: 'li',
    step: what,
    note: null,
    down: 1,
    hash: `${at}`,
  })
  const orders = [
    workOrder(1, { steps: [of(2, 'issue'), of(4, 'receive'), of(9, 'close')] }),
    workOrder(2, { steps: [of(2, 'issue'), of(5, 'return')] }),
  ]
  const story = historyOf([change(1, 'opened')], [step(3, 'acknowledge'), step(9, 'close')], orders)
  expect(
    story.map((m) =>
      m.of === 'change' ? m.change.change : m.of === 'step' ? m.step.step : `${m.order.number} ${m.step.step}`,
    ),
  ).toEqual(['WO-1 close', 'close', 'WO-2 return', 'WO-1 receive', 'acknowledge', 'WO-2 issue', 'WO-1 issue', 'opened'])
})

test('until when it is silenced is said in the city’s time; other words stay as they are', () => {
  const now = Date.parse('2026-11-22T01:00:00Z')
  expect(noteWords('→ 2026-11-22T05:21:00.000Z; 检修', now)).toBe('→ 13:21; 检修')
  expect(noteWords('→ li', now)).toBe('→ li')
})

test('the extent holds all members, and never less than their street', () => {
  const at = (longitude: number, latitude: number) =>
    ({ device: '1', from: 0, to: null, name: '', district: '430426', longitude, latitude }) as const
  expect(extentOf([at(112, 26), at(113, 27)])).toEqual([112, 26, 113, 27])
  const [west, south, east, north] = extentOf([at(112, 26)])
  expect(east - west).toBeCloseTo(0.006)
  expect((south + north) / 2).toBeCloseTo(26)
})

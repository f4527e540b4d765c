import type { OutageRow } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { lastedMs, markOf } from '../../shared/outages/mark.ts'
import { actionsOf, boardKeys, groupsOf, isLegal, moved } from './board.ts'

const row = (id: string, change: Partial<OutageRow> = {}): OutageRow => ({
  id,
  cause: { kind: 'switch', key: 'QD-03', mode: 'together' },
  evidence: { down: 3, of: 3, withinMs: 0, rejected: [] },
  from: 1_000,
  to: null,
  districts: ['430426'],
  expected: false,
  countsFrom: null,
  status: 'open',
  members: 3,
  down: 3,
  importance: 'normal',
  assignee: null,
  acknowledgedAt: null,
  silencedUntil: null,
  escalation: 0,
  reopened: 0,
  held: false,
  workOrders: 0,
  name: null,
  updatedAt: 1_000,
  ...change,
})

test('what waits for a person stands first; within a group the hub’s order is kept', () => {
  const groups = groupsOf([
    row('a', { status: 'resolved', down: 0 }),
    row('b'),
    row('c', { status: 'in-progress' }),
    row('d', { status: 'acknowledged' }),
    row('e', { down: 9 }),
  ])
  expect(groups.map(({ status, rows, down }) => [status, rows.map(({ id }) => id).join(''), down])).toEqual([
    ['open', 'be', 12],
    ['acknowledged', 'd', 3],
    ['in-progress', 'c', 3],
    ['resolved', 'a', 0],
  ])
})

test.each([
  [{}, 'down'],
  [{ cause: { kind: 'gateway', key: 'g', mode: 'silent' } }, 'unknown'],
  [{ cause: { kind: 'flapping', key: 'd', mode: 'together' } }, 'degraded'],
  [{ down: 0 }, 'up'],
  [{ expected: true }, 'exempt'],
] as const)('the mark of %j is %s', (change, mark) => expect(markOf(row('a', change as Partial<OutageRow>))).toBe(mark))

test('it lasts until now, or until the last is back; a clock that is behind makes it zero', () => {
  expect(lastedMs({ from: 1_000, to: null }, 61_000)).toBe(60_000)
  expect(lastedMs({ from: 1_000, to: 2_000 }, 61_000)).toBe(1_000)
  expect(lastedMs({ from: 1_000, to: null }, 0)).toBe(0)
})

describe('keys', () => {
  test('letters act, arrows move, a question mark explains', () => {
    expect(boardKeys.a).toEqual({ do: 'step', step: 'acknowledge' })
    expect(boardKeys.s).toEqual({ do: 'step', step: 'start' })
    expect(boardKeys.e).toEqual({ do: 'assign' })
    expect(boardKeys['?']).toEqual({ do: 'help' })
    expect(boardKeys.Enter).toEqual({ do: 'open' })
    expect(boardKeys.j).toEqual(boardKeys.ArrowDown)
    expect(boardKeys.k).toEqual(boardKeys.ArrowUp)
    expect(boardKeys.x).toBeUndefined()
  })
  test.each([
    [null, 1, 'a'],
    [null, -1, 'a'],
    ['a', 1, 'b'],
    ['a', -1, 'a'],
    ['b', 10, 'c'],
    ['gone', 1, 'a'],
    ['a', Number.POSITIVE_INFINITY, 'c'],
    ['c', Number.NEGATIVE_INFINITY, 'a'],
    [null, Number.POSITIVE_INFINITY, 'c'],
  ] as const)('from %s by %i to %s', (chosen, by, to) => expect(moved(['a', 'b', 'c'], chosen, by)).toBe(to))
  test('of nothing nothing is chosen', () => expect(moved([], null, 1)).toBeNull())
})

describe('steps that are offered', () => {
  const steps = (change: Partial<OutageRow>) =>
    actionsOf(row('a', change)).map(({ step, waits }) => (waits ? `(${step})` : step))
  test.each([
    [{ status: 'open' }, ['acknowledge', 'start', 'assign', 'silence']],
    [{ status: 'acknowledged' }, ['start', 'assign', 'silence']],
    [{ status: 'in-progress' }, ['(resolve)', 'assign', 'silence']],
    [{ status: 'in-progress', down: 0 }, ['resolve', 'assign', 'silence']],
    [{ status: 'resolved', down: 0 }, ['close', 'reopen', 'assign', 'silence']],
    [{ status: 'closed', down: 0 }, ['reopen']],
  ] as const)('%j: %j', (change, offered) => expect(steps(change)).toEqual(offered))
  test('one that was closed too long ago shows that it could have been reopened', () =>
    expect(actionsOf({ status: 'closed', down: 0 }, true)).toEqual([{ step: 'reopen', waits: true }]))
  test('a closed one takes no comment', () => expect(isLegal({ status: 'closed', down: 0 }, 'comment')).toBe(false))
})

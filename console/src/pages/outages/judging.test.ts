import type { Judgement } from '@hub/contracts'
import { expect, test } from 'vitest'
import { now, outageRow } from '../../testing/examples.ts'
import { candidates, offered, undoable } from './judging.ts'

const judgement = (id: number, more: Partial<Judgement> = {}): Judgement => ({
  id,
  at: now,
  actor: 'wang',
  act: 'split',
  outage: 'o-1',
  others: [],
  devices: 2,
  was: { kind: 'switch', key: 'QD-03', mode: 'together' },
  cause: null,
  reason: 'r',
  undoes: null,
  undone: false,
  effect: 'done',
  ...more,
})

test('a lone device is not split, and of what is closed nothing is said', () => {
  const acts = (more: object) => offered(outageRow('o-1', more)).map(({ act }) => act)
  expect(acts({})).toEqual(['confirm', 'split', 'merge', 'cause', 'apart'])
  expect(acts({ members: 1 })).toEqual(['confirm', 'merge', 'cause'])
  expect(acts({ status: 'closed' })).toEqual([])
})

test.each<[string, Judgement[], number | null]>([
  ['the newest', [judgement(2), judgement(1)], 2],
  [
    'the one before, when the newest is undone',
    [judgement(3, { act: 'undo' }), judgement(2, { undone: true }), judgement(1)],
    1,
  ],
  ['none while it is not in effect', [judgement(1, { effect: 'pending' })], null],
  ['none that was said of another', [judgement(1, { outage: 'o-2' })], null],
  ['past one without effect', [judgement(2, { effect: 'lost' }), judgement(1)], 1],
])('undone is %s', (_, judgements, id) => {
  expect(undoable(judgements, outageRow('o-1'))).toBe(id)
})

test('what may be merged: of the same district first, then near in time', () => {
  const rows = [
    outageRow('far', { districts: ['430405'], from: now }),
    outageRow('late', { from: now }),
    outageRow('o-1', { from: now - 1_000 }),
    outageRow('near', { from: now - 2_000 }),
    outageRow('over', { status: 'closed' }),
  ]
  expect(candidates(rows, rows[2]!).map(({ id }) => id)).toEqual(['late', 'near', 'far'])
})

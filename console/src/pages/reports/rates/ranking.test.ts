import type { UptimeRow } from '@hub/contracts'
import { expect, test } from 'vitest'
import { formatOrder, inOrder, parseOrder, rankingOf, reordered, worstOrder } from './ranking.ts'

const row = (district: string, up: number, down: number, unknown = 0): UptimeRow => ({
  key: { district },
  devices: 1,
  up,
  down,
  unknown,
  exempt: 0,
  rate: up + down ? up / (up + down) : null,
})
const now = [row('a', 90, 10), row('b', 0, 0, 100), row('c', 80, 20, 25), row('d', 90, 10)]
const before = [row('a', 95, 5), row('c', 0, 0, 9)]
const ranking = rankingOf(now, before, 'district', (key) => key.toUpperCase())
const ids = (column: Parameters<typeof parseOrder>[0]) =>
  inOrder(ranking, parseOrder(column) ?? worstOrder)
    .map(({ id }) => id)
    .join('')

test('a row knows its change since the period before, where both are known', () => {
  expect(ranking[0]).toMatchObject({ name: 'A', before: 0.95, change: expect.closeTo(-0.05) })
  expect(ranking.slice(1).map(({ change }) => change)).toEqual([null, null, null])
  expect(ranking[2]?.unknownShare).toBeCloseTo(0.2)
})

test('the worst comes first, the unknown last in either direction', () => {
  expect(ids('rate')).toBe('cadb')
  expect(ids('-rate')).toBe('adcb')
  expect(ids('-name')).toBe('dcba')
  expect(ids('-unknown')).toBe('bcad')
})

test('a heading turns the order round, or begins with the worst', () => {
  expect(formatOrder(reordered(worstOrder, 'rate'))).toBe('-rate')
  expect(formatOrder(reordered(worstOrder, 'down'))).toBe('-down')
  expect(formatOrder(reordered(worstOrder, 'change'))).toBe('change')
  expect(parseOrder('-nothing')).toBeNull()
})

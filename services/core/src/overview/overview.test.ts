import { describe, expect, test } from 'vitest'
import { rateTone, worstFirst } from './ranking.ts'
import { snapshot } from './snapshot.ts'

describe('snapshot', () => {
  test('degraded is online, unknown is not, exempt is left out', () => {
    expect(
      snapshot([
        { state: 'up' },
        { state: 'up' },
        { state: 'degraded' },
        { state: 'down' },
        { state: 'unknown' },
        { state: 'down', exempt: true },
      ]),
    ).toEqual({ rate: 0.6, due: 6, up: 2, degraded: 1, down: 1, unknown: 1, exempt: 1 })
  })

  test('of nothing but unknown has no rate: that is not 0 %', () => {
    expect(snapshot([{ state: 'unknown' }, { state: 'unknown' }, { state: 'up', exempt: true }]).rate).toBeNull()
    expect(snapshot([{ state: 'unknown' }, { state: 'down' }]).rate).toBe(0)
  })

  test('has no rate when nothing is due, or all of it is exempt', () => {
    expect(snapshot([]).rate).toBeNull()
    expect(snapshot([{ state: 'up', exempt: true }])).toMatchObject({ rate: null, due: 1, exempt: 1, up: 0 })
  })
})

describe('rateTone', () => {
  test.each([
    [0.97, 'quiet'],
    [0.96, 'quiet'],
    [0.9599, 'amber'],
    [0.94, 'amber'],
    [0.9399, 'red'],
    [0, 'red'],
    [null, 'quiet'],
  ] as const)('%s against 96 %% is %s', (rate, tone) => {
    expect(rateTone(rate, 0.96)).toBe(tone)
  })
})

test('a league is worst first; of equals the one with more down, then by key; without a rate last', () => {
  const group = (key: string, up: number, down: number) => ({
    key,
    now: snapshot([...Array(up).fill({ state: 'up' }), ...Array(down).fill({ state: 'down' })]),
  })
  const groups = [group('e', 0, 0), group('d', 9, 1), group('c', 18, 2), group('b', 9, 1), group('a', 1, 9)]
  expect(groups.sort(worstFirst).map((g) => g.key)).toEqual(['a', 'c', 'b', 'd', 'e'])
})

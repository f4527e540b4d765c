import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs } from '../common/time/units.ts'
import type { Claim } from '../uptime/adjustment/claims.ts'
import { countsFromOf, isExpected, type Judgement, judgeFailure, nextEdge } from './grounds.ts'

/** Midnight in Hengyang; hours after it. */
const midnight = Date.UTC(2026, 10, 21, 16)
const h = (hours: number) => midnight + hours * hourMs
const claim = (from: number, to: number, decided = -24): Claim => ({
  from: h(from),
  to: h(to),
  countAs: 'exempt',
  decidedAt: h(decided),
})
const fresh: Judgement = { expected: false, countsFrom: null }
const planned: Judgement = { expected: true, countsFrom: null }
const later = (hours: number): Judgement => ({ expected: false, countsFrom: h(hours) })

describe('a failure', () => {
  it.each<[string, Judgement, number, Claim[], number, Judgement]>([
    ['without any ground counts from its onset', fresh, 10, [], 11, fresh],
    ['in a window is expected', fresh, 10, [claim(9, 12)], 11, planned],
    ['stays expected while the window lasts', planned, 10, [claim(9, 12)], 11.9, planned],
    ['is not expected from the end of the window on', planned, 10, [claim(9, 12)], 12, later(12)],
    ['is not expected once the exemption is withdrawn', planned, 10, [], 11, later(11)],
    ['is expected over windows without a gap between', fresh, 10, [claim(9, 12), claim(12, 14)], 13, planned],
    ['stays expected where one window follows another', planned, 10, [claim(9, 12), claim(12, 14)], 12, planned],
    ['heard of after its window counts from the end of it', fresh, 10, [claim(9, 12)], 13, later(12)],
    ['just before a window belongs to it', fresh, 10, [claim(10.2, 12)], 11, planned],
    ['long before a window is not explained by it', fresh, 10, [claim(14, 18)], 15, fresh],
    ['is expected from when an exemption is granted later', fresh, 10, [claim(9, 18, 11)], 11, planned],
    ['is expected in a later window, granted since', fresh, 10, [claim(14, 18, 11)], 15, planned],
    ['is not, by an exemption of the past alone', fresh, 10, [claim(10.5, 11, 12)], 12, fresh],
    ['told anew is not explained by the window of the next night', later(12), 10, [claim(33, 36, 9)], 34, later(12)],
    [
      'is expected again by what is granted after that',
      later(12),
      10,
      [claim(13, 18, 13)],
      14,
      { ...later(12), expected: true },
    ],
    ['is no more expected by a correction', fresh, 10, [{ ...claim(9, 12), countAs: 'up' }], 11, fresh],
  ])('%s', (_, was, from, claims, now, judgement) => {
    expect(judgeFailure({ ...was, from: h(from) }, claims, h(now))).toEqual(judgement)
  })
})

const episode = (from: number, more: Partial<Judgement & { to: number | null }> = {}) => ({
  device: String(from),
  sign: 'path' as const,
  from: h(from),
  to: null,
  outage: 'o',
  ...fresh,
  ...more,
})
const some = (count: number, more: Parameters<typeof episode>[1] = {}) =>
  Array.from({ length: count }, () => episode(10, more))

describe('an outage is expected', () => {
  it.each([
    ['when all of it is', some(10, planned), true],
    ['not when one of it is not', [...some(9, planned), ...some(1)], false],
    ['by what is still out, whoever came back meanwhile', [...some(9, { ...planned, to: h(11) }), ...some(1)], false],
    ['by all that was out once it is over', some(3, { ...planned, to: h(11) }), true],
  ])('%s', (_, episodes, expected) => {
    expect(isExpected({ episodes })).toBe(expected)
  })
  it('counts from the first of it that is not; from its onset when that is the first', () => {
    expect(countsFromOf({ episodes: [episode(9, later(12)), episode(10, later(11))] })).toBe(h(11))
    expect(countsFromOf({ episodes: [episode(9, later(12)), episode(9)] })).toBeNull()
    expect(countsFromOf({ episodes: [episode(9, planned), episode(10)] })).toBe(h(10))
    expect(countsFromOf({ episodes: [episode(9, planned)] })).toBeNull()
  })
})

it('the next edge is the first at which an exemption begins or ends, those that come back included', () => {
  const nightly = { from: h(-99), to: h(99), recurrence: { start: '01:00', minutes: 90 } }
  const once = { from: h(0), to: h(6) }
  const edge = (from: number, all: Parameters<typeof nextEdge>[0]) =>
    (nextEdge(all, { from: h(from), to: h(from + 4) }) - midnight) / hourMs
  expect(edge(0, [])).toBe(4)
  expect(edge(0, [nightly, once])).toBe(1)
  expect(edge(1, [nightly, once])).toBe(2.5)
  expect(edge(2.5, [nightly, once])).toBe(6)
  expect(edge(6, [nightly, once])).toBe(10)
  expect(nextEdge([once], { from: h(6) - minuteMs, to: h(7) })).toBe(h(6))
})

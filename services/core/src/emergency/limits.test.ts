import type { IncidentUnit, LimitedStep } from '@hub/contracts'
import { describe, expect, it, test } from 'vitest'
import { dateStart } from '../common/time/city.ts'
import { dayMs, hourMs, minuteMs } from '../common/time/units.ts'
import { clocksOf, type IncidentLimits, nextColourAt, type TimedIncident } from './limits.ts'

const minutes = Object.fromEntries(
  ['verify', 'grade', 'dispatch', 'sign', 'depart', 'arrive', 'end', 'review', 'archive'].map((step, n) => [
    step,
    [10 + n, 20 + n, 30 + n, 40 + n],
  ]),
) as unknown as Record<LimitedStep, [number, number, number, number]>
const limits: IncidentLimits = { minutes, yellowShare: 0.8 }
const t = Date.UTC(2026, 11, 1, 7)

const incident: TimedIncident = {
  status: 'received',
  level: null,
  openedAt: t,
  verifiedAt: null,
  gradedAt: null,
  endedAt: null,
  reviewedAt: null,
  units: [],
}
const unit = (name: string, more: Partial<IncidentUnit> = {}): IncidentUnit => ({
  unit: name,
  part: 'assist',
  dispatchedAt: t + 3 * minuteMs,
  signedAt: null,
  departedAt: null,
  arrivedAt: null,
  ...more,
})
const shortly = (of: Partial<TimedIncident>, now = t) =>
  clocksOf({ ...incident, ...of }, now, limits).map(({ step, unit: name, from, due }) =>
    [step, name, (from - t) / minuteMs, (due - from) / minuteMs].filter((part) => part !== null).join(' '),
  )

describe('the limits that run', () => {
  it.each<[string, Partial<TimedIncident>, string[]]>([
    ['an ungraded one is held to the worst level', {}, ['verify 0 10']],
    ['a level that came with the report counts at once', { level: 4 }, ['verify 0 40']],
    ['verified', { status: 'verified', verifiedAt: t + minuteMs }, ['grade 1 11']],
    ['graded', { status: 'graded', level: 2, gradedAt: t + 2 * minuteMs }, ['dispatch 2 22', 'end 0 26']],
    [
      'each unit by itself',
      {
        status: 'signed',
        level: 1,
        units: [unit('甲', { signedAt: t + 4 * minuteMs }), unit('乙'), unit('丙', { arrivedAt: t })],
      },
      ['sign 乙 3 13', 'end 0 16', 'depart 甲 4 14'],
    ],
    [
      'on the way',
      { status: 'departed', level: 1, units: [unit('甲', { signedAt: t, departedAt: t })] },
      ['arrive 甲 0 15', 'end 0 16'],
    ],
    ['handled', { status: 'handling', level: 3 }, ['end 0 36']],
    ['ended', { status: 'ended', level: 3, endedAt: t + 9 * minuteMs }, ['review 9 37']],
    ['reviewed', { status: 'reviewed', level: 3, reviewedAt: t + 9 * minuteMs }, ['archive 9 38']],
    ['archived', { status: 'archived', level: 3 }, []],
    ['dismissed', { status: 'dismissed' }, []],
    ['merged', { status: 'merged', level: 1 }, []],
    [
      'opened anew, nothing counts from before',
      { status: 'dispatched', level: 1, openedAt: t + hourMs, units: [unit('甲')] },
      ['sign 甲 60 13', 'end 60 16'],
    ],
  ])('of one that is %s', (_, of, expected) => {
    expect(shortly(of)).toEqual(expected)
  })

  it.each([
    [0, 'none'],
    [8 * minuteMs - 1, 'none'],
    [8 * minuteMs, 'yellow'],
    [10 * minuteMs, 'yellow'],
    [10 * minuteMs + 1, 'red'],
    [dayMs, 'red'],
  ])('have after %i ms the colour %s', (after, colour) => {
    expect(clocksOf(incident, t + after, limits)[0]?.colour).toBe(colour)
  })

  it.each([
    ['midnight', '2026-12-01'],
    ['the end of a month', '2027-01-31'],
    ['the end of a year', '2026-12-31'],
    ['29 February', '2028-02-29'],
  ])('run over %s as over any other minute', (_, day) => {
    const openedAt = dateStart(day) + dayMs - 9 * minuteMs
    const at = (after: number) => clocksOf({ ...incident, openedAt }, openedAt + after, limits)[0]!
    expect(at(0).due - openedAt).toBe(10 * minuteMs)
    expect([at(8 * minuteMs).colour, at(10 * minuteMs).colour, at(10 * minuteMs + 1).colour]).toEqual([
      'yellow',
      'yellow',
      'red',
    ])
  })
})

test('the next change of colour is found to the millisecond, whatever the share', () => {
  for (const yellowShare of [0, 1 / 3, 0.8, 1]) {
    const own = { ...limits, yellowShare }
    const graded: TimedIncident = { ...incident, status: 'graded', level: 1, gradedAt: t }
    const colours = (at: number) =>
      clocksOf(graded, at, own)
        .map(({ colour }) => colour)
        .join()
    let now = t
    for (let changes = 0; ; changes++) {
      const next = nextColourAt(clocksOf(graded, now, own), now, own)
      if (next === null) {
        expect(colours(now)).toBe('red,red')
        expect(changes).toBeGreaterThanOrEqual(2)
        break
      }
      expect(colours(next - 1)).toBe(colours(now))
      expect(colours(next)).not.toBe(colours(now))
      now = next
    }
  }
})

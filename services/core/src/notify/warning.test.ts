import { describe, expect, test } from 'vitest'
import { hourMs } from '../common/time/units.ts'
import { unitsOf } from '../work-orders/units.ts'
import { type Warning, type WarningRecipient, warnedLimit, warns } from './warning.ts'

/** 04:00 of the city. */
const night = Date.UTC(2026, 10, 21, 20)
const day = { hours: { from: 8, to: 20 } }
const always = { hours: null }
const warning: Warning = { colour: 'yellow', unit: '甲', class: 'urban', districts: ['430405'], silencedUntil: null }
const everyone: WarningRecipient = { overtime: 'yellow', least: 'low' }

describe('a warning goes', () => {
  test.each<[string, Partial<Warning>, Warning['colour'][], Partial<WarningRecipient>, boolean]>([
    ['to whoever wants it', {}, [], {}, true],
    ['once of a colour', {}, ['yellow'], {}, false],
    ['again when it turns red', { colour: 'red' }, ['yellow'], {}, true],
    ['never yellow after red', {}, ['red'], {}, false],
    ['to nobody who wants none', { colour: 'red' }, [], { overtime: 'none' }, false],
    ['only red to who wants red', {}, [], { overtime: 'red' }, false],
    ['only red to who wants red', { colour: 'red' }, [], { overtime: 'red' }, true],
    ['to the recipient of another unit not', {}, [], { units: ['乙'] }, false],
    ['to the recipient of its unit', {}, [], { units: ['乙', '甲'] }, true],
    ['to the recipient of another district not', {}, [], { districts: ['430426'] }, false],
    ['of what matters most only', {}, [], { least: 'high' }, false],
    ['of what matters most only', { class: 'core' }, [], { least: 'high' }, true],
    ['while its outage is silenced not', { silencedUntil: night + 1 }, [], {}, false],
    ['after the silence', { silencedUntil: night }, [], {}, true],
  ])('%s (%#)', (_, of, told, to, expected) => {
    expect(warns({ ...warning, ...of }, told, { ...everyone, ...to }, night, always)).toBe(expected)
  })

  test('at night only of class-1 points', () => {
    expect(warns(warning, [], everyone, night, day)).toBe(false)
    expect(warns({ ...warning, class: 'core' }, [], everyone, night, day)).toBe(true)
    expect(warns(warning, [], everyone, night + 5 * hourMs, day)).toBe(true)
  })
})

test.each([
  ['near', { receivedAt: null, doneAt: null }, 1.7 * hourMs, 'respond'],
  ['passed', { receivedAt: null, doneAt: null }, 3 * hourMs, 'respond'],
  ['passed, the other met late', { receivedAt: 3 * hourMs, doneAt: null }, 25 * hourMs, 'repair'],
  ['met late', { receivedAt: 3 * hourMs, doneAt: null }, 4 * hourMs, 'respond'],
  ['near, the other met', { receivedAt: hourMs, doneAt: null }, 20 * hourMs, 'repair'],
])('the limit that is %s gave the colour', (_, met, now, which) => {
  const order = { issuedAt: 0, respondBy: 2 * hourMs, repairBy: 24 * hourMs, ...met }
  expect(warnedLimit(order, now, { yellowShare: 0.8 }).which).toBe(which)
})

test('who repairs and does not handle outages sees the orders of one unit; of none, none', () => {
  expect(unitsOf({ permissions: ['view', 'repair'], unit: '甲' })).toEqual(['甲'])
  expect(unitsOf({ permissions: ['view', 'repair'], unit: null })).toEqual([])
  expect(unitsOf({ permissions: ['view', 'repair', 'outages'], unit: '甲' })).toBe('all')
  expect(unitsOf({ permissions: ['view', 'audit'], unit: null })).toBe('all')
})

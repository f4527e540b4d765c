import { expect, test } from 'vitest'
import { minuteMs } from '../common/time/units.ts'
import { type UnreportedOutage, unreportedOf } from './unreported.ts'

const blink = (id: string, change: Partial<UnreportedOutage> = {}): UnreportedOutage => ({
  id,
  cause: { kind: 'device', key: id, mode: 'together' },
  expected: false,
  from: 0,
  to: 5 * minuteMs,
  members: 1,
  importance: 'low',
  silencedUntil: null,
  districts: ['430405'],
  ...change,
})
const everyone = { least: 'low' } as const

test('the worst is the most important, then the widest; the longest is another', () => {
  const unreported = unreportedOf(everyone, [
    blink('a'),
    blink('b', { members: 3 }),
    blink('c', { importance: 'high', to: minuteMs }),
    blink('d', { to: 90 * minuteMs }),
  ])
  expect(unreported).toMatchObject({ count: 4, worst: { id: 'c' }, longest: { id: 'd' } })
})

test.each<[string, Partial<UnreportedOutage>]>([
  ['is down still', { to: null }],
  ['was expected', { expected: true }],
  ['was silenced', { silencedUntil: 1 }],
  ['flaps', { cause: { kind: 'flapping', key: 'a', mode: 'rolling' } }],
  ['is of another district', { districts: ['430481'] }],
])('what %s is not unreported', (_, change) => {
  expect(unreportedOf({ least: 'low', districts: ['430405'] }, [blink('a', change)])).toBeNull()
})

test('who wants only what is important hears of nothing else', () => {
  expect(unreportedOf({ least: 'high' }, [blink('a')])).toBeNull()
})

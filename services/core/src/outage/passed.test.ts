import { expect, test } from 'vitest'
import { type PassedOutage, passedOf } from './passed.ts'

const minute = 60_000
const blink = (id: string, change: Partial<PassedOutage> = {}): PassedOutage => ({
  ...{ id, cause: { kind: 'device', key: id, mode: 'together' }, expected: false, from: 0, to: 5 * minute, members: 1 },
  ...{ importance: 'low', silencedUntil: null, districts: ['430405'], ...change },
})
const everyone = { least: 'low' } as const

test('the worst is the most important, then the widest; the longest is another', () => {
  const passed = passedOf(everyone, [
    blink('a'),
    blink('b', { members: 3 }),
    blink('c', { importance: 'high', to: minute }),
    blink('d', { to: 90 * minute }),
  ])
  expect(passed).toMatchObject({ count: 4, worst: { id: 'c' }, longest: { id: 'd' } })
})

test.each<[string, Partial<PassedOutage>]>([
  ['is down still', { to: null }],
  ['was expected', { expected: true }],
  ['was silenced', { silencedUntil: 1 }],
  ['flaps', { cause: { kind: 'flapping', key: 'a', mode: 'rolling' } }],
  ['is of another district', { districts: ['430481'] }],
])('what %s has not passed', (_, change) => {
  expect(passedOf({ least: 'low', districts: ['430405'] }, [blink('a', change)])).toBeNull()
})

test('who wants only what is important hears of nothing else', () => {
  expect(passedOf({ least: 'high' }, [blink('a')])).toBeNull()
})

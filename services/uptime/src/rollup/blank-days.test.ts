import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blankDays as blankDaysTable } from '../migrations/0003-blank-days.ts'
import { blankDays } from './blank-days.ts'

test('whatever days become blank or cease to be, the stretches are those of a set of days, as few as can be', () => {
  const change = fc.array(fc.tuple(fc.nat(30), fc.boolean()), { maxLength: 8 })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const sqlite = new DatabaseSync(':memory:')
      sqlite.exec(blankDaysTable)
      const blanks = blankDays(sqlite)
      const set = new Set<number>()
      for (const days of changes) {
        blanks.change('d', new Map(days))
        for (const [day, is] of new Map(days))
          if (is) set.add(day)
          else set.delete(day)
        const sorted = [...set].sort((a, b) => a - b)
        expect([...blanks.days('d', 0, 100)]).toEqual(sorted)
        const { n } = sqlite.prepare('SELECT count(*) AS n FROM uptime_blank').get() as { n: number }
        expect(n).toBe(sorted.filter((day) => !set.has(day - 1)).length)
      }
      sqlite.close()
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addToRanges, Ledger, type Range } from './batch-ledger.ts'

test('ranges hold exactly the numbers added, in as few ranges as can be', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (numbers) => {
      const ranges: Range[] = []
      const seen = new Set<number>()
      for (const n of numbers) {
        expect(addToRanges(ranges, n)).toBe(!seen.has(n))
        seen.add(n)
      }
      const held = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      expect(held).toEqual([...seen].sort((a, b) => a - b))
      for (const [i, [first]] of ranges.entries()) if (i > 0) expect(first).toBeGreaterThan(ranges[i - 1]![1] + 1)
    }),
  )
})

test('a batch is known by gateway, epoch and seq together', () => {
  const ledger = new Ledger()
  expect(ledger.add('a', { epoch: 1, seq: 5 })).toBe(true)
  expect(ledger.add('a', { epoch: 1, seq: 5 })).toBe(false)
  expect(ledger.add('a', { epoch: 2, seq: 5 })).toBe(true)
  expect(ledger.add('b', { epoch: 1, seq: 5 })).toBe(true)
  expect(ledger.takeChanged()).toEqual([
    { spool: 'a:1', ranges: [[5, 5]] },
    { spool: 'a:2', ranges: [[5, 5]] },
    { spool: 'b:1', ranges: [[5, 5]] },
  ])
  expect(ledger.takeChanged()).toEqual([])
})

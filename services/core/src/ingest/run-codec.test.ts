import { reasons, rungs, verdicts } from '@hub/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRuns, encodeRuns, storedReasons, storedRungs, storedVerdicts } from './run-codec.ts'
import { maxConfirm, type Run } from './types.ts'

const someRun: fc.Arbitrary<Run> = fc
  .record({
    verdict: fc.constantFrom(...verdicts),
    rung: fc.constantFrom(...rungs),
    reason: fc.option(fc.constantFrom(...reasons), { nil: undefined }),
    firstAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    lasts: fc.nat(3_600_000),
    validity: fc.integer({ min: 100, max: 8_640_000_000 }),
    count: fc.integer({ min: 1, max: 36_000 }),
    gaps: fc.array(fc.nat(900_000), { maxLength: maxConfirm - 1 }),
  })
  .map(({ reason, firstAt, lasts, validity, gaps, ...rest }) => {
    const heads = [firstAt]
    for (const gap of gaps) heads.push(heads.at(-1)! + gap)
    const lastAt = firstAt + lasts
    return { ...rest, ...(reason && { reason }), firstAt, lastAt, freshUntil: lastAt + validity, heads }
  })

test('whatever runs are packed, the same come out', () => {
  fc.assert(
    fc.property(fc.array(someRun, { maxLength: 30 }), (runs) => {
      expect(decodeRuns(encodeRuns(runs))).toEqual(runs)
    }),
  )
})

test('every word of the contract has its code, and keeps it', () => {
  expect([...storedVerdicts]).toEqual([...verdicts])
  expect([...storedRungs]).toEqual([...rungs])
  expect([...storedReasons]).toEqual([...reasons])
})

test('a healthy day takes less than half a kilobyte', () => {
  const day = Array.from({ length: 24 }, (_, hour): Run => {
    const at = 1_800_000_000_000 + hour * 3_600_000 + 12_345
    const heads = [0, 1, 2, 3, 4].map((n) => at + n * 30_000 + ((n * 7) % 25))
    return {
      verdict: 'pass',
      rung: 'decodes',
      firstAt: at,
      lastAt: at + 3_570_011,
      freshUntil: at + 3_660_011,
      count: 120,
      heads,
    }
  })
  expect(encodeRuns(day).length).toBeLessThan(500)
})

test('bytes that are cut off, or of another format, are refused', () => {
  expect(() => decodeRuns(Uint8Array.from([9, 0]))).toThrow(new RangeError('runs of format 9 are not known'))
  expect(() => decodeRuns(Uint8Array.from([1, 1, 0, 0]))).toThrow(new RangeError('runs end before their end'))
})

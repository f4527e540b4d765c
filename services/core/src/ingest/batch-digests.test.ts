import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchLine, decodeDigests, encodeDigests, rangesOf, seqRanges } from './batch-digests.ts'

const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 })
const batchOf = (signed: boolean) =>
  fc.record({
    seq: fc.integer({ min: 1, max: 10_000_000 }),
    firstAt: time,
    lastAt: time,
    count: fc.nat(),
    receivedAt: time,
    digest: fc.stringMatching(/^[0-9a-f]{64}$/),
    signature: signed ? fc.stringMatching(/^[\w-]{86}$/) : fc.constant(''),
  })

test('digests come out as they went in, whatever clocks have said', () => {
  const some = fc.boolean().chain((signed) => fc.array(batchOf(signed), { minLength: 1, maxLength: 20 }))
  fc.assert(
    fc.property(some, (batches) => {
      expect(decodeDigests(encodeDigests(batches))).toEqual(batches)
    }),
  )
})

test('numbers are written as ranges, and read again', () => {
  expect(seqRanges([1, 2, 3, 7, 9, 10])).toBe('1-3,7,9-10')
  expect(rangesOf('1-3,7,9-10')).toEqual([
    { from: 1, to: 3 },
    { from: 7, to: 7 },
    { from: 9, to: 10 },
  ])
})

test('a line says who, when and what, with a dash for what there is not', () => {
  const batch = { seq: 7, firstAt: 1, lastAt: 2, count: 3, receivedAt: 4, digest: 'd', signature: '' }
  expect(batchLine({ gateway: 'g', epoch: 5, key: '' }, batch)).toBe('g\t5\t7\t1\t2\t3\t4\td\t-\t-')
})

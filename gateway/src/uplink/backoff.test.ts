import { expect, test } from 'vitest'
import { type AckTimes, ackTimeout, measured, patience } from './backoff.ts'

const after = (...ms: number[]) => ms.reduce<AckTimes | undefined>(measured, undefined)

test('acknowledgement times are smoothed as RFC 6298 says', () => {
  expect(after(800)).toEqual({ mean: 800, deviation: 400 })
  expect(after(800, 1_600)).toEqual({ mean: 900, deviation: 500 })
})

test('the timeout is the mean and four deviations, from 5 to 120 seconds', () => {
  expect(ackTimeout(undefined)).toBe(5_000)
  expect(ackTimeout(after(100, 100, 100))).toBe(5_000)
  expect(ackTimeout(after(8_000))).toBe(24_000)
  expect(ackTimeout(after(100_000))).toBe(120_000)
})

test('a batch is left alone for a minute and more, longer with each sending and where the centre is slow', () => {
  const seconds = (attempt: number, entropy: number, times?: AckTimes) => patience(attempt, times, entropy) / 1_000
  expect([seconds(1, 0), seconds(1, 0.999).toFixed()]).toEqual([60, '90'])
  expect([1, 2, 3, 50].map((attempt) => seconds(attempt, 0))).toEqual([60, 120, 120, 120])
  const slow = after(...Array<number>(50).fill(100_000))
  expect([seconds(1, 0, slow).toFixed(), seconds(2, 0, slow).toFixed()]).toEqual(['200', '200'])
})

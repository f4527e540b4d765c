import { expect, test } from 'vitest'
import { defaultRetryPolicy, retryAt } from './retry.ts'

const now = 1_800_000_000_000
const dayMs = 86_400_000
const wait = (tries: number, { random = 0.5, askedMs = null as number | null, age = 0 } = {}) => {
  const at = retryAt({ tries, createdAt: now - age, askedMs }, now, random)
  return at === null ? null : at - now
}

test.each([
  [1, {}, 5_000],
  [2, {}, 10_000],
  [10, {}, 1_800_000],
  [1, { random: 0 }, 3_750],
  [1, { askedMs: 120_000 }, 120_000],
  [8, { askedMs: 1_000 }, 640_000],
  [39, {}, 1_800_000],
  [40, {}, null],
  [3, { age: dayMs - 1_000 }, null],
  [1, { askedMs: dayMs + 1 }, null],
])('after %i tries, %j: %s ms', (tries, given, ms) => {
  expect(wait(tries, given)).toBe(ms)
})

test('a channel that is gone is tried for nearly a day', () => {
  let at = now
  let tries = 0
  for (let next: number | null = now; next !== null; ) {
    at = next
    tries++
    next = retryAt({ tries, createdAt: now, askedMs: null }, at, 0.5)
  }
  expect(tries).toBeLessThanOrEqual(defaultRetryPolicy.tries)
  expect(at - now).toBeGreaterThan(0.6 * dayMs)
})

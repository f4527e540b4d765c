import { expect, test } from 'vitest'
import { pauseAfter } from './pace.ts'

test.each([
  [0, 1_000],
  [80, 1_000],
  [900, 9_000],
  [4_000, 40_000],
])('after a reading of %d ms the list is read again in %d ms at the soonest', (took, pause) => {
  expect(pauseAfter(took)).toBe(pause)
})

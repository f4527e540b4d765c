import { createManualClock } from '@hub/platform'
import { expect, test } from 'vitest'
import { createLoopWatch, lateBoundMs } from './loop.ts'

test('a loop that keeps time is never late', () => {
  const clock = createManualClock()
  const loop = createLoopWatch(clock)
  const since = clock.now()
  clock.advance(60_000)
  clock.jump(lateBoundMs)
  expect(loop.wasLate(since)).toBe(false)
  expect(loop.stats()).toEqual({ lateMs: 0, lateTimes: 0 })
})

test('a process that was stopped was late for what was under way, and not for what began after', () => {
  const clock = createManualClock()
  const loop = createLoopWatch(clock)
  clock.advance(1_000)
  const before = clock.now()
  clock.jump(20_000)
  const after = clock.now() + 1
  expect(loop.wasLate(before)).toBe(true)
  clock.advance(100)
  expect(loop.wasLate(after)).toBe(false)
  expect(loop.stats()).toEqual({ lateMs: 19_900, lateTimes: 1 })
  clock.advance(61_000)
  expect(loop.stats()).toEqual({ lateMs: 0, lateTimes: 1 })
})

test('it is late before its own timer has told so: after a stop any timer may be the first', () => {
  const clock = createManualClock()
  const asked: boolean[] = []
  // Set first, so that it runs before the watch's own.
  const since = clock.now()
  clock.after(50, () => asked.push(loop.wasLate(since)))
  const loop = createLoopWatch(clock)
  clock.jump(5_000)
  expect(asked).toEqual([true])
})

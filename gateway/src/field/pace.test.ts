import { expect, it } from 'vitest'
import { letterBuckets, type Pace, paced, take } from './pace.ts'

const start = 1_800_000_000_000
/** What each of `count` messages waits that all come at one time. */
function waits(count: number, every = 30_000): number[] {
  let pace: Pace | undefined
  return Array.from({ length: count }, () => {
    const next = paced(pace, every, start)
    pace = next.pace
    return next.waitMs
  })
}

it('a sensor that was cut off for an hour sends its backlog without a wait, or with a short one', () => {
  expect(Math.max(...waits(100))).toBe(0)
  expect(waits(120).at(-1)).toBe(400)
})

it('a backlog of a day comes at fifty a second; what comes without end at ten times what is due', () => {
  expect(waits(8_640, 10_000).at(-1)).toBe((8_640 - 100) * 20)
  const [last, next] = waits(22_000, 10_000).slice(-2)
  expect(next! - last!).toBe(1_000)
})

it('what is due is never held', () => {
  let pace: Pace | undefined
  for (let at = start; at < start + 10_000_000; at += 100) {
    const next = paced(pace, 100, at)
    pace = next.pace
    expect(next.waitMs).toBe(0)
  }
})

it('twenty dead letters at once, then one a minute', () => {
  let pace: Pace | undefined
  let taken = 0
  for (let at = start; at < start + 600_000; at += 1_000) {
    const next = take(letterBuckets, pace, at)
    if (next.waitMs > 0) continue
    pace = next.pace
    taken++
  }
  expect(taken).toBe(20 + 9)
})

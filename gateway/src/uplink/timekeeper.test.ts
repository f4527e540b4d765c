import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockError, keep, type OffsetSample, sampleOf } from './offset.ts'
import { createTimekeeper } from './timekeeper.ts'

/** A gateway whose machine clock is `wrong` ms behind the centre, on a counter that the test turns. */
function gatewayClock(wrong: number) {
  let counter = 1_000
  let shift = 0
  const centre = () => 1_800_000_000_000 + counter
  const correct = (errorMs: number) => {
    shift += errorMs
  }
  const wait = (ms: number) => {
    counter += ms
  }
  const clock = { now: () => centre() - wrong + shift, correct }
  const timekeeper = createTimekeeper(clock, { monotonic: () => counter, wall: () => centre() - wrong })
  /** One exchange: `there` and `back` are the ways' lengths. */
  const exchange = (there: number, back: number) => {
    const sentAt = counter
    counter += there
    const centreAt = centre()
    counter += back
    timekeeper.take({ sentAt, centreAt, receivedAt: counter })
  }
  return { clock, timekeeper, exchange, centre, wait }
}

describe('the clock of a gateway', () => {
  it('is known to be wrong only after the first exchange', () => {
    const { timekeeper, exchange } = gatewayClock(86_400_000)
    expect(timekeeper.offsetMs()).toBeNull()
    exchange(5, 5)
    expect(timekeeper.offsetMs()).toBe(86_400_000)
  })

  it('is put right within half a round trip, whichever way is slow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -86_400_000, max: 86_400_000 }),
        fc.array(fc.tuple(fc.nat(2_000), fc.nat(2_000)), { minLength: 1, maxLength: 20 }),
        (wrong, ways) => {
          const { clock, exchange, centre } = gatewayClock(wrong)
          for (const [there, back] of ways) exchange(there, back)
          const least = Math.min(...ways.map(([there, back]) => there + back))
          // Half the round trip is what the sample may lie; as much again is what is not worth correcting.
          expect(Math.abs(clock.now() - centre())).toBeLessThanOrEqual(Math.max(1, least))
        },
      ),
    )
  })

  it('follows the quickest exchange of the last five minutes, not the latest', () => {
    const { clock, exchange, centre, wait } = gatewayClock(500)
    exchange(2, 2)
    wait(60_000)
    exchange(3_000, 10)
    expect(Math.abs(clock.now() - centre())).toBeLessThanOrEqual(1)
  })
})

it('forgets samples after five minutes, and keeps thirty-two', () => {
  const at = (receivedAt: number) => sampleOf({ sentAt: receivedAt - 1, centreAt: 0, receivedAt })
  let samples: OffsetSample[] = []
  for (let i = 0; i < 100; i++) samples = keep(samples, at(i))
  expect(samples.length).toBe(32)
  expect(keep(samples, at(300_098)).length).toBe(2)
})

it('leaves an error alone that the sample cannot tell from none', () => {
  const sample = sampleOf({ sentAt: 0, centreAt: 1_050, receivedAt: 100 })
  expect(clockError(sample, 100, 1_051)).toBe(0)
  expect(clockError(sample, 100, 1_000)).toBe(100)
})

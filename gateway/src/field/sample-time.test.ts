import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SensorClock, sampleOfNow, sampleTime, standsStill, unknownClock } from './sample-time.ts'

const start = 1_800_000_000_000
const every = 30_000
const hour = 3_600_000
const day = 24 * hour

/** Samples as [taken, arrived] in ms since the start, by a sensor whose clock is off. */
function run(samples: [taken: number, arrived: number][], offset = 0, before: SensorClock = unknownClock) {
  let clock = before
  const times = samples.map(([taken, arrived]) => {
    const time = sampleTime(clock, start + taken + offset, start + arrived, every)
    clock = time.clock
    return { at: time.at - start, late: time.late, ...(time.offset !== undefined && { offset: time.offset }) }
  })
  return { times, clock }
}
const live = (count: number, from = 0): [number, number][] =>
  Array.from({ length: count }, (_, n) => [from + n * every, from + n * every + 40])

describe('a sample', () => {
  it('that comes at once is of its own time, and tells the clock', () => {
    expect(run([[0, 40]]).times).toEqual([{ at: 0, late: false, offset: -40 }])
  })

  it('of a backlog is of its own time, and tells nothing of the clock', () => {
    // An hour without a line, then everything within two seconds: the oldest first.
    const backlog = Array.from({ length: 120 }, (_, n): [number, number] => [n * every, hour + n * 15])
    for (const before of [unknownClock, run(live(3, -2 * hour)).clock]) {
      const { times, clock } = run([...backlog, ...live(1, hour + 2_000)], 0, before)
      expect(times.map(({ at }) => at)).toEqual([...backlog, [hour + 2_000]].map(([taken]) => taken))
      expect(times.slice(0, 119).every(({ late, offset }) => late && offset === undefined)).toBe(true)
      expect(clock).toEqual({ offset: 0, late: null })
    }
  })

  it('of a backlog that comes newest first is of its own time too', () => {
    const backlog = Array.from({ length: 120 }, (_, n): [number, number] => [hour - n * every, hour + n * 15])
    expect(run(backlog).times.map(({ at }) => at)).toEqual(backlog.map(([taken]) => taken))
  })

  it('of a clock that is ahead is of when it came, from the first one on', () => {
    expect(run(live(2), 8 * hour).times).toEqual([
      { at: 40, late: false, offset: 8 * hour - 40 },
      { at: every + 40, late: false, offset: 8 * hour - 40 },
    ])
  })

  it('of a clock that is behind is of when it came, once it has been as late for three intervals', () => {
    const { times } = run(live(6), -8 * hour)
    expect(times.map(({ at, late }) => (late ? 'late' : at % every))).toEqual(['late', 'late', 'late', 40, 40, 40])
    expect(times.at(-1)!.offset).toBe(-8 * hour - 40)
  })

  it('of a clock that is behind or ahead and known is of its right time in a backlog', () => {
    for (const offset of [-8 * hour, 8 * hour]) {
      const { clock } = run(live(6, -6 * every), offset)
      const backlog = Array.from({ length: 120 }, (_, n): [number, number] => [n * every, hour + n * 15])
      const right = run(backlog, offset, clock).times.map(({ at }, n) => at - n * every)
      // By what the way took when the clock was read.
      for (const error of right.slice(0, 119)) expect(Math.abs(error)).toBeLessThanOrEqual(40)
    }
  })

  it('of a clock that was put right is of its own time again', () => {
    for (const offset of [-8 * hour, 8 * hour]) {
      const { clock } = run(live(6, -6 * every), offset)
      expect(run(live(1), 0, clock).times).toEqual([{ at: 0, late: false, offset: -40 }])
    }
  })

  it.each([
    ['1970', -start],
    ['a week ago', -7 * day],
  ])('of %s is of when it came: no sensor has kept it', (_, offset) => {
    expect(run([[0, 0]], offset).times).toEqual([{ at: 0, late: false, offset }])
  })

  it('is never of a time beyond the bounds, whatever the clock says', () => {
    const lead = fc.oneof(fc.integer({ min: -start, max: 10 * day }), fc.integer({ min: -20_000, max: 20_000 }))
    fc.assert(
      fc.property(fc.array(fc.tuple(lead, fc.nat(60_000)), { maxLength: 40 }), (samples) => {
        let [clock, now] = [unknownClock, start]
        for (const [ahead, passed] of samples) {
          now += passed
          const time = sampleTime(clock, now + ahead, now, every)
          clock = time.clock
          expect(time.at).toBeLessThanOrEqual(now + 5_000)
          expect(time.at).toBeGreaterThanOrEqual(now - 6 * day)
          if (!time.late) expect(Math.abs(time.at - now)).toBeLessThanOrEqual(5_000)
        }
      }),
    )
  })
})

it('a clock stands still that gives two samples one time; a message that comes twice, or in two parts, does not show it', () => {
  const sample = { at: start, values: { pm25: 1 } }
  expect(standsStill(undefined, sample)).toBe(false)
  expect(standsStill(sample, sample)).toBe(false)
  expect(standsStill(sample, { at: start, values: { noise: 2 } })).toBe(false)
  expect(standsStill(sample, { at: start, values: { pm25: 2 } })).toBe(true)
  expect(standsStill({ ...sample, at: null }, { at: null, values: { pm25: 2 } })).toBe(false)
})

it('a sample without a time is of when it came', () => {
  expect(sampleOfNow(null, start, unknownClock)).toEqual({ at: start, late: false, clock: unknownClock })
})

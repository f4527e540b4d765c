import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deafened, type Freshness, listening, slept, sweep } from './freshness.ts'

const start = 1_800_000_000_000
const every = 10_000

/** Sweeps at each of the times, in turn; what was reported. */
function sweepAt(state: Freshness, times: number[]): number[] {
  const reported: number[] = []
  let now = state
  for (const time of times) {
    const { missedAt, state: next } = sweep(now, start + time)
    reported.push(...missedAt.map((at) => at - start))
    now = next
  }
  return reported
}

describe('silence', () => {
  it.each([
    ['of less than an interval and a half is none', [9_999, 14_999], []],
    ['is reported an interval and a half after the last data, as of when data was due', [15_000], [10_000]],
    ['of one lost message is told twice', [15_000, 18_500, 19_999], [10_000, 13_333]],
    ['is told three times within two and a half intervals', [15_000, 18_500, 22_000], [10_000, 13_333, 16_667]],
    ['is told once for each interval after that', [24_900, 25_000, 35_000], [10_000, 13_333, 16_667, 20_000, 30_000]],
    ['is reported at its own instants, however late the sweep', [36_000], [10_000, 13_333, 16_667, 20_000, 30_000]],
  ])('%s', (_, times, reported) => {
    expect(sweepAt(listening(every, start), times)).toEqual(reported)
  })

  it('is judged later by the time in which nothing was read, and told as of when it was', () => {
    const held = deafened(listening(every, start), 4_000)
    expect(sweepAt(held, [18_999])).toEqual([])
    expect(sweepAt(held, [19_000])).toEqual([10_000])
  })

  it('begins anew with data', () => {
    const after = listening(every, start + 14_000)
    expect(sweepAt(after, [15_000, 28_999, 29_000])).toEqual([24_000])
  })

  it('is reported the same, whenever the sweeps are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { maxLength: 30 }), (times) => {
        const ordered = [...times, 200_000].sort((a, b) => a - b)
        expect(sweepAt(listening(every, start), ordered)).toEqual(sweepAt(listening(every, start), [200_000]))
      }),
    )
  })

  it('of a long time makes no more than a hundred reports at once', () => {
    expect(sweepAt(listening(100, start), [86_400_000]).length).toBe(100)
  })

  it('that the gateway slept through is not a sensor’s', () => {
    expect(slept(start, start + 5_000)).toBe(false)
    expect(slept(start, start + 5_001)).toBe(true)
  })
})

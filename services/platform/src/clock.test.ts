import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createManualClock } from './manual-clock.ts'
import { createSystemClock, monotonic } from './system-clock.ts'

describe('the system clock', () => {
  const at = (start: number) => {
    let tick = 0
    const clock = monotonic(start, () => tick)
    const pass = (ms: number) => {
      tick += ms
    }
    return { clock, pass }
  }

  it('steps forward at once when it is behind', () => {
    const { clock, pass } = at(1_000)
    pass(10)
    clock.correct(500)
    expect(clock.now()).toBe(1_510)
  })

  it('runs at half speed while it is ahead, until the error is gone', () => {
    const { clock, pass } = at(1_000)
    clock.correct(-100)
    pass(100)
    expect(clock.now()).toBe(1_050)
    pass(100)
    expect(clock.now()).toBe(1_100)
    pass(100)
    expect(clock.now()).toBe(1_200)
  })

  it('a new measurement replaces what is left of the last one', () => {
    const { clock, pass } = at(1_000)
    clock.correct(-1_000)
    pass(100)
    clock.correct(0)
    pass(100)
    expect(clock.now()).toBe(1_150)
  })

  it('never goes back, whatever it is told', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(10_000), fc.option(fc.integer({ min: -1e9, max: 1e9 })), fc.nat(10)), {
          maxLength: 50,
        }),
        (steps) => {
          const { clock, pass } = at(1_800_000_000_000)
          let last = clock.now()
          for (const [ms, error, reads] of steps) {
            pass(ms)
            if (error !== null) clock.correct(error)
            for (let n = 0; n <= reads; n++) {
              expect(clock.now()).toBeGreaterThanOrEqual(last)
              last = clock.now()
            }
          }
        },
      ),
    ))

  it('starts at the wall clock, and its timers fire and cancel', async () => {
    const clock = createSystemClock()
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50)
    const fired: string[] = []
    clock.after(1, () => fired.push('cancelled'))()
    const stop = clock.every(1, () => fired.push('every'))
    await new Promise<void>((resolve) => clock.after(20, resolve))
    stop()
    expect(fired).toContain('every')
    expect(fired).not.toContain('cancelled')
  })

  it('follows the wall clock forward when it is told to, and not otherwise', () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval'] })
    try {
      const started = Date.now()
      const [following, alone] = [createSystemClock({ followWallEveryMs: 60_000 }), createSystemClock()]
      vi.setSystemTime(started + 3_600_000)
      vi.advanceTimersByTime(60_000)
      expect(following.now() - started).toBeGreaterThanOrEqual(3_660_000)
      expect(alone.now() - started).toBeLessThan(60_000)
    } finally {
      vi.useRealTimers()
    }
  })

  it('a timer longer than setTimeout can count does not fire at once', async () => {
    const clock = createSystemClock()
    let fired = 0
    const cancel = clock.after(2 ** 31 + 1_000, () => void fired++)
    await new Promise((resolve) => setTimeout(resolve, 20))
    cancel()
    expect(fired).toBe(0)
  })
})

describe('the manual clock', () => {
  it('runs timers in order of time, each at its own instant', () => {
    const clock = createManualClock(1_000)
    const seen: [string, number][] = []
    const note = (what: string) => () => void seen.push([what, clock.now()])
    clock.after(30, note('c'))
    clock.every(20, note('every'))
    clock.after(10, note('a'))
    clock.after(10, note('b'))()
    clock.advance(45)
    expect(seen).toEqual([
      ['a', 1_010],
      ['every', 1_020],
      ['c', 1_030],
      ['every', 1_040],
    ])
    expect(clock.now()).toBe(1_045)
  })

  it('runs a timer that a timer sets', () => {
    const clock = createManualClock(0)
    let fired = 0
    clock.after(10, () => clock.after(10, () => void fired++))
    clock.advance(20)
    expect(fired).toBe(1)
  })

  it('with advanceAsync also one that an async callback sets', async () => {
    const clock = createManualClock(0)
    let fired = 0
    clock.after(10, async () => {
      await Promise.resolve()
      clock.after(10, () => void fired++)
    })
    await clock.advanceAsync(20)
    expect(fired).toBe(1)
  })

  it('after a jump runs once what fell due meanwhile, and goes on from there', () => {
    const clock = createManualClock(1_000)
    const seen: [string, number][] = []
    const note = (what: string) => () => void seen.push([what, clock.now()])
    const cancelled = clock.after(40, note('cancelled'))
    clock.after(20, () => cancelled())
    clock.every(30, note('every'))
    clock.after(10, note('once'))
    clock.after(1_001, note('later'))
    clock.jump(1_000)
    expect(seen).toEqual([
      ['once', 2_000],
      ['every', 2_000],
    ])
    clock.advance(30)
    expect(seen.slice(2)).toEqual([
      ['later', 2_001],
      ['every', 2_030],
    ])
  })
})

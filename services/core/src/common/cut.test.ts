import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutShare, hundredthsApart, percentDigits, printedShare } from './cut.ts'

describe('a rate is cut', () => {
  test.each([
    [0.95996, '95.99'],
    [0.96, '96.00'],
    [0.57, '57.00'],
    [0.9999999999, '99.99'],
    [1, '100.00'],
    [0, '0.00'],
    [719 / 720, '99.86'],
  ])('%d is %s', (rate, digits) => {
    expect(percentDigits(rate)).toBe(digits)
    expect(printedShare(rate).toFixed(4)).toBe((Number(digits) / 100).toFixed(4))
  })

  test('to other decimals too', () =>
    expect([percentDigits(0.0128, 1), percentDigits(0.999, 0)]).toEqual(['1.2', '99']))

  test('at the very hundredth that the quotient of whole numbers has', () => {
    // Milliseconds of 180 devices in a month: nearer to one another two quotients are one number to the machine.
    const most = 500_000_000_000
    fc.assert(
      fc.property(fc.integer({ min: 1, max: most }), fc.nat(10_000), fc.integer({ min: -2, max: 2 }), (d, k, near) => {
        const n = Math.min(d, Math.max(0, Math.round((d / 10_000) * k) + near))
        expect(cutShare(n / d, 10_000)).toBe(Number((BigInt(n) * 10_000n) / BigInt(d)))
      }),
    )
  })

  test('what is apart is what a reader subtracts', () => {
    expect(hundredthsApart(0.96001, 0.95999)).toBe(1)
    expect(hundredthsApart(0.95996, 0.95991)).toBe(0)
  })
})

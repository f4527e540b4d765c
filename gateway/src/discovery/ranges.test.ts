import { expect, test } from 'vitest'
import { addressesOf, countOf, parseRange } from './ranges.ts'

test('a range without its network and broadcast address', () => {
  expect([
    ...addressesOf([parseRange('10.0.8.1/30'), parseRange('10.1.0.7'), parseRange('255.255.255.254/31')]),
  ]).toEqual(['10.0.8.1', '10.0.8.2', '10.1.0.7', '255.255.255.254', '255.255.255.255'])
  expect(countOf([parseRange('127.11.0.0/16')])).toBe(65_534)
})

test.each(['10.0.0.0/8', '10.0.0.256/24', '10.0.0/24', 'cam', '10.0.0.0/33', ''])('%s is refused', (text) => {
  expect(() => parseRange(text)).toThrow(`discovery.ranges is ${text}: must be an IPv4 range from /12 to /32`)
})

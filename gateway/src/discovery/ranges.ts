/** IPv4 address ranges to sweep. Pure. */
import { HubError } from '@hub/contracts'

export type Range = { /** As a 32-bit number. */ first: number; count: number }

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
export const toAddress = (number: number): string =>
  [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.')

const cidr = /^((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d))(?:\/(\d{1,2}))?$/

/**
 * `10.0.8.0/22`, or one address. Network and broadcast address are left out of a /30 or wider.
 * Throws `config.invalid` for anything else, and for a range wider than /12 (a million addresses).
 */
export function parseRange(text: string, field = 'discovery.ranges'): Range {
  const [, address, bits] = cidr.exec(text) ?? []
  const prefix = Number(bits ?? 32)
  if (!address || prefix > 32 || prefix < 12)
    throw new HubError('config.invalid', { field, value: text, limit: 'must be an IPv4 range from /12 to /32' })
  const size = 2 ** (32 - prefix)
  const base = Math.floor(toNumber(address) / size) * size
  return size > 2 ? { first: base + 1, count: size - 2 } : { first: base, count: size }
}

export function* addressesOf(ranges: readonly Range[]): Generator<string, void> {
  for (const { first, count } of ranges) for (let i = 0; i < count; i++) yield toAddress(first + i)
}

export const countOf = (ranges: readonly Range[]): number => ranges.reduce((sum, range) => sum + range.count, 0)

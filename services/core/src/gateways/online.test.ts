import { expect, it } from 'vitest'
import { isGatewayOnline } from './online.ts'

it.each([
  [true, 1_000, 20_999, true],
  [true, 1_000, 21_000, false],
  [true, null, 1_000, false],
  [false, 1_000, 1_001, false],
])('a gateway that said online %s, last heard at %s, is at %s online: %s', (said, lastSeenAt, now, online) => {
  expect(isGatewayOnline({ status: { online: said }, lastSeenAt }, now)).toBe(online)
})

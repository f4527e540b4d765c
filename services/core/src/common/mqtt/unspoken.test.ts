import fc from 'fast-check'
import { expect, test } from 'vitest'
import { userOfConnect } from './unspoken.ts'

const text = (of: string) => [of.length >> 8, of.length & 0xff, ...Buffer.from(of)]
const begin = (flags: number) => [...text('MQTT'), 6, flags, 0, 60]
const [user, password] = [text('43040500001320000001'), text('secret')]
const property = [5, 0x11, 0, 0, 0, 9]

test.each([
  ['3.1.1', [...begin(0xc2), ...text('id'), ...user, ...password]],
  ['3.1.1, with a will', [...begin(0xc6), ...text('id'), ...text('t'), ...text('gone'), ...user, ...password]],
  ['5', [...begin(0xc2), ...property, ...text('id'), ...user, ...password]],
  ['5, with a will', [...begin(0xc6), 0, ...text('id'), ...property, ...text('t'), ...text('x'), ...user, ...password]],
])('the user of a CONNECT laid out as in %s', (_, bytes) =>
  expect(userOfConnect(Uint8Array.from(bytes))).toBe('43040500001320000001'),
)

test('a CONNECT without a user, cut off, or of anything else names nobody', () => {
  expect(userOfConnect(Uint8Array.from([...begin(2), ...text('id')]))).toBe('')
  expect(userOfConnect(Uint8Array.from([...begin(0xc2), ...text('id'), ...user]))).toBe('')
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => typeof userOfConnect(bytes) === 'string'))
})

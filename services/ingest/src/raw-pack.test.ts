import { createHash } from 'node:crypto'
import type { Observation } from '@hub/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { observationsIn, packMessages, type RawMessage, rootOf, unpackMessages } from './raw-pack.ts'
import { batch, deviceId, look, t0 } from './testing/rig.ts'

const plain = (messages: readonly RawMessage[]) =>
  messages.map(({ message, ...rest }) => ({ ...rest, message: Buffer.from(message).toString('latin1') }))
const raw = (message: Buffer, n: number): RawMessage => ({ id: n + 1, receivedAt: t0 + n * 1_000, count: 1, message })
const digest = (message: Uint8Array) => createHash('sha256').update(message).digest('hex')

/** A minute of a gateway of a hundred cameras that are probed each 10 s, as the gateway writes it. */
function minute(): RawMessage[] {
  let seed = 1
  const random = (n: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % n
  }
  return Array.from({ length: 60 }, (_, second) => {
    const observations = Array.from({ length: 10 }, (_, i): Observation => {
      const more = { ms: 20 + random(60), values: { clockOffsetMs: random(1_000) - 300 } }
      return look(deviceId((second % 10) * 10 + i), t0 + second * 1_000 + i * 100 + random(25), {
        every: 10_000,
        ...more,
      })
    })
    return raw(batch(second + 1, observations), second)
  })
}

test('messages come out with the bytes and the digests that they went in with', () => {
  const messages = minute()
  const unpacked = unpackMessages(packMessages(messages))
  expect(plain(unpacked)).toEqual(plain(messages))
  expect(rootOf(unpacked)).toEqual(rootOf(messages))
})

test('whatever bytes go in come out: other orders, odd numbers, seals, text that is no JSON', () => {
  const odd = [
    '',
    '{}',
    'no JSON',
    '{"v":1,"observations":[]}',
    '{"v":1,"observations":[{"device":"43040500001320000001","at":007,"every":1e3,"ms":0.050,"x":"\\u00001"}]}',
    '{"v":1,"observations":[{"device":"43040500001320000001","at":-5},{"device":"43040500001320000002"}], "seal":{"a":"b]}"}}',
    '{"v":1,"observations":[{"at":5,"device":"43040500001320000001"}]}',
    '{"v":1,"observations":[{"device":"1"}]}',
    '9007199254740993 00 12345678901234567890',
  ].map((text) => Buffer.from(text))
  odd.push(Buffer.from([0xfe, 0xff, 0x31]))
  const some = fc.oneof(
    fc.constantFrom(...odd),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(
      ...minute()
        .slice(0, 5)
        .map(({ message }) => Buffer.from(message)),
    ),
  )
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 12 }), (texts) => {
      const messages = texts.map(raw)
      expect(plain(unpackMessages(packMessages(messages)))).toEqual(plain(messages))
    }),
  )
})

test('observations of one device are found without the others', () => {
  const messages = minute()
  const device = deviceId(17)
  const all = messages.flatMap(
    ({ message }) => JSON.parse(Buffer.from(message).toString()).observations as Observation[],
  )
  const found = observationsIn(packMessages(messages), (id) => id === device).map((json) => JSON.parse(json))
  expect(found).toEqual(all.filter((o) => o.device === device))
  expect(found).toHaveLength(6)
})

test('of a message that is written in another way the observations are found as well', () => {
  const message = Buffer.from(
    `{"v":1,"observations":[{"at":5,"device":"${deviceId(1)}"},{"at":6,"device":"${deviceId(2)}"}]}`,
  )
  const found = observationsIn(packMessages([raw(message, 0)]), (id) => id === deviceId(2))
  expect(found.map((json) => JSON.parse(json))).toEqual([{ at: 6, device: deviceId(2) }])
})

test('an observation takes less than eight bytes', () => {
  const messages = minute()
  expect(packMessages(messages).length / 600).toBeLessThan(8)
})

test('the root is that of RFC 6962 without its prefixes: an auditor can make it with sha256 alone', () => {
  const [a, b, c] = minute().map(({ message }) => digest(message))
  const pair = createHash('sha256')
    .update(Buffer.from(a! + b!, 'hex'))
    .digest('hex')
  const root = createHash('sha256')
    .update(Buffer.from(pair + c!, 'hex'))
    .digest('hex')
  expect(rootOf(minute().slice(0, 3)).toString('hex')).toBe(root)
})

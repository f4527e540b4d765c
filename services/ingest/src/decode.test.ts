import { expect, test } from 'vitest'
import { decode } from './decode.ts'
import { batch, deviceId, gateway, look, otherGateway, t0 } from './testing/rig.ts'

const observation = look(deviceId(1), t0)
const reasonsOf = (payload: Buffer) => decode(gateway, payload).refused.map(({ reason }) => reason)

test('a sound batch is decoded whole', () => {
  expect(decode(gateway, batch(3, [observation]))).toEqual({
    name: { epoch: t0, seq: 3 },
    observations: [observation],
    refused: [],
  })
})

test('bad observations are refused singly and the good ones stay', () => {
  const { name, observations, refused } = decode(
    gateway,
    batch(1, [
      { ...observation, verdict: 'maybe' },
      observation,
      { ...observation, extra: 1 },
      'x',
      { ...observation, every: 50 },
    ]),
  )
  expect(name).toEqual({ epoch: t0, seq: 1 })
  expect(observations).toEqual([observation])
  expect(refused.map(({ reason }) => reason)).toEqual([
    `batch of ${gateway}: observations.0.verdict: Invalid option: expected one of "pass"|"degraded"|"fail"|"blind"`,
    `batch of ${gateway}: observations.2.extra: unknown key`,
    `batch of ${gateway}: observations.3: Invalid input: expected object, received string`,
    `batch of ${gateway}: observations.4.every: Too small: expected number to be >=100`,
  ])
  expect(JSON.parse(Buffer.from(refused[0]!.payload).toString())).toEqual({ ...observation, verdict: 'maybe' })
})

test('an envelope that is not valid refuses the whole, and keeps the name when it has one', () => {
  const cases: [payload: Buffer, reason: string, name: boolean][] = [
    [batch(1, []), 'observations: Too small: expected array to have >=1 items', true],
    [batch(1, [observation], { v: 2 }), 'v: Invalid input: expected 1', true],
    [batch(1, [observation], { hello: 1 }), 'hello: unknown key', true],
    [batch(0, [observation]), 'seq: Too small: expected number to be >=1', false],
    [batch(1, [observation], { gateway: 7 }), 'gateway: Invalid input: expected string, received number', true],
    [Buffer.from('null'), 'body: Invalid input: expected object, received null', false],
  ]
  for (const [payload, reason, named] of cases) {
    const { name, observations, refused } = decode(gateway, payload)
    expect(refused.map((r) => r.reason)).toEqual([`batch of ${gateway}: ${reason}`])
    expect(Buffer.from(refused[0]!.payload)).toEqual(payload)
    expect(observations).toEqual([])
    expect(name !== null).toBe(named)
  }
})

test('bytes that are no JSON are refused, but can be acknowledged when they still tell their name', () => {
  const cut = batch(9, [observation]).subarray(0, 150)
  expect(decode(gateway, cut).name).toEqual({ epoch: t0, seq: 9 })
  expect(reasonsOf(cut)[0]).toContain(`batch of ${gateway}: body: not JSON: `)
  expect(decode(gateway, Buffer.from('\u0000hello')).name).toBeNull()
})

test('a batch in the name of another gateway is refused whole', () => {
  expect(reasonsOf(batch(1, [observation], { gateway: otherGateway }))).toEqual([
    `batch of ${gateway}: gateway: is ${otherGateway}, but the topic is of ${gateway}`,
  ])
})

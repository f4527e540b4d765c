import { expect, test } from 'vitest'
import { arrivalOf } from './arrival.ts'
import { GroupTime } from './group-time.ts'
import { Intake } from './intake.ts'
import { batch, deviceId, gateway, look, otherGateway, t0 } from './testing/rig.ts'

const one = (seq: number, at = t0, from = gateway) => batch(seq, [look(deviceId(1), at)], { gateway: from })
const hour = 3_600_000
const size = one(1).length
const unbounded = { batches: 1_000, bytes: 1e9 }
const hold = { ...unbounded, ageMs: 1e9 }
const limits = { hold, most: unbounded, holdAll: unbounded, mostAll: unbounded }

/** What is taken next, one after another. */
const taken = (intake: Intake, backlog = true) =>
  [...intake.turn(1e9, backlog)].map(({ gateway, name }) => [gateway, name?.seq])
const seqs = (intake: Intake, backlog = true) => taken(intake, backlog).map(([, seq]) => seq)

test('a batch is known by its first bytes and its time by its last, without being parsed', () => {
  expect(arrivalOf(gateway, batch(7, [look(deviceId(1), t0), look(deviceId(2), t0 + 5)]), 1)).toMatchObject({
    name: { epoch: t0, seq: 7 },
    newestAt: t0 + 5,
  })
  const nameless = { name: null, newestAt: null }
  expect(arrivalOf(gateway, Buffer.from('{'), 1)).toMatchObject(nameless)
  expect(arrivalOf(otherGateway, batch(7, []), 1)).toMatchObject(nameless)
  expect(arrivalOf(gateway, Buffer.from('{"v":1,"observations":[],"epoch":1,"seq":2}'), 1)).toMatchObject(nameless)
})

test('live data goes before backlog, which yet never stands still', () => {
  const intake = new Intake(limits)
  for (let n = 1; n <= 3; n++) intake.offer(gateway, one(n, t0 - hour), t0)
  for (let n = 101; n <= 116; n++) intake.offer(gateway, one(n), t0)
  const live = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
  expect(seqs(intake)).toEqual([...live(101, 107), 1, ...live(108, 114), 2, 115, 116, 3])
})

test('backlog waits while the centre wants none', () => {
  const intake = new Intake(limits)
  intake.offer(gateway, one(1, t0 - hour), t0)
  intake.offer(gateway, one(2), t0)
  expect(seqs(intake, false)).toEqual([2])
  expect(intake.isEmpty).toBe(false)
  expect(seqs(intake)).toEqual([1])
})

test('gateways have equal parts, by bytes, and one that comes later does not make up for the time before', () => {
  const intake = new Intake(limits)
  for (let n = 1; n <= 5; n++) intake.offer(gateway, one(n), t0)
  for (let n = 1; n <= 2; n++) intake.offer(otherGateway, one(n, t0, otherGateway), t0)
  const names = taken(intake)
  expect(names.slice(0, 4).filter(([from]) => from === otherGateway)).toHaveLength(2)
  for (let n = 6; n <= 9; n++) intake.offer(gateway, one(n), t0)
  for (let n = 3; n <= 6; n++) intake.offer(otherGateway, one(n, t0, otherGateway), t0)
  expect(
    taken(intake)
      .slice(0, 4)
      .filter(([from]) => from === otherGateway),
  ).toHaveLength(2)
})

test('a batch that waits or is being committed is dropped when it comes again, unless its bytes are others', () => {
  const intake = new Intake(limits)
  intake.offer(gateway, one(1), t0)
  intake.offer(gateway, one(1), t0)
  expect(seqs(intake)).toEqual([1])
  intake.offer(gateway, one(1), t0)
  expect(intake.isEmpty).toBe(true)
  intake.offer(gateway, one(1, t0 + 1), t0)
  expect(seqs(intake)).toEqual([1])
  intake.settle()
  intake.offer(gateway, one(1), t0)
  expect(seqs(intake)).toEqual([1])
  expect(intake.repeated).toBe(2)
})

test('a sender with too much waiting, or waiting too long, is held back until its batch is committed', async () => {
  const intake = new Intake({ ...limits, hold: { batches: 2, bytes: 10 * size, ageMs: 1_000 } })
  expect(intake.offer(gateway, one(1), t0)).toBeUndefined()
  expect(intake.offer(gateway, one(2), t0)).toBeUndefined()
  const third = intake.offer(gateway, one(3), t0)
  expect(third).toBeDefined()
  expect(intake.offer(gateway, one(3), t0)).toBe(third)
  expect(intake.offer(otherGateway, one(1, t0, otherGateway), t0)).toBeUndefined()
  expect(intake.offer(otherGateway, one(2, t0 + 1_001, otherGateway), t0 + 1_001)).toBeDefined()
  let settled = false
  void third?.then(() => {
    settled = true
  })
  taken(intake)
  await Promise.resolve()
  expect(settled).toBe(false)
  intake.settle()
  await third
  expect([intake.batches, intake.bytes]).toEqual([0, 0])
})

test('of all that is too much those are held back that have more than their part', () => {
  const intake = new Intake({ ...limits, holdAll: { batches: 4, bytes: 1e9 } })
  for (let n = 1; n <= 4; n++) intake.offer(gateway, one(n), t0)
  expect(intake.offer(otherGateway, one(1, t0, otherGateway), t0)).toBeUndefined()
  expect(intake.offer(gateway, one(5), t0)).toBeDefined()
})

test('beyond the bound of one gateway its newest backlog is let go, then its newest, and what it waits for is settled', async () => {
  const intake = new Intake({ ...limits, hold: { ...hold, batches: 2 }, most: { batches: 4, bytes: 1e9 } })
  for (let n = 1; n <= 2; n++) intake.offer(gateway, one(n), t0)
  const old = intake.offer(gateway, one(3, t0 - hour), t0)
  intake.offer(gateway, one(4), t0)
  intake.offer(gateway, one(5), t0)
  await old
  expect(intake.offer(gateway, one(6), t0)).toBeUndefined()
  expect([intake.shed, intake.batches]).toEqual([2, 4])
  expect(seqs(intake)).toEqual([1, 2, 4, 5])
  intake.settle()
  // It was not acknowledged: when it comes again it is taken.
  intake.offer(gateway, one(6), t0)
  expect(seqs(intake)).toEqual([6])
})

test('beyond the bound of all whoever has most gives way, and a single batch of any size is taken', () => {
  const intake = new Intake({ ...limits, mostAll: { batches: 5, bytes: 1e9 } })
  for (let n = 1; n <= 5; n++) intake.offer(gateway, one(n), t0)
  for (let n = 1; n <= 2; n++) intake.offer(otherGateway, one(n, t0, otherGateway), t0)
  expect(
    taken(intake)
      .map(([from]) => from)
      .sort(),
  ).toEqual([gateway, gateway, gateway, otherGateway, otherGateway])
  const small = new Intake({ ...limits, most: { batches: 4, bytes: 10 } })
  small.offer(gateway, one(1), t0)
  expect(seqs(small)).toEqual([1])
})

test('says when the oldest came that is not committed yet', () => {
  const intake = new Intake(limits)
  expect(intake.oldestAt).toBeNull()
  intake.offer(gateway, one(1), t0)
  intake.offer(otherGateway, one(1, t0, otherGateway), t0 + 5)
  taken(intake)
  expect(intake.oldestAt).toBe(t0)
  intake.settle()
  expect(intake.oldestAt).toBeNull()
})

test('a turn ends when its time is up, after one batch at least', () => {
  const intake = new Intake(limits)
  for (let n = 1; n <= 3; n++) intake.offer(gateway, one(n), t0)
  expect([...intake.turn(0)]).toHaveLength(1)
})

test('the time of a group falls at once when it held the thread too long, and comes back step by step', () => {
  const time = new GroupTime()
  const first = time.ms
  time.observe(100)
  expect(time.ms).toBeCloseTo(first / 2)
  time.observe(5_000)
  expect(time.ms).toBe(10)
  for (let n = 0; n < 100; n++) time.observe(20)
  expect(time.ms).toBe(first)
})

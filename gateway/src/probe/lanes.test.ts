import { expect, test } from 'vitest'
import { Lanes } from './lanes.ts'

/** Calls that end when they are told to. */
function bench(options = {}) {
  let now = 0
  const lanes = new Lanes({ now: () => now, concurrency: 2, parkAfterMs: 250, maxParked: 100, ...options })
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const run = (host: string, name = host, urgent = false) =>
    lanes.run(
      host,
      () => {
        started.push(name)
        return new Promise<void>((resolve) => ends.set(name, resolve))
      },
      urgent,
    )
  const end = async (name: string) => {
    ends.get(name)!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { lanes, started, run, end, advance: (ms: number) => (now += ms) }
}

test('one call at a time for each host, and a cap in all', async () => {
  const { lanes, started, run, end } = bench()
  for (const [host, name] of [
    ['a', 'a1'],
    ['a', 'a2'],
    ['b', 'b1'],
    ['c', 'c1'],
  ] as const)
    void run(host, name)
  expect(started).toEqual(['a1', 'b1'])
  expect([lanes.running, lanes.waiting]).toEqual([2, 1])
  await end('b1')
  expect(started).toEqual(['a1', 'b1', 'c1'])
  await end('a1')
  expect(started).toEqual(['a1', 'b1', 'c1', 'a2'])
})

test('slow calls are parked and cost only themselves', async () => {
  const { lanes, started, run, end, advance } = bench()
  for (const host of ['slow1', 'slow2', 'c', 'd']) void run(host)
  expect(started).toEqual(['slow1', 'slow2'])
  advance(250)
  lanes.tick()
  expect(started).toEqual(['slow1', 'slow2', 'c', 'd'])
  expect([lanes.running, lanes.parked]).toEqual([2, 2])
  await end('slow1')
  await end('c')
  await end('d')
  await end('slow2')
  expect([lanes.running, lanes.parked, lanes.waiting]).toEqual([0, 0, 0])
})

test('parked calls are bounded too', () => {
  const { lanes, started, run, advance } = bench({ maxParked: 2 })
  for (const host of ['a', 'b', 'c']) void run(host)
  advance(250)
  lanes.tick()
  expect(started).toEqual(['a', 'b'])
})

test('an urgent call needs no place, and goes before others of its host', async () => {
  const { started, run, end } = bench()
  for (const host of ['a', 'b', 'c']) void run(host)
  void run('urgent', 'urgent', true)
  void run('a', 'a2')
  void run('a', 'a-urgent', true)
  expect(started).toEqual(['a', 'b', 'urgent'])
  await end('urgent')
  await end('b')
  await end('a')
  await end('c')
  expect(started.indexOf('a-urgent')).toBeLessThan(
    started.indexOf('a2') < 0 ? Number.POSITIVE_INFINITY : started.indexOf('a2'),
  )
  expect(started).toContain('a-urgent')
})

test('a call that fails frees its place', async () => {
  const { lanes, started, run } = bench({ concurrency: 1 })
  await expect(lanes.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  void run('a', 'next')
  expect(started).toEqual(['next'])
})

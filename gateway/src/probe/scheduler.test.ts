import { createManualClock, silentLog } from '@hub/platform'
import { expect, onTestFinished, test } from 'vitest'
import { Background } from './background.ts'
import { Scheduler } from './scheduler.ts'

function bench(run: (id: string) => Promise<void> = async () => {}) {
  const clock = createManualClock()
  const ran: [string, number][] = []
  const background = new Background(silentLog)
  const start = clock.now()
  const scheduler = new Scheduler<{ id: string; host: string }>({
    clock,
    background,
    concurrency: 4,
    run: async ({ item }) => {
      ran.push([item.id, clock.now() - start])
      await run(item.id)
    },
  })
  onTestFinished(() => scheduler.stop())
  return { clock, scheduler, background, ran, start }
}

test('the last word on when an item is run holds, and a removed one is not run', async () => {
  const { clock, scheduler, ran, start } = bench()
  const [a, b] = [scheduler.add({ id: 'a', host: '1' }), scheduler.add({ id: 'b', host: '2' })]
  scheduler.schedule(a, start + 100)
  scheduler.schedule(a, start + 300)
  scheduler.schedule(b, start + 200)
  expect(a.dueAt).toBe(start + 300)
  scheduler.remove(b)
  await clock.advanceAsync(1_000)
  expect(ran.map(([id]) => id)).toEqual(['a'])
  expect(ran[0]![1]).toBeGreaterThanOrEqual(300)
  expect(b.active).toBe(false)
  scheduler.schedule(b, start + 1_100)
  await clock.advanceAsync(1_000)
  expect(ran).toHaveLength(1)
})

test('an item is hastened to now, but not when it is due within a tick', async () => {
  const { clock, scheduler, ran, start } = bench()
  const slot = scheduler.add({ id: 'a', host: '1' })
  scheduler.schedule(slot, start + 60_000)
  scheduler.hasten(slot)
  expect(slot.dueAt).toBe(start)
  scheduler.schedule(slot, start + 20)
  scheduler.hasten(slot)
  expect(slot.dueAt).toBe(start + 20)
  await clock.advanceAsync(100)
  expect(ran).toHaveLength(1)
})

test('one at a time at a host; what was scheduled anew while it waited is not run twice', async () => {
  const first = Promise.withResolvers<void>()
  const { clock, scheduler, ran, start } = bench((id) => (id === 'a' ? first.promise : Promise.resolve()))
  const [a, b] = [scheduler.add({ id: 'a', host: '1' }), scheduler.add({ id: 'b', host: '1' })]
  scheduler.schedule(a, start + 25)
  scheduler.schedule(b, start + 50)
  await clock.advanceAsync(200)
  expect([ran.map(([id]) => id), scheduler.stats().running]).toEqual([['a'], 1])
  scheduler.schedule(b, start + 5_000)
  first.resolve()
  await clock.advanceAsync(1_000)
  expect(ran.map(([id]) => id)).toEqual(['a'])
  await clock.advanceAsync(5_000)
  expect(ran.map(([id]) => id)).toEqual(['a', 'b'])
})

test('other work at a host goes in order with the runs, and an urgent one first', async () => {
  const first = Promise.withResolvers<void>()
  const { scheduler } = bench()
  const order: string[] = []
  const work = (name: string) => async () => void order.push(name)
  const all = [
    scheduler.atHost('1', () => first.promise),
    scheduler.atHost('1', work('second')),
    scheduler.atHost('1', work('urgent'), true),
  ]
  first.resolve()
  await Promise.all(all)
  expect(order).toEqual(['urgent', 'second'])
})

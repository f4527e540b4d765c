/** Whom a change reaches on the live stream. */
import { type Changed, topic } from '@hub/contracts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())

const publish = (change: Omit<Changed, 'v' | 'at'>) =>
  hub.bus.deliver(topic('changed'), { v: 1, at: hub.clock.now(), ...change })

type Stream = Awaited<ReturnType<Hub['openStream']>>
const open = async (user: string): Promise<Stream> => {
  const stream = await hub.openStream(user)
  await expect.poll(() => stream.of('snapshot').length).toBe(1)
  return stream
}
/** After everything that was published is written. */
async function heard(...streams: Stream[]): Promise<unknown[][]> {
  await hub.clock.advanceAsync(15_000)
  for (const stream of streams) await expect.poll(() => stream.of('heartbeat').length).toBeGreaterThan(0)
  return streams.map((stream) => stream.of('changed').map(({ what, id }) => `${what} ${id}`))
}

it("a person's own change is on all of that person's streams, and on nobody else's", async () => {
  const mine = [await open('oper'), await open('oper')]
  const others = [await open('cmdr'), await open('oper-a')]
  await publish({ what: 'exports', id: 'a', districts: 'city', user: 'oper' })
  expect(await heard(...mine, ...others)).toEqual([['exports a'], ['exports a'], [], []])
})

it('a change of several districts reaches whoever may see one of them', async () => {
  const streams = [await open('oper'), await open('oper-a'), await open('oper-b')]
  await publish({ what: 'adjustments', id: 'one', districts: ['430405', '430406'] })
  await publish({ what: 'outages', id: 'both', districts: ['430405', '430426'] })
  expect(await heard(...streams)).toEqual([
    ['adjustments one', 'outages both'],
    ['adjustments one', 'outages both'],
    ['outages both'],
  ])
})

it('a change of a unit reaches who sees all units, and that unit', async () => {
  const streams = [await open('oper'), await open('contr'), await open('contr-b'), await open('contr-none')]
  await publish({ what: 'work-orders', id: 'w', districts: ['430405'], unit: '甲维护公司' })
  expect(await heard(...streams)).toEqual([['work-orders w'], ['work-orders w'], [], []])
})

/** `kill -9` at seeded moments, while devices fail and recover: nothing acknowledged is lost, nothing is there twice. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { untilHealthy } from '../../infra/demo/hub-client.ts'
import { busModes, describeOnEachBus } from './support/buses.ts'
import { type City, startCity } from './support/city.ts'
import { committed, spooled } from './support/evidence.ts'
import { expectIntervalsEqualOracle, intervalsOf } from './support/intervals.ts'
import { createTwiceFinder, lostOf } from './support/nothing-lost.ts'
import { seeded } from './support/random.ts'
import { sleep, until } from './support/until.ts'

const rounds = 10
const period = 3

describeOnEachBus('a city that is crashed', (bus) => {
  const seed = busModes.indexOf(bus) + 1
  let city: City
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  beforeAll(async () => {
    city = await startCity({ bus, probeEverySeconds: period, seed })
    await city.allUp(90)
  })
  afterAll(() => city?.stop())

  it(`survives ${rounds} rounds of kill -9`, async () => {
    const { hub, gateways, broker } = city.processes
    const cameras = (await city.devices('?kind=camera')).map(({ id }) => id)
    const everyGatewayOnline = async () =>
      (await city.hub.get<{ online: boolean }[]>('/gateways')).every(({ online }) => online)
    const victims = shuffled([...hub, ...gateways, ...broker], random)
    for (let round = 0; round < rounds; round++) {
      const victim = victims[round % victims.length]!
      await city.sims.begin('power-off', { id: pick(cameras) })
      // One that dies twice while it logs in at its cameras for the first time holds these logins for an hour (ADR 10).
      if (gateways.includes(victim)) await until(everyGatewayOnline, 60, 'every gateway is back')
      await sleep(random() * 2_500)
      await city.crash(victim)
      if (gateways.includes(victim)) expectNothingLost(city, gateways.indexOf(victim))
      await sleep(random() * 1_500)
      city.start(victim)
      await untilHealthy(city.address, 60)
      if (round % 3 === 2) await city.sims.clear({})
      await sleep(random() * 1_500)
    }
    await city.sims.clear({})
    await city.allUp(120)
    await until(
      async () => (await city.hub.get<{ spooled: number }[]>('/gateways')).every(({ spooled }) => spooled <= 1),
      90,
      'the spools are drained',
    )
  })

  it('has lost nothing that was acknowledged, and has nothing twice', async () => {
    await expectIntervalsEqualOracle(city)
    for (const name of city.processes.gateways) await city.end(name)
    for (const n of city.processes.gateways.keys()) expectNothingLost(city, n)

    const batches = committed(city.data)
    expect(createTwiceFinder()(batches)).toEqual([])
    // Neither a spool made anew nor a number given twice.
    expect(new Set(batches.map(({ gateway, epoch }) => `${gateway} ${epoch}`)).size).toBe(city.plan.gateways.length)
  })

  it('has no interval twice, none that overlaps another and none that could be one with its neighbour', async () => {
    let downs = 0
    for (const { id } of await city.devices()) {
      const intervals = await intervalsOf(city, id)
      downs += intervals.filter(({ state }) => state === 'down').length
      for (const [i, { from, to, state }] of intervals.entries()) {
        const next = intervals[i + 1]
        expect(to).toBe(next?.from ?? null)
        expect(from).toBeLessThan(to ?? Number.POSITIVE_INFINITY)
        expect(state).not.toBe(next?.state)
      }
    }
    // The rounds have had something to record.
    expect(downs).toBeGreaterThan(2)
  })
})

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Each batch number that a dead gateway's spool has given is in the spool still, or on disk at the centre. */
function expectNothingLost(city: City, n: number): void {
  const spool = { gateway: city.plan.gateways[n]!.id, ...spooled(city.spoolOf(n)) }
  expect(lostOf([spool], committed(city.data))).toEqual([])
  expect(spool.seq).toBeGreaterThan(0)
}

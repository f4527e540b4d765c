/**
 * What a city meets after it was commissioned, one after another: a power cut, a gateway that is cut off, a hub that stands still, a hub
 * that is killed, a burst of observations. After each everything is calm by itself, only what truly failed has made an outage, and of
 * what was acknowledged nothing is lost and nothing is there twice.
 */
import type { DataLag, OutageBoard, OutageRow } from '@hub/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { untilHealthy } from '../../infra/demo/hub-client.ts'
import { describeOnEachBus } from './support/buses.ts'
import { type City, startCity } from './support/city.ts'
import { committed, spooled } from './support/evidence.ts'
import { expectIntervalsEqualOracle, intervalsOf } from './support/intervals.ts'
import { createTwiceFinder, lostOf } from './support/nothing-lost.ts'
import { sleep, until } from './support/until.ts'

/** Seconds. */
const period = 3
const stale = 3 * period
const held = 20
const size = { cameras: 60, sensors: 12 }
const all = size.cameras + size.sensors

describeOnEachBus(
  'a city after its commissioning',
  (bus) => {
    let city: City
    let known: ReadonlySet<string>
    let began: number
    const phase = () => {
      began = Date.now()
    }
    beforeAll(async () => {
      const behind = { aboveSeconds: 4, belowSeconds: 2.5, calmSeconds: 2, graceSeconds: 20 }
      city = await startCity({ bus, ...size, probeEverySeconds: period, policy: { behind } })
      await city.allUp(90)
      await until(async () => (await outages()).every(({ to }) => to !== null), 60, 'the start is over')
      known = new Set((await outages()).map(({ id }) => id))
    })
    afterAll(() => city?.stop())

    const outages = async (): Promise<OutageRow[]> =>
      (await city.hub.get<OutageBoard>('/outages?view=all&lone=yes')).outages
    /** Outages that were opened since the last asking. */
    const opened = async () => {
      const rows = await outages()
      const found = rows.filter(({ id }) => !known.has(id))
      known = new Set(rows.map(({ id }) => id))
      return found
    }
    const causes = (rows: readonly OutageRow[]) => rows.map(({ cause }) => `${cause.kind} ${cause.key}`)
    const online = async (query = '') => (await city.devices(`?state=up${query}`)).length

    const calm = async () => {
      await until(
        async () => {
          const gateways = await city.hub.get<{ spooled: number; online: boolean }[]>('/gateways')
          const { since } = await city.hub.get<DataLag>('/data-lag')
          return gateways.every(({ spooled, online }) => online && spooled <= 1) && since === null
        },
        90,
        'the city is calm',
      )
      await until(async () => (await online()) === all, 60, 'every device is online')
      // What would open falsely opens within that.
      await sleep((stale + 6) * 1_000)
      const rows = await city.devices('')
      expect(rows.filter(({ state }) => state !== 'up')).toEqual([])
      expect(rows.length).toBe(all)
    }

    /** As the crash tests ask it, but of gateways that go on: each stands still while its spool is copied. */
    const nothingLost = async () => {
      await expectIntervalsEqualOracle(city)
      const spools = city.processes.gateways.map((name, n) => {
        city.hold(name)
        try {
          return { gateway: city.plan.gateways[n]!.id, ...spooled(city.spoolOf(n)) }
        } finally {
          city.letGo(name)
        }
      })
      const batches = committed(city.data)
      expect(lostOf(spools, batches)).toEqual([])
      expect(createTwiceFinder()(batches)).toEqual([])
      expect(Math.min(...spools.map(({ seq }) => seq))).toBeGreaterThan(0)
    }
    /** States in which any device was at some time of this phase, by its intervals. */
    const statesOf = async (ids: readonly string[]) => {
      const states = new Set<string>()
      for (const id of ids)
        for (const { to, state } of await intervalsOf(city, id)) if (to === null || to > began) states.add(state)
      return states
    }
    const ids = async (query = '') => (await city.devices(query)).map(({ id }) => id)

    it('a power cut makes an outage of what has no power, and of nothing else', async () => {
      phase()
      const { district } = (await city.sims.devices())[0]!
      const dark = await city.sims.begin('power-off', { district })
      await until(async () => (await city.devices('?state=down')).length === dark, 60, 'the cut is confirmed')
      await until(async () => (await outages()).some(({ to }) => to === null), 30, 'an outage is open')
      await city.sims.clear({ district })
      await calm()
      const found = await opened()
      expect(found.length).toBeGreaterThan(0)
      for (const { districts } of found) expect(districts).toEqual([district])
      const others = (await ids()).filter((id) => !id.startsWith(district))
      expect(await statesOf(others)).toEqual(new Set(['up']))
      await nothingLost()
    })

    it('a gateway that is cut off is one outage of that gateway, and its devices are unknown', async () => {
      phase()
      const [gateway] = city.plan.gateways
      const own = await ids(`?gateway=${gateway!.id}`)
      city.uplinks[0]!.cut()
      await until(async () => (await city.devices('?state=unknown')).length === own.length, 60, 'they are unknown')
      await until(async () => (await outages()).some(({ to }) => to === null), 60, 'an outage is open')
      await sleep(5_000)
      expect(await city.devices('?state=down')).toEqual([])
      city.uplinks[0]!.mend()
      await calm()
      expect(causes(await opened())).toEqual([`gateway ${gateway!.id}`])
      // What it kept tells that nothing has failed.
      expect(await statesOf(await ids())).toEqual(new Set(['up']))
      await nothingLost()
    })

    it('a hub that stands still and goes on opens nothing', async () => {
      phase()
      for (const name of city.processes.hub) city.hold(name)
      await sleep(held * 1_000)
      for (const name of city.processes.hub) city.letGo(name)
      await calm()
      expect(causes(await opened())).toEqual([])
      expect(await statesOf(await ids())).toEqual(new Set(['up']))
      await nothingLost()
    })

    it('a hub that is killed and started again opens nothing', async () => {
      phase()
      for (const name of city.processes.hub) await city.crash(name)
      await sleep(stale * 1_000)
      for (const name of city.processes.hub) city.start(name)
      await untilHealthy(city.address, 60)
      await calm()
      expect(causes(await opened())).toEqual([])
      expect(await statesOf(await ids())).toEqual(new Set(['up']))
      await nothingLost()
    })

    it('a burst of observations opens nothing, and it is calm again when it ends', async () => {
      phase()
      const steady = all / period
      await city.sims.begin('babbling', { kind: 'sensor' }, 6)
      const cameras = await ids('?kind=camera')
      const seconds = 12
      const end = Date.now() + seconds * 1_000
      let [asked, refused] = [0, 0]
      // Some refuse: a gateway runs so many commands at a time. That is how it stays calm.
      const worker = async () => {
        for (; Date.now() < end; asked++)
          await city.hub
            .post(`/devices/${cameras[asked % cameras.length]}/commands`, JSON.stringify({ name: 'probe' }))
            .catch(() => {
              refused++
              return sleep(20)
            })
      }
      await Promise.all(Array.from({ length: 24 }, worker))
      await city.sims.clear({ kind: 'sensor' })
      await calm()
      const more = committed(city.data)
        .flatMap(({ observations }) => observations)
        .filter(({ at }) => at >= began && at < end).length
      console.log(
        `${bus}: ${(more / seconds).toFixed(0)} observations/s instead of ${steady}; ${asked} probes asked for, ${refused} refused`,
      )
      expect(more / seconds).toBeGreaterThan(1.5 * steady)
      expect(causes(await opened())).toEqual([])
      expect(await statesOf(await ids())).toEqual(new Set(['up']))
      await nothingLost()
    })
  },
  ['embedded'],
)

/**
 * A hub, and a gateway, that was held up: its own lag is no evidence. Real time is scaled by 15 against the default: cameras are probed
 * every 2 s and stale after 6 s (30 s and 90 s), the hub is stopped for 24 s: four times that, as 360 s would be.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DataLag, OutageBoard, OutageRow } from '@hub/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachBus } from './support/buses.ts'
import { type City, startCity } from './support/city.ts'
import { committed } from './support/evidence.ts'
import { expectIntervalsEqualOracle, intervalsOf } from './support/intervals.ts'
import { openStream, type Stream } from './support/stream.ts'
import { sleep, until } from './support/until.ts'

/** Seconds. */
const period = 2
const stale = 3 * period
const held = 24
const timeout = 1
const newsSeconds = 15

describeOnEachBus(
  'a city whose hub or gateway is held up',
  (bus) => {
    let city: City
    let stream: Stream
    let known: ReadonlySet<string>
    const notified: string[] = []
    const receiver = createServer((request, response) => {
      let text = ''
      request.on('data', (part) => {
        text += part
      })
      request.on('end', () => {
        notified.push(JSON.parse(text).subject)
        response.end()
      })
    })
    beforeAll(async () => {
      await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
      city = await startCity({
        bus,
        cameras: 20,
        sensors: 6,
        probeEverySeconds: period,
        probeTimeoutMs: timeout * 1_000,
        policy: {
          behind: { aboveSeconds: 4, belowSeconds: 2.5, calmSeconds: 2, graceSeconds: 20 },
        },
        channels: [{ id: 'ops', name: '运维', kind: 'webhook', url, secret: 'of-the-test', language: 'en' }],
      })
      await city.allUp(90)
      stream = await openStream(city.address, city.hub.cookie)
      // What the start itself has shown of the cameras is not of these tests.
      await until(async () => (await outages()).every(({ to }) => to !== null), 60, 'the start is over')
      known = new Set((await outages()).map(({ id }) => id))
    })
    afterAll(async () => {
      stream?.close()
      receiver.close()
      await city?.stop()
    })

    const lag = () => city.hub.get<DataLag>('/data-lag')
    const outages = async (): Promise<OutageRow[]> => (await city.hub.get<OutageBoard>('/outages?view=all')).outages
    /** Causes of outages that were opened since the last asking. */
    const opened = async () => {
      const all = await outages()
      const causes = all
        .filter(({ id }) => !known.has(id))
        .map(({ cause }) => `${cause.kind} ${cause.mode} ${cause.key}`)
      known = new Set(all.map(({ id }) => id))
      return causes
    }
    const health = async () => (await fetch(`${city.address}/healthz`)).json() as Promise<{ status: string }>
    /** States in which any device was at some time since then, by its intervals. */
    const statesSince = async (at: number) => {
      const states = new Set<string>()
      for (const { id } of await city.devices())
        for (const { to, state } of await intervalsOf(city, id)) if (to === null || to > at) states.add(state)
      return states
    }
    const isCalm = async () => {
      const gateways = await city.hub.get<{ spooled: number; online: boolean }[]>('/gateways')
      return gateways.every(({ spooled, online }) => online && spooled <= 1) && (await lag()).since === null
    }
    const calm = async () => {
      await until(isCalm, 60, 'the city is calm')
      // What was late is merged five seconds later.
      await until(async () => (await city.devices('?state=up')).length === 26, 30, 'every device is online')
      await sleep(6_000)
    }

    it('a hub that was stopped knows that it is behind, says so, and takes none of it for its devices', async () => {
      const [name] = city.processes.hub
      const before = stream.transitions.length
      const stoppedAt = Date.now()
      city.hold(name!)
      await sleep((held * 1_000) / 2)
      if (bus === 'mosquitto') {
        // The API runs on: that nothing is said of the data tells it.
        await until(async () => (await lag()).cause === 'silent', 5, 'the API says that ingest is silent')
      }
      await sleep((held * 1_000) / 2)
      city.letGo(name!)
      const seen = await until(
        async () => (await lag()).cause === 'stalled' && lag(),
        5,
        'the hub says that it is behind',
        20,
      )
      expect(seen.behindMs).toBeGreaterThan((held - period) * 1_000)
      expect(seen.since! - stoppedAt).toBeLessThan(2_000)
      expect(await health()).toMatchObject({ ok: true, status: 'degraded', degraded: [{ part: 'data' }] })
      expect(await metric('hub_ingest_behind')).toBe(bus === 'embedded' ? 1 : undefined)

      await until(async () => (await lag()).since === null, 60, 'the hub has caught up')
      console.log(
        `${bus}: behind by ${seen.behindMs} ms, caught up ${Date.now() - stoppedAt - held * 1_000} ms after it went on`,
      )
      expect(await health()).toMatchObject({ status: 'good', degraded: [] })
      await calm()
      expect(await opened()).toEqual([])
      // The news that a device has come up at the start may be late.
      expect(stream.transitions.slice(before).filter(({ to }) => to !== 'up')).toEqual([])
      expect(await statesSince(stoppedAt)).toEqual(new Set(['up']))
      await expectIntervalsEqualOracle(city)
      // Who is told is decided every five seconds: of what is over by then people are told once, as over.
      await until(() => notified.includes('The hub has caught up with its data'), 20, 'people are told of its end')
      expect([
        ["The hub's data is N s behind", 'The hub has caught up with its data'],
        ['The hub has caught up with its data'],
      ]).toContainEqual(notified.map((subject) => subject.replace(/\d+/, 'N')))
    })

    const losesBroker = async () => {
      const stoppedAt = Date.now()
      const [name] = city.processes.broker
      await city.crash(name!)
      await until(async () => (await lag()).cause === 'broker', held, 'the API says that the broker is away')
      await sleep(held * 1_000 - (Date.now() - stoppedAt))
      city.start(name!)
      await calm()
      expect(await opened()).toEqual([])
      expect(await statesSince(stoppedAt)).toEqual(new Set(['up']))
      await expectIntervalsEqualOracle(city)
      await until(() => notified.filter((subject) => subject.includes('caught up')).length === 2, 30, 'its end is told')
    }
    // The embedded one cannot be lost by itself.
    if (bus === 'mosquitto') it('a hub that has lost its broker takes the silence for its own', losesBroker)

    it('a gateway whose loop is late again and again reports no probe that failed for that alone', async () => {
      const began = Date.now()
      const [name] = city.processes.gateways
      // Answers take their time, so that some are on their way whenever the gateway is held up: for longer than a probe may take.
      await city.sims.begin('slow', { kind: 'camera' }, 200)
      for (let n = 0; n < 6; n++) {
        city.hold(name!)
        await sleep(timeout * 1_000 + 200)
        city.letGo(name!)
        await sleep(2_000)
      }
      await city.sims.clear({ kind: 'camera' })
      await calm()
      const own = new Set((await city.devices(`?gateway=${city.plan.gateways[0]!.id}`)).map(({ id }) => id))
      const probes = committed(city.data).flatMap(({ observations }) => observations)
      const failed = probes.filter(({ device, at, verdict }) => own.has(device) && at >= began && verdict === 'fail')
      expect(failed).toEqual([])
      // At this scale it is held up for as long as a period, and what it has not seen for longer than that may last is unknown; never down.
      expect((await opened()).filter((cause) => !cause.startsWith('gateway silent'))).toEqual([])
      expect(await statesSince(began)).not.toContain('down')
    })

    it('a gateway that was stopped for long was silent, and that is all that is said of its devices', async () => {
      const began = Date.now()
      const [name] = city.processes.gateways
      city.hold(name!)
      await sleep(2 * stale * 1_000)
      city.letGo(name!)
      await calm()
      expect(await statesSince(began)).toEqual(new Set(['up', 'unknown']))
      // The gateway itself was out, and nothing else.
      expect((await opened()).filter((cause) => !cause.startsWith('gateway silent'))).toEqual([])
      await expectIntervalsEqualOracle(city)
    })

    it('a gateway that is cut off makes its devices unknown, as ever', async () => {
      const [gateway] = city.plan.gateways
      const own = (await city.devices(`?gateway=${gateway!.id}`)).length
      city.uplinks[0]!.cut()
      const cutAt = Date.now()
      await until(
        async () => (await city.devices('?state=unknown')).length === own,
        stale + newsSeconds,
        'all its devices are unknown',
      )
      console.log(`${bus}: ${own} devices unknown ${Date.now() - cutAt} ms after the cut`)
      expect((await lag()).since).toBeNull()
      city.uplinks[0]!.mend()
      await calm()
      expect(await statesSince(cutAt)).toEqual(new Set(['up']))
      await expectIntervalsEqualOracle(city)
    })

    async function metric(name: string): Promise<number | undefined> {
      const text = await (await fetch(`${city.address}/metrics`)).text()
      const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
      return value === undefined ? undefined : Number(value)
    }
  },
  ['mosquitto'],
)

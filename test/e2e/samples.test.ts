/**
 * "What a sensor is acknowledged is stored, at its own time": ten thousand samples that sensors have kept while they were cut off come in
 * through cuts of an uplink, `kill -9` of gateways and hub, and a disk that is full.
 */
import { join } from 'node:path'
import type { DataLag, TelemetryAnswer } from '@hub/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type HubClient, logIn, untilHealthy } from '../../infra/demo/hub-client.ts'
import { describeWith } from '../support/need.ts'
import { type Backlog, sendBacklog } from './support/backlog.ts'
import { type City, startCity } from './support/city.ts'
import { emptyDisk, fillDatabase, fillDisk, makeBallastTable } from './support/disk.ts'
import { sleep, until } from './support/until.ts'

const sensors = 20
const each = 500
const all = sensors * each
const apartMs = 30_000

type SensorBacklog = Backlog & { id: string; measure: string; samples: { at: number; value: number }[] }

describeWith('a city on a small disk', ['small disk'], () => {
  let city: City
  let backlogs: SensorBacklog[]
  const acknowledged = () => backlogs.reduce((sum, backlog) => sum + backlog.acknowledged, 0)
  /** Each sensor begins to send what it has kept. @param end just after the newest */
  const backlogsOf = async (each: number, end: number) =>
    (await city.devices('?kind=sensor')).map(({ id, district }, n): SensorBacklog => {
      const gateway = city.plan.gateways.find(({ districts }) => districts.includes(district))!
      const samples = Array.from({ length: each }, (_, i) => ({ at: end - (each - i) * apartMs - n, value: i / 10 }))
      const measure = 'cabinet_temp'
      const own = { id, password: city.secrets[id]!, measure }
      const backlog = sendBacklog(`mqtt://127.0.0.1:${gateway.fieldPort}`, own, samples)
      return Object.assign(backlog, { id, measure, samples })
    })
  const past = (share: number) => until(() => acknowledged() > share * all, 60, `${share * 100} % are acknowledged`, 20)

  beforeAll(async () => {
    city = await startCity({ bus: 'embedded', cameras: 2, sensors, withSims: false, diskMegabytes: 64 })
    makeBallastTable(join(city.data, 'record.db'))
  })
  afterAll(async () => {
    for (const backlog of backlogs ?? []) await backlog.stop()
    await city?.stop()
  })

  const fill = () => {
    fillDisk(city.data)
    fillDatabase(join(city.data, 'record.db'))
  }
  const enter = () => logIn(city.address, city.login.user, city.login.password)
  /** What an operator asks for is written down first. */
  const search = async (hub: HubClient) => {
    const { id } = city.plan.gateways[0]!
    return String(await hub.post(`/gateways/${id}/discoveries`, '{}').catch((error: unknown) => error))
  }
  /** Until the disk of the hub takes nothing: what the stores had taken of it before lasts for a while. */
  const refused = () =>
    until(
      async () => {
        fill()
        const hub = await enter()
        await hub.get('/devices?limit=1')
        return (await search(hub)).includes('507')
      },
      30,
      'the disk takes nothing more',
    )

  it(`takes ${all} samples through a cut, kill -9 and a full disk`, { timeout: 120_000 }, async () => {
    backlogs = await backlogsOf(each, Date.now() - 60_000)
    expect(backlogs.length).toBe(sensors)
    const [uplink] = city.uplinks
    const { gateways, hub } = city.processes

    await past(0.05)
    uplink!.cut()
    await past(0.15)
    await city.crash(gateways[0]!)
    uplink!.mend()
    city.start(gateways[0]!)
    await past(0.3)
    await city.crash(hub[0]!)
    await past(0.4)
    await city.crash(gateways[1]!)
    city.start(hub[0]!)
    city.start(gateways[1]!)
    await past(0.5)

    await untilHealthy(city.address, 60)
    fillDisk(city.data)
    // What the stores had taken of the disk before may last for a while.
    await refused()
    const before = acknowledged()
    expect(before).toBeLessThan(all)
    for (let n = 0; n < 4; n++) {
      fill()
      await sleep(1_000)
    }
    emptyDisk(city.data)

    await until(() => acknowledged() === all, 60, 'all of them are acknowledged')
  })

  it(`has all ${all} of them at their own times, and nothing was started anew`, { timeout: 90_000 }, async () => {
    const hub = await logIn(city.address, city.login.user, city.login.password)
    for (const { id, measure, samples } of backlogs) {
      const [{ at: from }, { at: to }] = [samples[0]!, samples.at(-1)!]
      await until(
        async () => {
          const path = `/devices/${id}/telemetry?measure=${measure}&from=${from}&to=${to + 1}&limit=5000`
          const { measures } = await hub.get<TelemetryAnswer>(path)
          const points = new Map(measures[0]?.points)
          const wrong = samples.filter(({ at, value }) => points.get(at) !== value).length
          if (wrong > 0 || points.size !== samples.length) throw new Error(`${id}: ${points.size}, ${wrong} missing`)
          return true
        },
        60,
        `the history has the samples of ${id}`,
      )
    }
  })

  it('with a full disk is read and entered, says why it is behind, and drains without a restart', {
    timeout: 180_000,
  }, async () => {
    await refused()
    // A city goes on telling. What two cameras say alone finds a last page now and then.
    for (const backlog of backlogs) await backlog.stop()
    const older = await backlogsOf(100, backlogs[0]!.samples[0]!.at)
    const lag = (hub: HubClient) => hub.get<DataLag>('/data-lag')
    await until(
      async () => {
        fill()
        const { cause } = await lag(await enter())
        return cause === 'disk'
      },
      60,
      'it says that it is its disk',
      500,
    )
    const degraded = (await (await fetch(`${city.address}/healthz`)).json()) as { degraded: { why: string }[] }
    expect(degraded.degraded[0]?.why).toMatch(/behind: disk$/)

    emptyDisk(city.data)
    const hub = await enter()
    await until(async () => (await lag(hub)).since === null, 90, 'it has caught up', 500)
    await until(
      async () => (await hub.get<{ spooled: number }[]>('/gateways')).every(({ spooled }) => spooled <= 1),
      60,
      'the spools are drained',
      500,
    )
    for (const backlog of older) await backlog.sent()
    for (const backlog of older) await backlog.stop()
    expect(await search(hub)).not.toContain('507')
    // Who came in meanwhile is in the audit.
    expect((await hub.get<{ user: string }>('/session')).user).toBe(city.login.user)
  })
})

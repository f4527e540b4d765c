/** Events from simulated cameras through the gateway: what is raised comes out, and nothing else, whatever happens in between. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AssignedCamera, type Observation, ObservationBatch, topic } from '@hub/contracts'
import { type FleetCamera, generateFleet, type RunningFleet, startFleet } from '@hub/device-sims'
import { createGateway, GatewayConfig } from '@hub/gateway'
import { checkConfig, connectBus, createBroker, createSystemClock, silentLog } from '@hub/platform'
import { afterEach, expect, it, vi } from 'vitest'
import { createEvents } from '../../gateway/src/events/events.ts'
import { CameraSession } from '../../gateway/src/onvif/session.ts'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

async function simulate(cameras: number, quirksPercent: number) {
  const fleet = generateFleet({ seed: 31, cameras, sensors: 0, quirksPercent, net: 150 })
  const running = await startFleet({ fleet, ports: { http: 0, https: 0, rtsp: 0, discovery: 0 }, multicast: false })
  cleanUp.push(running.stop)
  return { fleet, running }
}
const isSecure = (running: RunningFleet, id: string) => running.cameras.find((c) => c.spec.id === id)!.profile.https
const assigned = (camera: FleetCamera, running: RunningFleet, every = 2_000): AssignedCamera => {
  const root = isSecure(running, camera.id)
    ? `https://${camera.ipAddress}:${running.ports.https}`
    : `http://${camera.ipAddress}:${running.ports.http}`
  const xaddr = `${root}/onvif/device_service`
  return { kind: 'camera', id: camera.id, xaddr, credential: 'sims', every, endpoint: camera.endpoint }
}
const key = ({ device, event }: Observation) => `${device} ${event!.topic} ${event!.active}`

it('a camera’s motion reaches the bus through the whole gateway', async () => {
  const { fleet, running } = await simulate(2, 0)
  const gateway = '43040500002000000001'
  const broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user) => user,
    mayPublish: () => true,
    maySubscribe: () => true,
  })
  await broker.start()
  cleanUp.push(() => broker.stop())
  const bus = connectBus({ connect: () => broker.attach('centre'), clientId: 'centre', log: silentLog })
  cleanUp.push(() => bus.close())
  const heard: Observation[] = []
  await bus.subscribe(topic('observations', { gateway }), ({ payload }) => {
    heard.push(...ObservationBatch.parse(JSON.parse(payload.toString())).observations)
  })
  const data = mkdtempSync(join(tmpdir(), 'hub-events-'))
  cleanUp.push(() => rmSync(data, { recursive: true, force: true }))
  const config = checkConfig(GatewayConfig, {
    id: gateway,
    data,
    field: { port: 0 },
    credentials: { sims: fleet.login },
    uplink: { url: `mqtt://127.0.0.1:${broker.port}`, password: 'x' },
    discovery: { interfaces: ['127.0.0.1'], multicast: false, allowLoopback: true },
  })
  const edge = createGateway(config, { clock: createSystemClock(), log: silentLog })
  await edge.start()
  cleanUp.push(edge.stop)
  const devices = fleet.cameras.map((camera) => assigned(camera, running))
  await vi.waitFor(
    async () => {
      await bus.publish(topic('assignment', { gateway }), JSON.stringify({ v: 1, gateway, version: 1, devices }))
      expect(edge.stats().events.subscriptions).toBe(2)
    },
    { timeout: 20_000, interval: 500 },
  )
  const match = { id: fleet.cameras[0]!.id }
  const raisedAt = Date.now()
  running.events.raise({ match, topic: 'motion', active: true })
  const events = () => heard.filter(({ kind }) => kind === 'event')
  await vi.waitFor(() => expect(events()).toHaveLength(1), { timeout: 30_000, interval: 10 })
  // Told as it happens.
  expect(Date.now() - raisedAt).toBeLessThan(8_000)
  expect(events()[0]).toMatchObject({
    device: match.id,
    event: { topic: 'motion', active: true, source: 'VideoSource_1' },
  })

  // A reboot takes the subscription along; what began meanwhile is told when the camera is back.
  running.faults.begin({ match, fault: 'power-off', forMs: 1_500 })
  running.events.raise({ match, topic: 'tamper', active: true })
  await vi.waitFor(() => expect(events()).toHaveLength(2), { timeout: 20_000, interval: 20 })
  expect(events()[1]).toMatchObject({ device: match.id, event: { topic: 'tamper', active: true } })
})

it('200 cameras of many makes under random faults: each event is told once, and none is invented', {
  timeout: 600_000,
}, async () => {
  const { fleet, running } = await simulate(200, 40)
  const clock = createSystemClock()
  let seed = 4
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const sessions = new Map(
    fleet.cameras.map((camera) => {
      const { hostname, port, protocol, pathname } = new URL(assigned(camera, running).xaddr)
      const target = { host: hostname, port: Number(port), tls: protocol === 'https:' }
      // Where the password may go as text the second try is that, and not a token on another clock.
      const credential = { ...fleet.login, plainText: camera.profile !== 'tells-local-time' }
      return [camera.id, new CameraSession({ clock, target, path: pathname, credential })] as const
    }),
  )
  const told: Observation[] = []
  let refusals = 0
  const events = createEvents({
    clock,
    log: silentLog,
    config: { enabled: true, maxSubscriptions: 1_000 },
    random,
    policy: { waitMs: 2_000, lastsMs: 6_000, marginMs: 1_000 },
    openSession: (id, limits) => sessions.get(id)!.secondSession(limits),
    async emit(observation) {
      if (random() < 0.02) {
        refusals++
        throw new Error('the disk is full')
      }
      told.push(observation)
    },
  })
  cleanUp.push(events.stop)
  events.apply({ put: fleet.cameras.map((camera) => assigned(camera, running)), drop: [] })
  await Promise.all([...sessions.values()].map((session) => session.readClock().catch(() => {})))
  for (const { id } of fleet.cameras) events.ready(id)

  const topics = ['motion', 'tamper', 'video-loss', 'digital-input'] as const
  const wanted = (active: boolean) => fleet.cameras.flatMap(({ id }) => topics.map((name) => `${id} ${name} ${active}`))
  const faults = ['power-off', 'network-cut', 'slow'] as const
  const raised = (active: boolean) => {
    const order = wanted(active)
      .map((text) => ({ text, lot: random() }))
      .sort((a, b) => a.lot - b.lot)
    return order.map(({ text }) => text.split(' ') as [string, (typeof topics)[number], string])
  }
  const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  /** 12 s of trouble, in which everything changes once; then all must have been told. */
  const storm = async (active: boolean) => {
    const due = raised(active)
    const perStep = Math.ceil(due.length / 240)
    for (let step = 0; step < 240; step++) {
      for (const [id, name] of due.splice(0, perStep)) running.events.raise({ match: { id }, topic: name, active })
      const { id } = fleet.cameras[Math.floor(random() * fleet.cameras.length)]!
      const fault = faults[Math.floor(random() * faults.length)]!
      running.faults.begin({
        match: { id },
        fault,
        forMs: 300 + Math.floor(random() * 1_500),
        ...(fault === 'slow' && { value: 400 }),
      })
      // The prober's part: it sees who is there.
      if (step % 20 === 0)
        for (const camera of running.cameras)
          events.probed({
            device: camera.spec.id,
            at: clock.now(),
            kind: 'probe',
            rung: 'answers',
            every: 1_000,
            verdict: camera.powered && camera.connected ? 'pass' : 'fail',
          })
      await pass(50)
    }
    const all = wanted(active)
    await vi.waitFor(
      () => {
        const heard = new Set(told.map(key))
        expect(all.filter((one) => !heard.has(one))).toEqual([])
      },
      // A camera that thinks for 2.5 s before each answer misses its limit on a busy machine, and each try that fails doubles the pause.
      { timeout: 240_000, interval: 200 },
    )
  }
  await storm(true)
  await storm(false)
  expect(told.map(key).sort()).toEqual([...wanted(true), ...wanted(false)].sort())
  const { faults: met, ...stats } = events.stats()
  console.log(JSON.stringify({ cameras: 200, told: told.length, faults: met, refusals, ...stats }))
  expect(met).toBeGreaterThan(100)
  expect(stats.notStored).toBe(refusals)
})

/**
 * Two cameras that a power cut gives each other's address (simulated, written apart from the gateway): through discovery and the prober
 * neither is credited with what answers there, neither gets the login of the other, and each is followed once both sides agree.
 */
import type { AssignedCamera, Observation } from '@hub/contracts'
import { generateFleet, type RunningFleet, startFleet } from '@hub/device-sims'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDiscovery } from '../../gateway/src/discovery/index.ts'
import { createProber, type Prober } from '../../gateway/src/probe/prober.ts'

const clock = createSystemClock()
const fleet = generateFleet({ seed: 43, cameras: 12, sensors: 0, net: 153 })
const [one, two] = fleet.cameras.slice(0, 2) as [(typeof fleet.cameras)[0], (typeof fleet.cameras)[0]]
fleet.cameras = [one, two]
for (const camera of fleet.cameras) camera.profile = 'trades-address'

let running: RunningFleet
let prober: Prober
let discoverNow: () => Promise<unknown>
const observations: Observation[] = []
const identified = new Map<string, string | undefined>()
const conflicts = new Set<string>()
const stop: (() => Promise<unknown>)[] = []

/** With a login of its own each: that of the other is a wrong one. */
const logins = {
  [one.id]: { user: fleet.login.user, password: 'one' },
  [two.id]: { user: fleet.login.user, password: 'two' },
}
const assigned = (id: string, { ipAddress, endpoint }: { ipAddress: string; endpoint: string }): AssignedCamera => ({
  kind: 'camera',
  id,
  xaddr: `http://${ipAddress}:${running.ports.http}/onvif/device_service`,
  endpoint,
  credential: id,
  every: 1_000,
})
const last = (id: string) => {
  const found = observations.findLast(({ device }) => device === id)
  return found && [found.verdict, found.reason].filter(Boolean).join(' ')
}
const both = () => [last(one.id), last(two.id)]
const wrongLogins = () => running.cameras.map((camera) => camera.wrongLogins)

beforeAll(async () => {
  running = await startFleet({ fleet, ports: { http: 0, rtsp: 0, discovery: 0 }, multicast: false })
  stop.push(running.stop)
  for (const camera of running.cameras) camera.password = logins[camera.spec.id]!.password
  prober = createProber({
    clock,
    log: silentLog,
    config: { timeoutMs: 5_000, concurrency: 4 },
    credentials: logins,
    emit: async (observation) => void observations.push(observation),
    onIdentified: ({ device, serial }) => identified.set(device, serial),
    onConflict: (device) => conflicts.add(device),
  })
  stop.push(prober.stop)
  const discovery = createDiscovery({
    clock,
    log: silentLog,
    port: running.ports.discovery,
    settleMs: 300,
    onFound: () => {},
    onHeard: (device) => prober.heard(device),
    config: {
      interfaces: ['127.0.0.1'],
      multicast: false,
      ranges: fleet.cameras.map(({ ipAddress }) => ipAddress),
      everySeconds: 60,
      allowLoopback: true,
      packetsPerSecond: 1_000,
    },
  })
  await discovery.start()
  stop.push(discovery.stop)
  discoverNow = () => discovery.discoverNow()
  prober.apply({ put: [assigned(one.id, one), assigned(two.id, two)], drop: [] })
}, 60_000)
afterAll(async () => {
  for (const end of stop.reverse()) await end()
})

it('before the cut each is itself', async () => {
  await discoverNow()
  await expect.poll(both).toEqual(['pass', 'pass'])
  expect([identified.get(one.id), identified.get(two.id)]).toEqual([one.serial, two.serial])
})

it('after it both are unknown for the reason, and no login goes to the other any more', async () => {
  running.faults.begin({ match: {}, fault: 'power-off' })
  await expect.poll(both).toEqual(expect.arrayContaining([expect.stringContaining('fail')]))
  running.faults.end({})
  expect(running.cameras.map(({ address }) => address)).toEqual([two.ipAddress, one.ipAddress])
  await discoverNow()
  await expect.poll(both).toEqual(['blind address-conflict', 'blind address-conflict'])
  expect([...conflicts].sort()).toEqual([one.id, two.id].sort())
  // Before they were heard a probe may have come by, which cannot know: two tries are what a host and login have.
  const [tries, from] = [wrongLogins(), observations.length]
  expect(Math.max(...tries)).toBeLessThanOrEqual(2)
  await expect.poll(() => observations.length).toBeGreaterThan(from + 4)
  expect(new Set(observations.slice(from).map(({ reason }) => reason))).toEqual(new Set(['address-conflict']))
  expect(wrongLogins()).toEqual(tries)
})

it('assigned at the addresses that they have now, each is itself again', async () => {
  prober.apply({
    put: [
      assigned(one.id, { ...one, ipAddress: two.ipAddress }),
      assigned(two.id, { ...two, ipAddress: one.ipAddress }),
    ],
    drop: [],
  })
  identified.clear()
  await discoverNow()
  await expect.poll(both).toEqual(['pass', 'pass'])
  await Promise.all([prober.identify(one.id), prober.identify(two.id)])
  expect([identified.get(one.id), identified.get(two.id)]).toEqual([one.serial, two.serial])
  expect(running.cameras.map(({ lockedUntil }) => lockedUntil)).toEqual([0, 0])
})

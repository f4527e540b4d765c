/** A camera of every simulated profile, through discovery and the prober: identified, or refused with the right reason. */
import type { AssignedCamera, DeviceIdentity, FoundDevice } from '@hub/contracts'
import { serviceAddress } from '@hub/core'
import { generateFleet, type RunningFleet, startFleet } from '@hub/device-sims'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { quirkNames, strayNames } from '../../device-sims/src/camera/profiles/index.ts'
import { createDiscovery } from '../../gateway/src/discovery/index.ts'
import { createCertificates } from '../../gateway/src/onvif/certificates.ts'
import { createProber, type Prober } from '../../gateway/src/probe/prober.ts'

/** Two of those that share an endpoint, and of those that trade addresses. */
const names = ['plain', ...quirkNames, ...strayNames, 'cloned-endpoint', 'trades-address']
const clock = createSystemClock()

/** What the last probe says, where it is not `pass`. */
const verdicts: Record<string, string> = {
  'skewed-clock': 'degraded clock',
  slow: 'degraded slow',
  // The password itself is sent only where the login allows it.
  'text-only': 'degraded unauthorised',
  'attribute-bomb': 'degraded malformed',
}
const oddities: Record<string, readonly string[]> = {
  'tells-local-time': ['clock-misstated'],
  nat: ['service-host', 'stream-host'],
  'foreign-stream': ['stream-host'],
}
const failures: Record<string, string> = { 'text-only': 'unauthorised', 'attribute-bomb': 'malformed' }
const quarantined: Record<string, string> = { nat: 'xaddr-host-differs', 'cloned-endpoint': 'endpoint-conflict' }

let running: RunningFleet
let prober: Prober
const found = new Map<string, FoundDevice>()
const known = new Map<string, DeviceIdentity>()
const stop: (() => Promise<unknown>)[] = []
const cameras = names.map((name, n) => ({ name, n }))
const idOf = (n: number) => running.cameras[n]!.spec.id
const addressOf = (n: number) => running.cameras[n]!.spec.ipAddress

beforeAll(async () => {
  const fleet = generateFleet({ seed: 41, cameras: names.length, sensors: 0, net: 152 })
  fleet.cameras.forEach((camera, n) => {
    Object.assign(camera, { profile: names[n] })
  })
  running = await startFleet({ fleet, ports: { http: 0, https: 0, rtsp: 0, discovery: 0 }, multicast: false })
  stop.push(running.stop)
  const discovery = createDiscovery({
    clock,
    log: silentLog,
    port: running.ports.discovery,
    settleMs: 300,
    onFound: (device) => found.set(device.address, device),
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
  // What two share is known for sure once the first is heard beside the second, and then again.
  for (let round = 0; round < 4; round++) await discovery.discoverNow()
  const stray = names.indexOf('stray-matches')
  expect(found.get(addressOf(stray))).toBeUndefined()
  expect(discovery.counters().strays).toBeGreaterThan(0)
  await discovery.add(`http://${addressOf(stray)}:${running.ports.http}/onvif/device_service`)

  prober = createProber({
    clock,
    log: silentLog,
    // One of them thinks 2.5 s before each answer, and is asked twice for its first.
    config: { timeoutMs: 10_000, concurrency: 16 },
    credentials: { sims: fleet.login },
    certificates: createCertificates({ clock, log: silentLog }),
    emit: async () => {},
    onIdentified: (identity) => known.set(identity.device, identity),
    onUnidentified: (identity) => known.set(identity.device, identity),
  })
  stop.push(prober.stop)
  const assigned = cameras.map(({ n }): AssignedCamera => {
    const device = found.get(addressOf(n))!
    const { endpoint } = device
    return { kind: 'camera', id: idOf(n), xaddr: serviceAddress(device), endpoint, credential: 'sims', every: 2_000 }
  })
  prober.apply({ put: assigned, drop: [] })
  await vi.waitFor(() => expect(known.size).toBe(names.length), { timeout: 90_000, interval: 100 })
}, 120_000)
afterAll(async () => {
  for (const end of stop.reverse()) await end()
})

describe.each(cameras)('$name', ({ name, n }) => {
  it('is found, with what is wrong with it', () => {
    expect(found.get(addressOf(n))?.quarantine).toBe(quarantined[name] ?? 'new')
  })
  it('is identified, or says why not', () => {
    const { failure, model, oddities: odd, streamUri } = known.get(idOf(n))!
    expect(failure?.reason).toBe(failures[name])
    if (failures[name]) return
    expect(model).toBe(running.cameras[n]!.spec.model)
    expect(odd).toEqual(oddities[name])
    expect(new URL(streamUri!).hostname).toBe(addressOf(n))
  })
  it('is probed to the top of its ladder, and its login refused twice at most', async () => {
    const { verdict, reason } = await prober.probeNow(idOf(n))
    expect([verdict, reason].filter(Boolean).join(' ')).toBe(verdicts[name] ?? 'pass')
    expect(running.cameras[n]).toMatchObject({ lockedUntil: 0 })
    expect(running.cameras[n]!.wrongLogins).toBeLessThanOrEqual(2)
  })
})

it('the two with one endpoint are listed under names of their own', () => {
  const endpoints = cameras
    .filter(({ name }) => name === 'cloned-endpoint')
    .map(({ n }) => found.get(addressOf(n))!.endpoint)
  expect(new Set(endpoints).size).toBe(2)
})

it('a name with blanks brings the code in it', () => {
  const n = names.indexOf('blank-scopes')
  expect(found.get(addressOf(n))?.name).toBe(`CAMERA 1 100% ${idOf(n)}`)
})

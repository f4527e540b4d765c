/**
 * A camera that makes itself another certificate at each start (simulated), over restarts of the gateway and its own: what the gateway has
 * pinned it knows after a restart, the other certificate is told and gets no login, and accepted it is pinned over the next restart.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssignedCamera, DeviceIdentity } from '@hub/contracts'
import { generateFleet, type RunningFleet, startFleet } from '@hub/device-sims'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCertificates } from '../../gateway/src/onvif/certificates.ts'
import { createProber } from '../../gateway/src/probe/prober.ts'

const clock = createSystemClock()
const fleet = generateFleet({ seed: 44, cameras: 12, sensors: 0, net: 154 })
const camera = fleet.cameras[0]!
camera.profile = 'new-certificates'
fleet.cameras = [camera]
const folder = mkdtempSync(join(tmpdir(), 'certificates-'))

let running: RunningFleet
beforeAll(async () => {
  running = await startFleet({ fleet, ports: { http: 0, https: 0, rtsp: 0, discovery: 0 }, multicast: false })
}, 60_000)
afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true })
})

/** What a gateway has of it that begins with what the one before has left on disk. */
async function withGateway<T>(
  work: (gateway: {
    said(): Promise<string>
    told(): DeviceIdentity['certificate']
    accept(fingerprint: string): Promise<void>
  }) => Promise<T>,
): Promise<T> {
  const certificates = createCertificates({ path: join(folder, 'certificates.json'), clock, log: silentLog })
  let known: DeviceIdentity | undefined
  const take = (identity: DeviceIdentity) => {
    known = identity
  }
  const prober = createProber({
    clock,
    log: silentLog,
    config: { timeoutMs: 10_000, concurrency: 4 },
    credentials: { sims: fleet.login },
    certificates,
    emit: async () => {},
    onIdentified: take,
    onUnidentified: take,
  })
  const { id, ipAddress, endpoint } = camera
  const xaddr = `https://${ipAddress}:${running.ports.https}/onvif/device_service`
  const assigned: AssignedCamera = { kind: 'camera', id, xaddr, endpoint, credential: 'sims', every: 3_600_000 }
  prober.apply({ put: [assigned], drop: [] })
  try {
    return await work({
      async said() {
        const { verdict, rung, reason } = await prober.probeNow(id)
        return [verdict, verdict === 'pass' ? '' : rung, reason].filter(Boolean).join(' ')
      },
      told: () => known?.certificate,
      accept: (fingerprint) => prober.acceptCertificate(id, fingerprint),
    })
  } finally {
    await prober.stop()
    certificates.close()
  }
}
const restartCamera = () => {
  running.faults.begin({ match: { id: camera.id }, fault: 'power-off' })
  running.faults.end({ id: camera.id })
}

it('the first is pinned, and is the same after a restart of the gateway', async () => {
  expect(await withGateway(({ said }) => said())).toBe('pass')
  expect(await withGateway(({ said }) => said())).toBe('pass')
})

it('another one is refused by a gateway that was restarted meanwhile, told, and gets no login', async () => {
  restartCamera()
  const before = running.cameras[0]!.wrongLogins
  for (let restarts = 0; restarts < 2; restarts++)
    await withGateway(async ({ said, told }) => {
      expect(await said()).toBe('fail answers certificate')
      await expect.poll(told).toMatchObject({ trusted: expect.any(String), offered: expect.any(String) })
      expect(told()!.offered).not.toBe(told()!.trusted)
    })
  expect(running.cameras[0]!.wrongLogins).toBe(before)
})

it('accepted it is trusted, also after the next restart; and the one after it is told again', async () => {
  await withGateway(async ({ said, told, accept }) => {
    await said()
    await expect.poll(told).toBeDefined()
    await accept(told()!.offered)
    expect(await said()).toBe('pass')
  })
  expect(await withGateway(({ said }) => said())).toBe('pass')
  restartCamera()
  expect(await withGateway(({ said }) => said())).toBe('fail answers certificate')
})

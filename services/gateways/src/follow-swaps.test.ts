import type { DeviceIdentity, FoundDevice } from '@hub/contracts'
import { afterEach, expect, test, vi } from 'vitest'
import { type RunningCentre, runCentre } from '../../ingest/src/testing/centre.ts'
import { deviceId, gateway, t0 } from '../../ingest/src/testing/rig.ts'
import { gatewaysModule } from './module.ts'

const [one, two] = [deviceId(1), deviceId(2)]
const addresses = { [one]: '127.11.0.1', [two]: '127.11.0.2' }
const soon = { timeout: 5_000, interval: 10 }
const found = (id: string, address = addresses[id]!, at = t0): FoundDevice => ({
  endpoint: `urn:uuid:${id}`,
  address,
  xaddrs: [`http://${address}:8000/onvif/device_service`],
  project: 'sims',
  quarantine: 'new',
  seenAt: at,
})

let centre: RunningCentre
afterEach(() => centre.stop())

/** Two cameras that were approved where they stand. */
async function start(more: object = {}) {
  const config = { demo: { approveProject: 'sims', credential: 'sims' }, ...more }
  centre = await runCentre([gatewaysModule], [one, two], config)
  for (const id of [one, two])
    centre.record.sqlite.exec(
      `UPDATE device SET ip_address = '${addresses[id]}', record = json_set(record, '$.ipAddress', '${addresses[id]}') WHERE id = '${id}'`,
    )
  await centre.changeRegistry()
  await say([found(one), found(two)])
  await vi.waitFor(() => expect(bound()).toEqual({ [one]: addresses[one], [two]: addresses[two] }), soon)
}
const say = (devices: FoundDevice[], identified: DeviceIdentity[] = []) =>
  centre.say('inventory', { v: 1, gateway, at: t0, found: devices, identified })
const all = <T>(sql: string) => centre.record.sqlite.prepare(sql).all() as T[]
const bound = () =>
  Object.fromEntries(
    all<{ device: string; xaddr: string }>(
      'SELECT device, xaddr FROM device_binding WHERE xaddr IS NOT NULL ORDER BY device',
    ).map(({ device, xaddr }) => [device, new URL(xaddr).hostname]),
  )
const swapped = { [one]: addresses[two], [two]: addresses[one] }
const followed = () => all<object>("SELECT actor, subject FROM audit WHERE action = 'device.follow-address'")

test('two that are heard at each other’s address are assigned there by themselves, which is written down', async () => {
  await start()
  await say([found(one, addresses[two], t0 + 1)])
  await say([found(two, addresses[one], t0 + 1)])
  await vi.waitFor(() => expect(bound()).toEqual(swapped), soon)
  await vi.waitFor(
    () =>
      expect(followed()).toEqual([
        { actor: 'hub', subject: one },
        { actor: 'hub', subject: two },
      ]),
    soon,
  )
})

test('one alone that is heard at the address of the other is not followed', async () => {
  await start()
  await say([found(one, addresses[two], t0 + 1)])
  await say([{ ...found(two), name: 'still here', seenAt: t0 + 1 }])
  await vi.waitFor(() => expect(all("SELECT 1 FROM discovered WHERE found LIKE '%still here%'")).toHaveLength(1), soon)
  expect([bound(), followed()]).toEqual([{ [one]: addresses[one], [two]: addresses[two] }, []])
})

test('where the configuration asks first, an operator approves both', async () => {
  await start({ policy: { addressSwaps: 'ask' } })
  await say([found(one, addresses[two], t0 + 1), found(two, addresses[one], t0 + 1)])
  await vi.waitFor(
    () => expect(all(`SELECT 1 FROM discovered WHERE found LIKE '%"seenAt":${t0 + 1}%'`)).toHaveLength(2),
    soon,
  )
  expect([bound(), followed()]).toEqual([{ [one]: addresses[one], [two]: addresses[two] }, []])
})

test('what a gateway remarks stands beside the identity, and goes when it is so no more', async () => {
  await start()
  const stored = () =>
    all<{ identity: string | null; remarks: string | null }>(
      `SELECT identity, remarks FROM device_binding WHERE device = '${one}'`,
    ).map(({ identity, remarks }) => [identity && JSON.parse(identity), remarks && JSON.parse(remarks)])[0]
  const failure = { reason: 'malformed', detail: 'no' } as const
  await say([], [{ device: one, at: t0 + 1, failure }])
  await vi.waitFor(() => expect(stored()).toEqual([null, { failure }]), soon)
  const identity = { device: one, at: t0 + 2, model: 'M' }
  await say([], [{ ...identity, oddities: ['stream-host'] }])
  await vi.waitFor(() => expect(stored()).toEqual([identity, { oddities: ['stream-host'] }]), soon)
  const certificate = { trusted: '1'.repeat(64), offered: '2'.repeat(64) }
  await say([], [{ device: one, at: t0 + 3, certificate }])
  await vi.waitFor(() => expect(stored()).toEqual([identity, { certificate }]), soon)
  await say([], [{ ...identity, at: t0 + 4 }])
  await vi.waitFor(() => expect(stored()).toEqual([{ ...identity, at: t0 + 4 }, null]), soon)
})

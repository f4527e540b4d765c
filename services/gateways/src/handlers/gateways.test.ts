/** Gateways and the passwords of their sensors, over real HTTP and a real record. */
import type { GatewaysViews } from '@hub/contracts'
import { sha256, tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { camera, gatewayA, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'
import { putGatewayStatus } from '../store.ts'
import type { GatewaysData } from '../tables.ts'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
})
afterEach(() => hub.stop())

const acts = (hub: Hub, action: string) =>
  hub.record.db.selectFrom('audit').selectAll().where('action', '=', action).execute()
const gatewaysOf = (hub: Hub) => tablesOf<GatewaysData>(hub.record).db
const status = (gateway: string, at: number) => ({
  v: 1 as const,
  gateway,
  online: true,
  at,
  version: '0.1.0',
  assignment: 1,
  devices: 1,
  spooled: 0,
  clockOffsetMs: 0,
  blind: false,
})

it('a gateway is online while it says so every few seconds', async () => {
  const online = async () => (await hub.ask('oper', 'gateways')).json[0].online
  expect(await online()).toBe(false)
  await putGatewayStatus(gatewaysOf(hub), status(gatewayA, 1), hub.clock.now())
  expect(await online()).toBe(true)
  hub.clock.advance(20_000)
  expect(await online()).toBe(false)
})

it('a spool is known to be empty as of when its gateway said so; a will says nothing of it', async () => {
  const drainedAt = async (more: object) => {
    await putGatewayStatus(gatewaysOf(hub), { ...status(gatewayA, 900), ...more }, 1_000)
    const view = tablesOf<GatewaysViews>(hub.record).db.selectFrom('gateways_gateway')
    return (await view.select('drained_at').where('id', '=', gatewayA).executeTakeFirstOrThrow()).drained_at
  }
  expect(await drainedAt({ spooled: 7 })).toBeNull()
  expect(await drainedAt({ online: false })).toBeNull()
  expect(await drainedAt({})).toBe(900)
  expect(await drainedAt({ spooled: 3, at: 950 })).toBe(900)
  // Its clock is ahead.
  expect(await drainedAt({ at: 5_000 })).toBe(1_000)
})

it('a sensor belongs to the gateway of its district; a password is shown once, its hash goes to the gateway', async () => {
  await hub.importRecords([camera(sensorA, { kind: 'sensor' })])
  const { json } = await hub.ask('oper', 'sensorCredentials', { body: { devices: [sensorA, sensorA] } })
  expect(json.secrets).toHaveLength(1)
  const { password: secret } = json.secrets[0]
  expect(Buffer.from(secret, 'base64url')).toHaveLength(16)
  const row = await hub.record.db.selectFrom('sensor_credential').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject({ device: sensorA, password_hash: sha256(secret) })
  expect(hub.registryChanges().at(-1)?.gateways).toEqual([gatewayA])
  expect(hub.lines.join('')).not.toContain(secret)
  expect(JSON.stringify(await acts(hub, 'sensor.credential'))).not.toContain(secret)
})

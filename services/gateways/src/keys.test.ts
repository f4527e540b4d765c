/** The keys of gateways over the bus and over HTTP: the first is pinned, another one waits for a person. */

import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatewayA, type Hub, startHub } from '../../hub/src/testing/hub.ts'
import { type RunningCentre, runCentre } from '../../ingest/src/testing/centre.ts'
import { deviceId, gateway, t0 } from '../../ingest/src/testing/rig.ts'
import { takeKey } from './keys.ts'
import { gatewaysModule } from './module.ts'
import type { GatewaysData } from './tables.ts'

const soon = { timeout: 5_000, interval: 10 }
const [first, second] = ['a'.repeat(43), 'b'.repeat(43)]
const status = (more: object = {}) => ({
  v: 1,
  gateway,
  online: true,
  at: t0,
  version: '1',
  assignment: 0,
  devices: 0,
  spooled: 0,
  clockOffsetMs: null,
  blind: false,
  ...more,
})

test('a gateway is asked for its key once, and the first that it tells is pinned', async () => {
  const centre: RunningCentre = await runCentre([gatewaysModule], [deviceId(1)])
  const keys = () => centre.record.sqlite.prepare('SELECT key, state FROM gateway_key ORDER BY key').all()
  const asked: string[] = []
  const wire = centre.connect(gateway)
  await wire.subscribe(`hub/v1/gateways/${gateway}/key-wanted`, ({ payload }) => void asked.push(payload.toString()))
  for (let n = 0; n < 3; n++) await centre.say('status', status())
  await vi.waitFor(() => expect(asked).toEqual([JSON.stringify({ v: 1, gateway })]), soon)
  await centre.say('status', status({ key: first }))
  await vi.waitFor(() => expect(keys()).toEqual([{ key: first, state: 'pinned' }]), soon)
  await centre.say('status', status({ key: second }))
  await vi.waitFor(() => expect(keys()).toContainEqual({ key: second, state: 'waiting' }), soon)
  expect(asked).toHaveLength(1)
  await wire.close()
  await centre.stop()
})

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  for (const key of [first, second])
    await tablesOf<GatewaysData>(hub.record).transaction((trx) =>
      takeKey(trx, { gateway: gatewayA, key }, { audit: hub.deps.audit, now: hub.clock.now() }),
    )
})
afterEach(() => hub.stop())

const decide = (user: string, key: string, decision: 'approve' | 'reject') =>
  hub.ask(user, 'decideGatewayKey', { params: { id: gatewayA }, body: { key, decision, reason: '更换主机' } })
const listed = async () =>
  (await hub.ask('oper', 'gateways')).json
    .find((row: { gateway: string }) => row.gateway === gatewayA)
    .keys.map(({ key, state, decidedBy }: Record<string, unknown>) => [key, state, decidedBy])

test('a new key counts from its approval on, and the one before is retired', async () => {
  expect(await listed()).toEqual([
    [first, 'pinned', null],
    [second, 'waiting', null],
  ])
  expect((await decide('oper', second, 'approve')).status).toBe(200)
  expect(await listed()).toEqual([
    [first, 'retired', null],
    [second, 'pinned', 'oper'],
  ])
  expect((await decide('oper', second, 'approve')).json.code).toBe('request.invalid')
})

test('a key that was rejected stays so, and who may not approve decides nothing', async () => {
  expect((await decide('cmdr', second, 'approve')).status).toBe(403)
  expect((await decide('oper', second, 'reject')).status).toBe(200)
  expect(await listed()).toEqual([
    [first, 'pinned', null],
    [second, 'rejected', 'oper'],
  ])
})

import { type DeviceId, type MessageName, topic, topicFilter } from '@hub/contracts'
import { type Bus, connectBus, type Message, sha256, silentLog } from '@hub/platform'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createGatewayBroker } from './broker.ts'

const own = '43040500002000000001'
const other = '43048100002000000001'
const soon = { timeout: 5_000, interval: 10 }
const configured = (id: DeviceId) => ({
  id,
  name: id,
  districts: ['430405' as const],
  passwordHash: sha256(`secret of ${id}`),
})

let broker: ReturnType<typeof createGatewayBroker>
let centre: Bus
let heard: Message[]
const open: Bus[] = []
beforeEach(async () => {
  broker = createGatewayBroker(
    { bus: { host: '127.0.0.1', port: 0 }, gateways: [configured(own), configured(other)] },
    silentLog,
  )
  await broker.start()
  centre = connectBus({ log: silentLog, clientId: 'centre', connect: () => broker.attach('centre') })
  heard = []
  for (const name of ['observations', 'status', 'inventory', 'replies', 'acks', 'commands', 'assignment'] as const)
    await centre.subscribe(topicFilter(name), (message) => void heard.push(message))
})
afterEach(async () => {
  for (const bus of [...open.splice(0), centre]) await bus.close()
  await broker.stop()
})

function connect(user: string, password = `secret of ${user}`, clientId = user): Bus {
  const bus = connectBus({ log: silentLog, clientId, user, password, url: `mqtt://127.0.0.1:${broker.port}` })
  open.push(bus)
  return bus
}
const upward: MessageName[] = ['observations', 'status', 'inventory', 'replies']
const downward: MessageName[] = ['acks', 'assignment', 'commands', 'inventoryWanted', 'keyWanted']

test('a gateway speaks on its own topics and hears its own', async () => {
  const gateway = connect(own)
  const got: string[] = []
  for (const name of downward) await gateway.subscribe(topic(name, { gateway: own }), (m) => void got.push(m.topic))
  for (const name of upward) await gateway.publish(topic(name, { gateway: own }), 'x')
  await vi.waitFor(
    () => expect(heard.map((m) => m.topic).sort()).toEqual(upward.map((name) => topic(name, { gateway: own })).sort()),
    soon,
  )
  for (const name of downward) await centre.publish(topic(name, { gateway: own }), 'y')
  for (const name of downward) await centre.publish(topic(name, { gateway: other }), 'y')
  await vi.waitFor(() => expect(got.sort()).toEqual(downward.map((name) => topic(name, { gateway: own })).sort()), soon)
})

test.each([
  ...[...upward, ...downward].map((name) => topic(name, { gateway: other })),
  ...downward.map((name) => topic(name, { gateway: own })),
  topic('transitions', { district: '430405' }),
  topic('registry.changed'),
  '$SYS/own/new/clients',
  'anything',
])('a gateway may not publish on %s', async (name) => {
  const everything: string[] = []
  await centre.subscribe('hub/#', (m) => void everything.push(m.topic))
  const gateway = connect(own)
  await vi.waitFor(() => expect(gateway.connected).toBe(true), soon)
  gateway.publish(name, 'forged').catch(() => {})
  // The broker ends the connection of whoever tries.
  await vi.waitFor(() => expect(gateway.connected).toBe(false), soon)
  expect(everything).toEqual([])
})

test.each([
  '#',
  '+/#',
  'hub/#',
  'hub/v1/gateways/+/acks',
  'hub/+/gateways/#',
  `hub/v1/gateways/${own}/#`,
  `hub/v1/gateways/${own}/+`,
  topic('commands', { gateway: other }),
  topic('observations', { gateway: own }),
  '$SYS/#',
  `$share/g/${topic('acks', { gateway: own })}`,
])('a gateway may not subscribe to %s', async (filter) => {
  await expect(connect(own).subscribe(filter, () => {})).rejects.toThrow()
})

test.each([
  ['a wrong password', own, 'secret', own],
  ['the password of another', own, `secret of ${other}`, own],
  ['its hash for a password', own, sha256(`secret of ${own}`), own],
  [
    'a gateway that is not configured',
    '43040500002000000009',
    'secret of 43040500002000000009',
    '43040500002000000009',
  ],
  ['the client id of another', own, `secret of ${own}`, other],
  ['the name of the centre', 'centre', '', 'centre'],
])('%s is refused', async (_, user, password, clientId) => {
  const gateway = connect(user, password, clientId)
  const changes: boolean[] = []
  gateway.onConnection((connected) => changes.push(connected))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect([gateway.connected, changes, broker.clients().filter((p) => p !== 'centre')]).toEqual([false, [], []])
})

/** The centre under more than it can commit: real broker and Record, the gateways' own spool and delivery, time by hand. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Ack, type GatewayId, messages, topic } from '@hub/contracts'
import type { Bus } from '@hub/platform'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testSpool } from '../../../gateway/src/spool/fixtures.ts'
import { createDelivery } from '../../../gateway/src/uplink/delivery.ts'
import { RawClient } from '../../platform/src/bus/testing/raw-client.ts'
import { ingestModule } from './module.ts'
import { type RunningCentre, runCentre } from './testing/centre.ts'
import { batch, deviceId, gateway, look, otherGateway } from './testing/rig.ts'

const second = 1_000
const perGateway = 60
const devicesOf = (id: GatewayId) =>
  Array.from({ length: perGateway }, (_, n) => deviceId(n, id === gateway ? '430405' : '430481'))

let centre: RunningCentre
let buses: Bus[]
beforeEach(async () => {
  centre = await runCentre([ingestModule], [...devicesOf(gateway), ...devicesOf(otherGateway)])
  buses = []
})
afterEach(async () => {
  for (const bus of buses) await bus.close()
  await centre.stop()
})

const turns = async (count: number) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve))
}
const figure = async (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(await centre.metrics.text())?.[1])
const percentile = (values: readonly number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!
const onDisk = () =>
  centre.record.sqlite.prepare('SELECT count(*) AS batches, sum(count) AS observations FROM batch').get() as {
    batches: number
    observations: number
  }

/** A gateway from its spool on. */
async function openGateway(id: GatewayId) {
  const { spool } = testSpool({ clock: centre.clock, gateway: id })
  const bus = centre.connect(id)
  buses.push(bus)
  const acks: Ack[] = []
  let dropped = 0
  const delivery = createDelivery({
    clock: centre.clock,
    monotonic: () => centre.clock.now(),
    spool,
    send: ({ payload }) => bus.publish(topic('observations', { gateway: id }), Buffer.from(payload)),
    random: Math.random,
    onExchange: () => {},
    onCentreBack: () => {},
  })
  await bus.subscribe(topic('acks', { gateway: id }), ({ payload }) => {
    const ack = messages.acks.parse(JSON.parse(payload.toString()))
    acks.push(ack)
    delivery.acknowledge(ack)
  })
  bus.onConnection((connected) => {
    if (!connected) dropped++
  })
  let added = 0
  let device = 0
  const devices = devicesOf(id)
  return {
    acks,
    delivery,
    spool,
    get added() {
      return added
    },
    get dropped() {
      return dropped
    },
    start: () => delivery.connection(true),
    observe(count: number) {
      for (let n = 0; n < count; n++) {
        void spool.add(look(devices[device++ % perGateway]!, centre.clock.now()))
        added++
      }
    },
    stop: () => delivery.stop(),
  }
}

test('a burst of ten times for five minutes on a centre that hardly commits: bounded, and calm again when the cause is gone', {
  timeout: 120_000,
}, async () => {
  const gateways = [await openGateway(gateway), await openGateway(otherGateway)]
  for (const each of gateways) each.start()
  let hindered = false
  const passSecond = async (observations: number) => {
    for (const each of gateways) each.observe(observations)
    await centre.clock.advanceAsync(second)
    await turns(30)
    // Sockets do not go by the clock of the test.
    const isBusy = () => !hindered && gateways.some(({ delivery }) => delivery.stats().inFlight > 0)
    for (const began = performance.now(); isBusy() && performance.now() - began < second; ) await wait(1)
  }
  for (let s = 0; s < 20; s++) await passSecond(2)

  // A commit takes a minute.
  hindered = true
  centre.hinder(() => new Promise((resolve) => void centre.clock.after(60 * second, resolve)))
  let [batches, bytes, behind] = [0, 0, 0]
  for (let s = 0; s < 300; s++) {
    await passSecond(20)
    if (s % 10 === 9) {
      batches = Math.max(batches, await figure('hub_ingest_waiting_batches'))
      bytes = Math.max(bytes, await figure('hub_ingest_waiting_bytes'))
    }
    behind = Math.max(behind, ...gateways.map(({ spool }) => spool.stats().batches))
  }
  expect(behind).toBeGreaterThan(50)
  // Two gateways, 40 batches each under way at most, and as many that were sent again just before they were acknowledged.
  expect(batches).toBeLessThanOrEqual(2 * 80)
  expect(bytes).toBeLessThan(2 * 2_200_000)
  expect(await figure('hub_ingest_repeated_batches_total')).toBeGreaterThan(0)

  centre.hinder(undefined)
  hindered = false
  let calmAfter = 0
  for (let s = 1; s <= 120; s++) {
    await passSecond(2)
    if (gateways.some(({ spool }) => spool.stats().batches > 0)) calmAfter = s
  }
  expect(calmAfter).toBeLessThan(30)
  expect(await figure('hub_ingest_lag_seconds')).toBeLessThan(3)
  expect(await figure('hub_ingest_waiting_batches')).toBe(0)

  for (let s = 0; s < 3; s++) await passSecond(0)
  expect(gateways.map(({ dropped }) => dropped)).toEqual([0, 0])
  expect(gateways.map(({ spool }) => spool.stats().batches)).toEqual([0, 0])
  const names = gateways.flatMap(({ acks }) => acks.map((ack) => `${ack.gateway} ${ack.epoch} ${ack.seq}`))
  const { batches: stored, observations } = onDisk()
  expect(new Set(names).size).toBe(stored)
  expect(observations).toBe(gateways.reduce((sum, { added }) => sum + added, 0))
  console.log(
    `burst: at most ${batches} batches and ${bytes} bytes waited, ${behind} on disk at a gateway; calm within ${calmAfter + 1} s`,
  )
  for (const each of gateways) each.stop()
})

test('an hour of backlog from one gateway, sent without a window, does not delay the live data of another', async () => {
  const live = await openGateway(otherGateway)
  live.start()
  const now = centre.clock.now()
  const [count, size, hour] = [240, 300, 3_600 * second]
  const live1 = batch(
    1,
    devicesOf(gateway).map((id) => look(id, now)),
  )
  const backlog = Array.from({ length: count }, (_, n) => {
    const at = (i: number) => now - hour + (n * hour) / count + i
    return batch(
      n + 2,
      Array.from({ length: size }, (_, i) => look(deviceId(i % perGateway), at(i))),
    )
  })
  const old = centre.connect(gateway)
  buses.push(old)
  const sent = [live1, ...backlog].map((payload) => old.publish(topic('observations', { gateway }), payload))
  const delays: number[] = []
  const isStored = () => onDisk().observations >= count * size + perGateway
  for (const began = performance.now(); !isStored() && performance.now() - began < 30 * second; ) {
    const before = live.acks.length
    live.observe(5)
    await centre.clock.advanceAsync(second)
    const sentAt = performance.now()
    while (live.acks.length === before) await turns(1)
    delays.push(performance.now() - sentAt)
  }
  await Promise.all(sent)
  await vi.waitFor(() => expect(live.spool.stats().batches).toBe(0))
  expect(onDisk().observations).toBe(count * size + perGateway + live.added)
  const figures = [0.5, 0.99].map((q) => percentile(delays, q).toFixed(0))
  console.log(
    `live beside ${count * size} of backlog: ${delays.length} acknowledged, p50 ${figures[0]} ms, p99 ${figures[1]} ms`,
  )
  // One after another for as long as the backlog lasted: behind it in the queue there would have been one.
  expect(delays.length).toBeGreaterThan(4)
  live.stop()
})

test('while a flood is committed sessions are opened and pings answered', async () => {
  const flood = centre.connect(gateway)
  buses.push(flood)
  const now = centre.clock.now()
  const total = 150
  const sent = Array.from({ length: total }, (_, seq) =>
    flood.publish(
      topic('observations', { gateway }),
      batch(
        seq + 1,
        Array.from({ length: 1_000 }, (_, n) =>
          look(deviceId(n % perGateway), now + seq * 10 + Math.floor(n / perGateway)),
        ),
      ),
    ),
  )
  const opened: number[] = []
  const pinged: number[] = []
  const clients: RawClient[] = []
  const isDone = () => onDisk().batches >= total
  for (let n = 0; n < 500 && !isDone(); n++) {
    const client = new RawClient(centre.port)
    clients.push(client)
    const began = performance.now()
    expect(await client.login({ clientId: `g${n}`, user: `g${n}`, password: 'x' })).toBe(0)
    opened.push(performance.now() - began)
    await client.send(Buffer.from([0xc0, 0])).read(2)
    pinged.push(performance.now() - began - opened.at(-1)!)
  }
  await Promise.all(sent)
  while (!isDone()) await turns(10)
  for (const client of clients) client.end()
  console.log(
    `under a flood: ${opened.length} sessions opened, slowest in ${Math.max(...opened).toFixed(0)} ms, slowest ping ${Math.max(...pinged).toFixed(0)} ms`,
  )
  // One after another for as long as the flood lasted: a thread that was held by it would have let in one or two.
  expect(opened.length).toBeGreaterThan(4)
})

import { createServer, connect as dial, type Socket } from 'node:net'
import { Ack, CommandReply, GatewayStatus, Inventory, type ObservationBatch, topic } from '@hub/contracts'
import { bucketOf, foundHash, hashText } from '@hub/core'
import { type Bus, connectBus, createBroker, type ManualClock, sha256, silentLog } from '@hub/platform'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createCommands } from '../commands/commands.ts'
import { openDoneStore } from '../commands/done.ts'
import { openSealer } from '../seal/sealer.ts'
import { contents, decode, gateway, probe, scratchFolder, testSpool } from '../spool/fixtures.ts'
import { createUplink, offlineStatus } from './uplink.ts'

const second = 1_000
const soon = { timeout: 5_000, interval: 10 }
const password = 'uplink-secret'

/** A real broker as the hub has it, the centre's side of it, and a wire that can be cut. */
async function testCentre(onPublish?: (topic: string, payload: Buffer) => Promise<void>) {
  const broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user, secret) => (secret === password ? user : undefined),
    mayPublish: () => true,
    maySubscribe: () => true,
    ...(onPublish && { onPublish: (_: string, to: string, payload: Buffer) => onPublish(to, payload) }),
  })
  await broker.start()
  const centre = connectBus({ connect: () => broker.attach('centre'), clientId: 'centre', log: silentLog })
  const heard: { text: string; batch: ObservationBatch }[] = []
  const statuses: GatewayStatus[] = []
  const inventories: Inventory[] = []
  const replies: CommandReply[] = []
  const own = (name: Parameters<typeof topic>[0]) => topic(name, { gateway })
  const json = (payload: Buffer) => JSON.parse(payload.toString())
  let acking = true
  const ack = (batch: ObservationBatch, more: Partial<Ack> = {}) =>
    send('acks', Ack.parse({ v: 1, gateway, epoch: batch.epoch, seq: batch.seq, at: 1_800_000_000_000, ...more }))
  const send = (name: Parameters<typeof topic>[0], body: unknown) =>
    centre.publish(own(name), typeof body === 'string' ? body : JSON.stringify(body))
  await centre.subscribe(own('observations'), async ({ payload }) => {
    const batch = decode(payload)
    heard.push({ text: payload.toString(), batch })
    if (acking) await ack(batch)
  })
  await centre.subscribe(own('status'), ({ payload }) => void statuses.push(GatewayStatus.parse(json(payload))))
  await centre.subscribe(own('inventory'), ({ payload }) => void inventories.push(Inventory.parse(json(payload))))
  await centre.subscribe(own('replies'), ({ payload }) => void replies.push(CommandReply.parse(json(payload))))
  const wire = await testWire(broker.port)
  onTestFinished(async () => {
    await centre.close()
    await broker.stop()
  })
  return {
    wire,
    heard,
    statuses,
    inventories,
    replies,
    ack,
    send,
    acknowledge(now: boolean) {
      acking = now
    },
  }
}

/** A TCP wire to `to` that can be cut, and restored. */
async function testWire(to: number) {
  const ends = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return near.destroy()
    const far = dial(to, '127.0.0.1')
    for (const end of [near, far]) {
      ends.add(end)
      end.on('error', () => {}).on('close', () => [near, far].map((each) => each.destroy()))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    whole = false
    for (const end of ends) end.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  const restore = () => {
    whole = true
  }
  return { port: (server.address() as { port: number }).port, cut, restore }
}

async function testUplink(centre: Awaited<ReturnType<typeof testCentre>>, options: { start?: boolean } = {}) {
  const { spool, clock } = testSpool()
  const corrections: number[] = []
  const assignments: number[] = []
  const system = { ...clock, correct: (errorMs: number) => void corrections.push(errorMs) }
  const bus: Bus = connectBus({
    url: `mqtt://127.0.0.1:${centre.wire.port}`,
    clientId: gateway,
    user: gateway,
    password,
    log: silentLog,
    will: {
      topic: topic('status', { gateway }),
      payload: Buffer.from(JSON.stringify(offlineStatus(gateway, clock.now(), 'test'))),
    },
  })
  const uplink = createUplink({
    gateway,
    version: 'test',
    clock: system,
    log: silentLog,
    bus,
    spool,
    sealer: openSealer(scratchFolder(), gateway),
    random: () => 0.5,
    time: { monotonic: clock.now, wall: clock.now },
    commands: createCommands({
      gateway,
      clock,
      log: silentLog,
      targets: {
        discover: async () => ({ found: 2 }),
        addCamera: async () => ({}),
        commandsOf: () => undefined,
      },
      done: openDoneStore(':memory:'),
    }),
    state: () => ({ assignment: assignments.at(-1) ?? 0, devices: 0, blind: false }),
    holds: () => ({ digest: 'c0ffee'.padStart(16, '0') }),
    onAssignment: (message) => assignments.push(message.v === 1 ? message.version : message.to),
  })
  onTestFinished(async () => {
    await uplink.stop()
    await bus.close()
    await spool.close()
  })
  if (options.start !== false) {
    uplink.start()
    await vi.waitFor(() => expect(centre.statuses.length).toBeGreaterThan(0), soon)
  }
  return { uplink, spool, clock, bus, corrections, assignments }
}

const addEach = async (
  clock: ManualClock,
  spool: { add(o: ReturnType<typeof probe>): Promise<void> },
  at: number[],
) => {
  for (const each of at) {
    void spool.add(probe(each))
    await clock.advanceAsync(second)
  }
}

describe('a batch', () => {
  it('goes to the centre at once, and its ack takes it from the spool', async () => {
    const centre = await testCentre()
    const { spool, clock } = await testUplink(centre)
    await addEach(clock, spool, [1])
    await vi.waitFor(() => expect(spool.waiting(10)).toEqual([]), soon)
    expect(centre.heard.map(({ batch }) => batch.observations)).toEqual([[probe(1)]])
  })

  it('is sealed once the centre has asked for the key, which the status tells at once', async () => {
    const centre = await testCentre()
    const { spool, clock } = await testUplink(centre)
    await addEach(clock, spool, [1])
    await vi.waitFor(() => expect(centre.heard).toHaveLength(1), soon)
    expect([centre.heard[0]!.batch.seal, centre.statuses.at(-1)!.key]).toEqual([undefined, undefined])
    await centre.send('keyWanted', { v: 1, gateway })
    await vi.waitFor(() => expect(centre.statuses.at(-1)!.key).toMatch(/^[A-Za-z0-9_-]{43}$/), soon)
    await addEach(clock, spool, [2])
    await vi.waitFor(() => expect(centre.heard).toHaveLength(2), soon)
    expect(centre.heard[1]!.batch.seal?.key).toBe(centre.statuses.at(-1)!.key)
    await vi.waitFor(() => expect(spool.waiting(10)).toEqual([]), soon)
  })

  it('whose ack was lost is sent again, byte for byte, and the late ack is enough', async () => {
    const centre = await testCentre()
    const { spool, clock, uplink } = await testUplink(centre)
    centre.acknowledge(false)
    await addEach(clock, spool, [1])
    await vi.waitFor(() => expect(centre.heard.length).toBe(1), soon)
    centre.acknowledge(true)
    await vi.waitFor(() => expect(uplink.stats()).toMatchObject({ inFlight: 1, untaken: 0 }), soon)
    await clock.advanceAsync(80 * second)
    await vi.waitFor(() => expect(spool.waiting(10)).toEqual([]), soon)
    expect(centre.heard.length).toBe(2)
    expect(centre.heard[1]!.text).toBe(centre.heard[0]!.text)
    expect(uplink.stats()).toMatchObject({ sent: 2, resent: 1, acknowledged: 1 })
  })

  it('stays when the ack is of another epoch, another gateway, or nonsense; all is counted', async () => {
    const centre = await testCentre()
    const { spool, clock, uplink } = await testUplink(centre)
    centre.acknowledge(false)
    await addEach(clock, spool, [1])
    await vi.waitFor(() => expect(centre.heard.length).toBe(1), soon)
    const { batch } = centre.heard[0]!
    await centre.ack(batch, { epoch: batch.epoch + 1 })
    await centre.ack(batch, { seq: 77 })
    await centre.ack(batch, { gateway: '43040500002000000002' })
    await centre.send('acks', '{"v":1')
    await vi.waitFor(() => expect(uplink.stats()).toMatchObject({ unknownAcks: 2, malformed: 1 }), soon)
    expect(spool.waiting(10)).toEqual([1])
    await centre.ack(batch)
    await centre.ack(batch)
    await vi.waitFor(() => expect(uplink.stats()).toMatchObject({ unknownAcks: 3, acknowledged: 1 }), soon)
    expect(spool.waiting(10)).toEqual([])
  })
})

it('an uplink that is cut and restored loses nothing: the backlog drains, oldest first', async () => {
  const centre = await testCentre()
  const { spool, clock, bus } = await testUplink(centre)
  centre.wire.cut()
  await vi.waitFor(() => expect(bus.connected).toBe(false), soon)
  const at = Array.from({ length: 30 }, (_, i) => i + 1)
  await addEach(clock, spool, at)
  expect(contents(spool).length).toBe(30)
  await vi.waitFor(() => expect(centre.statuses.at(-1)).toMatchObject({ online: false, version: 'test' }), soon)
  centre.wire.restore()
  await vi.waitFor(() => expect(spool.waiting(1)).toEqual([]), soon)
  expect(centre.heard.flatMap(({ batch }) => batch.observations.map(({ at }) => at))).toEqual(at)
})

it('what a broker that holds back had not taken goes once over the next connection, and not once by each of two senders', async () => {
  const tries: string[] = []
  let holding = true
  const centre = await testCentre(async (to, payload) => {
    if (!to.endsWith('observations')) return
    tries.push(payload.toString())
    if (holding) await new Promise(() => {})
  })
  const { spool, clock, bus, uplink } = await testUplink(centre)
  await addEach(clock, spool, [1, 2, 3])
  await vi.waitFor(() => expect(tries.length).toBeGreaterThan(0), soon)
  expect(uplink.stats()).toMatchObject({ inFlight: 3, untaken: 3 })
  centre.wire.cut()
  await vi.waitFor(() => expect(bus.connected).toBe(false), soon)
  const before = tries.length
  holding = false
  centre.wire.restore()
  await vi.waitFor(() => expect(uplink.stats().untaken).toBe(0), soon)
  await vi.waitFor(() => expect(bus.connected).toBe(true), soon)
  expect(tries.slice(before).length).toBe(3)
  expect(uplink.stats()).toMatchObject({ sent: 3, resent: 0 })
  // What was acknowledged before the gateway listened again.
  await vi.waitFor(async () => {
    await clock.advanceAsync(6 * second)
    expect(spool.waiting(1)).toEqual([])
  }, soon)
})

it('an uplink begun without a centre connects by itself when there is one', async () => {
  const centre = await testCentre()
  centre.wire.cut()
  const { uplink, spool, clock } = await testUplink(centre, { start: false })
  uplink.start()
  await addEach(clock, spool, [1])
  centre.wire.restore()
  await vi.waitFor(() => expect(centre.heard.length).toBe(1), soon)
})

describe('the status', () => {
  it('comes every five seconds, with what waits in the spool', async () => {
    const centre = await testCentre()
    const { clock, spool } = await testUplink(centre)
    centre.acknowledge(false)
    await addEach(clock, spool, [1])
    const before = centre.statuses.length
    await clock.advanceAsync(10 * second)
    await vi.waitFor(() => expect(centre.statuses.length).toBe(before + 2), soon)
    expect(centre.statuses.at(-1)).toMatchObject({ online: true, spooled: 1, assignment: 0, clockOffsetMs: null })
  })

  it('says offline when the gateway stops in order', async () => {
    const centre = await testCentre()
    const { uplink } = await testUplink(centre)
    await uplink.stop()
    await vi.waitFor(() => expect(centre.statuses.at(-1)!.online).toBe(false), soon)
  })
})

it("the clock follows the centre's, measured with acks", async () => {
  const centre = await testCentre()
  const { spool, clock, corrections } = await testUplink(centre)
  centre.acknowledge(false)
  await addEach(clock, spool, [1])
  await vi.waitFor(() => expect(centre.heard.length).toBe(1), soon)
  await centre.ack(centre.heard[0]!.batch, { at: clock.now() + 90_000 })
  await vi.waitFor(() => expect(corrections).toEqual([90_000]), soon)
})

it('an assignment is taken when it is valid and of this gateway, and answered by a status', async () => {
  const centre = await testCentre()
  const { assignments } = await testUplink(centre)
  const camera = {
    kind: 'camera',
    id: probe(1).device,
    xaddr: 'http://127.11.0.1:8000/',
    credential: 'a',
    every: 30_000,
  }
  await centre.send('assignment', { v: 1, gateway, version: 1, devices: [{ ...camera, every: 1 }] })
  await centre.send('assignment', { v: 1, gateway: '43040500002000000002', version: 2, devices: [camera] })
  await centre.send('assignment', { v: 1, gateway, version: 3, devices: [camera] })
  await vi.waitFor(() => expect(centre.statuses.at(-1)!.assignment).toBe(3), soon)
  expect(assignments).toEqual([3])
})

it('says what it holds once the centre has sent it a delta, and no longer to another centre', async () => {
  const centre = await testCentre()
  const { assignments, bus } = await testUplink(centre)
  await centre.send('assignment', { v: 1, gateway, version: 3, devices: [] })
  await vi.waitFor(() => expect(centre.statuses.at(-1)!.assignment).toBe(3), soon)
  expect(centre.statuses.every(({ holds }) => holds === undefined)).toBe(true)
  await centre.send('assignment', { v: 2, gateway, from: 3, to: 4, put: [], drop: [] })
  await vi.waitFor(() => expect(centre.statuses.at(-1)).toMatchObject({ assignment: 4, holds: {} }), soon)
  expect(assignments).toEqual([3, 4])
  centre.wire.cut()
  await vi.waitFor(() => expect(bus.connected).toBe(false), soon)
  centre.statuses.length = 0
  centre.wire.restore()
  await vi.waitFor(() => expect(centre.statuses.at(-1)?.online).toBe(true), soon)
  expect(centre.statuses.at(-1)).not.toHaveProperty('holds')
})

describe('the inventory', () => {
  const found = (n: number) => ({
    endpoint: `urn:uuid:${n}`,
    address: '127.11.0.1',
    xaddrs: ['http://127.11.0.1:8000/onvif/device_service'],
    quarantine: 'new' as const,
    seenAt: 1,
  })

  it('is batched for a second, in messages that the hub takes', async () => {
    const centre = await testCentre()
    const { uplink, clock } = await testUplink(centre)
    for (let n = 0; n < 2_500; n++) uplink.found(found(n % 2_400))
    await clock.advanceAsync(second)
    await vi.waitFor(() => expect(centre.inventories.flatMap((message) => message.found).length).toBe(2_400), soon)
    expect(centre.inventories.length).toBe(3)
  })

  it('is summed up when the centre is back, and only what it lacks is told again', async () => {
    const centre = await testCentre()
    const { uplink, clock, spool } = await testUplink(centre)
    uplink.found(found(1))
    uplink.found(found(2))
    uplink.identified({ device: probe(1).device, at: 1, model: 'M' })
    await clock.advanceAsync(second)
    await vi.waitFor(() => expect(centre.inventories.length).toBe(2), soon)
    centre.acknowledge(false)
    await addEach(clock, spool, [1])
    await vi.waitFor(() => expect(centre.heard.length).toBe(1), soon)
    centre.acknowledge(true)
    await vi.waitFor(() => expect(uplink.stats()).toMatchObject({ inFlight: 1, untaken: 0 }), soon)
    await clock.advanceAsync(80 * second)
    await vi.waitFor(() => expect(spool.waiting(1)).toEqual([]), soon)
    await clock.advanceAsync(second)
    await vi.waitFor(() => expect(centre.inventories.length).toBe(3), soon)
    expect(centre.inventories[2]).toMatchObject({ found: [], identified: [], digest: {} })
    const [lost, kept] = [foundHash(found(1), sha256), foundHash(found(2), sha256)]
    const wanted = [lost, kept].map((hash) => ({ bucket: bucketOf(hash), held: [hashText(kept)] }))
    await centre.send('inventoryWanted', { v: 1, gateway, found: wanted, identified: [] })
    await vi.waitFor(async () => {
      await clock.advanceAsync(second)
      expect(centre.inventories.length).toBe(4)
    }, soon)
    expect(centre.inventories[3]!.found).toEqual([found(1)])
  })
})

it('a command is answered on the reply topic', async () => {
  const centre = await testCentre()
  const { clock } = await testUplink(centre)
  const id = '0190a0a0-0000-4000-8000-000000000001'
  const command = { v: 1, id, name: 'discover', deadline: clock.now() + second }
  await centre.send('commands', command)
  await centre.send('commands', command)
  await vi.waitFor(() => expect(centre.replies.length).toBe(2), soon)
  expect(centre.replies[0]).toMatchObject({ id, ok: true, result: { found: 2 } })
  expect(centre.replies[1]).toEqual(centre.replies[0])
})

/**
 * Both ends of the assignment over a link that loses, doubles, delays and reorders what it carries, through restarts of either: whatever
 * happened, at rest both hold the same list and know it by its digest.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type AssignedDevice, Assignment, AssignmentMessage, GatewayStatus } from '@hub/contracts'
import { emptyDigest, toggled } from '@hub/core'
import { type Bus, createManualClock, type MessageBus, silentLog } from '@hub/platform'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSealer } from '../../gateway/src/seal/sealer.ts'
import { createSpool } from '../../gateway/src/spool/spool.ts'
import { openAssignmentStore } from '../../gateway/src/uplink/assignment-store.ts'
import { createUplink } from '../../gateway/src/uplink/uplink.ts'
import { createAssignments } from '../../services/gateways/src/assignments.ts'
import { assignedCity, cameraId, east, west } from '../../services/gateways/src/testing/assigned-city.ts'

const second = 1_000
const cameras = 60
/** Small, so that a few dozen devices take many parts. */
const limits = { devices: 7, bytes: 1_500 }
type Status = GatewayStatus
/** A gateway and a centre of before deltas: what they do not know they refuse. */
const OldStatus = GatewayStatus.omit({ holds: true })

type Luck = () => number
/** Numerical Recipes' generator. */
function seeded(seed: number): Luck {
  let x = seed
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return x / 2 ** 32
  }
}

/** What is on its way: delivered in no order, some twice, some never, while the link is bad. */
function createLink(luck: Luck) {
  const waiting: (() => void)[] = []
  let bad = true
  return {
    carry(deliver: () => void) {
      if (!bad) waiting.push(deliver)
      else if (luck() > 0.15) {
        waiting.push(deliver)
        if (luck() < 0.15) waiting.push(deliver)
      }
    },
    deliver(most: number) {
      for (let n = 0; n < most && waiting.length > 0; n++)
        waiting.splice(bad ? Math.floor(luck() * waiting.length) : 0, 1)[0]!()
    },
    lose: () => waiting.splice(0),
    beGood: () => {
      bad = false
    },
  }
}

/** A gateway as `gateway.ts` puts it together, of which only the devices are left out. */
function startGateway(
  folder: string,
  clock: ReturnType<typeof createManualClock>,
  old: boolean,
  toHub: (s: Status) => void,
) {
  const store = openAssignmentStore({
    path: join(folder, 'assignment.sqlite'),
    legacy: join(folder, 'assignment.json'),
    gateway: east,
    log: silentLog,
  })
  /** What the prober knows: the list at the start, and changes since. */
  const probed = new Map<string, AssignedDevice>(store.devices)
  const spool = createSpool({ path: ':memory:', gateway: east, clock, log: silentLog, maxBytes: 1e6 })
  const handlers = new Map<string, (message: { topic: string; payload: Buffer }) => void>()
  let listener: (up: boolean) => void = () => {}
  let connected = true
  const bus: Bus = {
    publish: async (topic, payload) => {
      if (topic.endsWith('/status') && connected) toHub(JSON.parse(payload.toString()))
    },
    subscribe: async (filter, handler) => {
      handlers.set(filter.split('/').at(-1)!, handler)
      return async () => {}
    },
    get connected() {
      return connected
    },
    onConnection: (of) => {
      listener = of
      return () => {}
    },
    close: async () => {},
  }
  const uplink = createUplink({
    gateway: east,
    version: 'test',
    clock: { ...clock, correct: () => {} },
    time: { monotonic: clock.now, wall: clock.now },
    random: () => 0.5,
    log: silentLog,
    bus,
    spool,
    sealer: openSealer(folder, east),
    commands: { run: async () => undefined } as never,
    state: () => ({ assignment: store.held.version, devices: store.devices.size, blind: false }),
    holds: () => ({ digest: store.digest, ...(store.held.whole && { whole: store.held.whole }) }),
    onAssignment(message) {
      const change = store.take(message)
      for (const id of change?.drop ?? []) probed.delete(id)
      for (const device of change?.put ?? []) probed.set(device.id, device)
    },
  })
  uplink.start()
  return {
    store,
    probed,
    hear(message: unknown) {
      // One of before takes whole lists alone.
      if (old && !Assignment.safeParse(message).success) return
      handlers.get('assignment')?.({ topic: '', payload: Buffer.from(JSON.stringify(message)) })
    },
    connection(up: boolean) {
      connected = up
      listener(up)
    },
    async stop() {
      connected = false
      await Promise.all([uplink.stop(), clock.advanceAsync(2 * second)])
      await spool.close()
      store.close()
    },
  }
}

async function world(luck: Luck, oldGateway = false) {
  const folder = mkdtempSync(join(tmpdir(), 'assignments-'))
  const clock = createManualClock()
  const city = await assignedCity(cameras)
  const [down, up] = [createLink(luck), createLink(luck)]
  const sent: AssignmentMessage[] = []
  const startHub = () =>
    createAssignments({
      record: city.record,
      log: silentLog,
      clock,
      random: () => 0.5,
      limits,
      bus: {
        publish: async (_name: string, { gateway }: { gateway: string }, value: AssignmentMessage) => {
          if (gateway !== east) return
          sent.push(AssignmentMessage.parse(JSON.parse(JSON.stringify(value))))
          down.carry(() => gateway_.hear(value))
        },
      } as unknown as MessageBus,
    })
  let hub = startHub()
  const toHub = (status: Status) => up.carry(() => hub.heard(GatewayStatus.parse(status)))
  let gateway_ = startGateway(folder, clock, oldGateway, toHub)
  const restartGateway = async (while_ = () => {}) => {
    await gateway_.stop()
    down.lose()
    while_()
    gateway_ = startGateway(folder, clock, oldGateway, toHub)
  }
  /** Time goes by, and what is on its way arrives. */
  const pass = async (seconds: number) => {
    for (let s = 0; s < seconds; s++) {
      await clock.advanceAsync(second)
      for (let n = 0; n < 4; n++) {
        up.deliver(3)
        await new Promise((resolve) => setImmediate(resolve))
        await new Promise((resolve) => setImmediate(resolve))
        down.deliver(3)
      }
    }
  }
  return {
    ...city,
    sent,
    pass,
    restartGateway,
    get gateway() {
      return gateway_
    },
    tell: () => hub.changed(east),
    async restartHub() {
      await hub.stop()
      up.lose()
      hub = startHub()
    },
    cut() {
      gateway_.connection(false)
      down.lose()
      up.lose()
    },
    connect: () => gateway_.connection(true),
    /** Somebody has touched the gateway's file. */
    tamper: () =>
      restartGateway(() => {
        const file = new DatabaseSync(join(folder, 'assignment.sqlite'))
        file.exec('DELETE FROM assigned WHERE id IN (SELECT id FROM assigned LIMIT 2)')
        file.close()
      }),
    beGood() {
      down.beGood()
      up.beGood()
    },
    inForce: () => {
      const row = city.sqlite
        .prepare('SELECT assignment_version AS version, assignment_digest AS digest FROM gateway WHERE id = ?')
        .get(east) as { version: number; digest: string | null }
      const rows = city.sqlite
        .prepare('SELECT device, xaddr FROM device_binding WHERE gateway = ? ORDER BY device')
        .all(east) as { device: string; xaddr: string }[]
      return {
        version: row.version,
        digest: row.digest ?? emptyDigest,
        list: rows.map(({ device, xaddr }) => [device, xaddr]),
      }
    },
    async stop() {
      await hub.stop()
      await gateway_.stop()
      await city.record.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const listOf = (devices: Iterable<AssignedDevice>) =>
  [...devices].map((device) => [device.id, device.kind === 'camera' ? device.xaddr : '']).sort()

type Step =
  | { do: 'approve'; from: number; count: number; port: number; gateway: string }
  | { do: 'unbind'; from: number; count: number }
  | { do: 'pass'; seconds: number }
  | { do: 'restart the gateway' | 'restart the hub' | 'cut' | 'connect' | 'tamper' }

const numbers = { from: fc.nat(cameras - 1), count: fc.integer({ min: 1, max: 25 }) }
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      ...numbers,
      port: fc.integer({ min: 1, max: 3 }),
      gateway: fc.constantFrom(east, east, east, west),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unbind' as const), ...numbers }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 25 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'restart the gateway' as const,
        'restart the hub' as const,
        'cut' as const,
        'connect' as const,
        'tamper' as const,
      ),
    }),
  },
)

test('whatever is changed, lost, doubled, delayed, reordered and restarted: at rest both lists and digests are the same', async () => {
  let [messages, begun, single] = [0, 0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), fc.nat(), async (steps, seed) => {
      const w = await world(seeded(seed))
      const some = ({ from, count }: { from: number; count: number }) =>
        Array.from({ length: count }, (_, i) => (from + i) % cameras)
      for (const each of steps) {
        if (each.do === 'approve') await w.approve(some(each), each.gateway, each.port).then(w.tell)
        else if (each.do === 'unbind') await w.unbind(some(each)).then(w.tell)
        else if (each.do === 'pass') await w.pass(each.seconds)
        else if (each.do === 'restart the gateway') await w.restartGateway()
        else if (each.do === 'restart the hub') await w.restartHub()
        else if (each.do === 'cut') w.cut()
        else if (each.do === 'connect') w.connect()
        else await w.tamper()
      }
      w.beGood()
      w.connect()
      await w.pass(300)
      const { version, digest, list } = w.inForce()
      const { store, probed } = w.gateway
      expect(listOf(store.devices.values())).toEqual(list)
      expect(listOf(probed.values())).toEqual(list)
      expect(store.digest).toBe(digest)
      expect([...store.devices.values()].reduce(toggled, emptyDigest)).toBe(digest)
      expect(store.held).toEqual({ version, whole: undefined })
      for (const message of w.sent)
        if (message.v === 2) expect(message.put.length + message.drop.length).toBeLessThanOrEqual(limits.devices)
      messages += w.sent.length
      begun += w.sent.filter((message) => message.v === 2 && message.range?.after === null).length
      single += w.sent.filter(({ v }) => v === 1).length
      // And nothing is sent any more.
      const quiet = w.sent.length
      await w.pass(300)
      expect(w.sent.length).toBe(quiet)
      await w.stop()
    }),
    { numRuns: 60 },
  )
  console.log(`${messages} messages, ${begun} lists by ranges begun, ${single} lists in one message`)
})

test('a gateway of before deltas gets whole lists from a hub that sends deltas', async () => {
  const w = await world(() => 0.5, true)
  w.beGood()
  await w.approve([1, 2, 3])
  await w.pass(60)
  expect(listOf(w.gateway.probed.values())).toEqual(w.inForce().list)
  await w.approve([2], west)
  w.tell()
  await w.pass(60)
  expect(listOf(w.gateway.probed.values())).toEqual(w.inForce().list)
  expect(w.sent.filter(({ v }) => v === 1)).toHaveLength(2)
  await w.stop()
})

test('a gateway that takes deltas gets whole lists from a hub of before, which takes its statuses', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assignments-'))
  const clock = createManualClock()
  let [version, devices]: [number, AssignedDevice[]] = [3, []]
  const camera = (n: number): AssignedDevice => ({
    kind: 'camera',
    id: cameraId(n),
    xaddr: 'http://127.0.0.1/',
    credential: 'a',
    every: 30_000,
  })
  devices = [camera(1), camera(2)]
  let sent = 0
  const gateway: ReturnType<typeof startGateway> = startGateway(folder, clock, false, (status) => {
    const { assignment, online } = OldStatus.parse(status)
    if (!online || assignment === version) return
    sent++
    setImmediate(() => gateway.hear({ v: 1, gateway: east, version, devices }))
  })
  await clock.advanceAsync(20 * second)
  expect([gateway.store.held.version, listOf(gateway.probed.values())]).toEqual([3, listOf(devices)])
  ;[version, devices] = [4, [camera(2), camera(3)]]
  await clock.advanceAsync(20 * second)
  expect([gateway.store.held.version, listOf(gateway.probed.values()), sent]).toEqual([4, listOf(devices), 2])
  await gateway.stop()
  rmSync(folder, { recursive: true, force: true })
})

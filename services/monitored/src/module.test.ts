import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type DataLag, HubError, topic } from '@hub/contracts'
import {
  checkConfig,
  createManualClock,
  createMetrics,
  type History,
  type RecordStore,
  runModules,
  silentLog,
} from '@hub/platform'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { wireDeps } from '../../hub/src/deps.ts'
import { createFakeBus } from '../../hub/src/testing/fake-bus.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { gateway, otherGateway, t0 } from '../../ingest/src/testing/rig.ts'
import { monitoredModule } from './module.ts'

const soon = { timeout: 5_000, interval: 5 }
const passwordHash = '0'.repeat(64)
const servers: Server[] = []
let record: RecordStore
beforeEach(async () => {
  record = await openRecord(':memory:')
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await record.close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

type Site = { id: string; url: string }
type Rig = {
  sites?: Site[]
  history?: () => Promise<void>
  connected?: boolean
  gateways?: string[]
  grace?: number
  at?: number
}

async function run({
  sites = [],
  history = async () => {},
  connected = true,
  gateways = [],
  grace = 0,
  at = t0,
}: Rig = {}) {
  const clock = createManualClock(at)
  const metrics = createMetrics()
  const config = checkConfig(HubConfig, {
    gateways: gateways.map((id) => ({ id, name: id, districts: ['430405'], passwordHash })),
    policy: { startupGraceSeconds: grace },
    platforms: { sites: sites.map((site) => ({ ...site, name: site.id })) },
  })
  const bus = createFakeBus()
  const { deps } = wireDeps({
    clock,
    record,
    metrics,
    config,
    log: silentLog,
    transport: { ...bus, connected },
    history: { ready: history } as History,
  })
  const running = await runModules([monitoredModule], deps)
  const say = (lag: Partial<DataLag>) =>
    bus.deliver(topic('dataLag'), { v: 1, at: clock.now(), behindMs: 0, since: null, cause: null, ...lag })
  return { clock, metrics, say, stop: running.stop }
}

const states = () =>
  record.sqlite
    .prepare('SELECT platform, kind, normal, checked_at, ms, problem FROM monitored_system ORDER BY platform')
    .all()
const stateOf = (id: string) =>
  record.sqlite
    .prepare('SELECT normal, checked_at, ms, problem FROM monitored_system WHERE platform = ?')
    .get(id) as unknown as { normal: number | null; checked_at: number; ms: number | null; problem: string | null }
const hoursOf = (id: string) =>
  record.sqlite.prepare('SELECT at, passed, due FROM monitored_hour WHERE platform = ? ORDER BY at').all(id)
const written = (id: string, due: number) =>
  vi.waitFor(() => expect((hoursOf(id) as { due: number }[]).reduce((sum, hour) => sum + hour.due, 0)).toBe(due), soon)

test('the parts of the hub are normal while they answer, and what is wrong is told by a word', async () => {
  const hub = await run({ connected: false, history: () => Promise.reject(new HubError('history.unavailable')) })
  await written('hub:bus', 1)
  expect(states()).toMatchObject([
    { platform: 'hub:bus', normal: 0, problem: 'disconnected' },
    { platform: 'hub:history', normal: 0, problem: expect.stringContaining('istory') },
    { platform: 'hub:record', kind: 'hub', normal: 1, checked_at: t0, problem: null },
  ])
  expect(await hub.metrics.text()).toContain('hub_monitored_normal{system="hub:history"} 0')
  expect(await hub.metrics.text()).toContain('hub_monitored_checks_total{kind="hub",result="passed"} 1')
  await hub.stop()
})

test('a part that never answers is not normal once the time is up', async () => {
  const hub = await run({ history: () => new Promise(() => {}) })
  await hub.clock.advanceAsync(10_000)
  await written('hub:history', 1)
  expect(stateOf('hub:history')).toMatchObject({ normal: 0, ms: 10_000, problem: 'timeout' })
  await hub.stop()
})

test('sites: 2xx and 3xx are normal, redirects are not followed, errors are not normal', async () => {
  let followed = 0
  const target = await serve((_, answer) => {
    followed++
    answer.end()
  })
  const closed = await serve(() => {})
  await new Promise((resolve) => servers.pop()!.close(resolve))
  const sites = {
    fine: await serve((_, answer) => answer.end('hello')),
    moved: await serve((_, answer) => answer.writeHead(302, { location: target }).end()),
    broken: await serve((_, answer) => answer.writeHead(500).end('no')),
    missing: await serve((_, answer) => answer.writeHead(404).end()),
    refused: closed,
  }
  const hub = await run({ sites: Object.entries(sites).map(([id, url]) => ({ id, url })) })
  await written('site:refused', 1)
  const said = Object.keys(sites).map((id) => [id, stateOf(`site:${id}`).normal, stateOf(`site:${id}`).problem])
  expect(said).toEqual([
    ['fine', 1, null],
    ['moved', 1, null],
    ['broken', 0, 'http-500'],
    ['missing', 0, 'http-404'],
    ['refused', 0, 'ECONNREFUSED'],
  ])
  expect(followed).toBe(0)
  await hub.stop()
})

test('a slow site is normal, and its latency is told; one that hangs is not, and holds nobody up for longer', async () => {
  const answers: (() => void)[] = []
  const slow = await serve((_, answer) => answers.push(() => answer.end('late')))
  let asked = 0
  const hanging = await serve(() => void asked++)
  const hub = await run({
    sites: [
      { id: 'slow', url: slow },
      { id: 'hanging', url: hanging },
    ],
  })
  await vi.waitFor(() => expect([answers.length, asked]).toEqual([1, 1]), soon)
  hub.clock.advance(4_000)
  answers[0]!()
  // Its check has ended with the answer, before the other's time is up.
  const counted = 'hub_monitored_checks_total{kind="site",result="passed"} 1'
  await vi.waitFor(async () => expect(await hub.metrics.text()).toContain(counted), soon)
  hub.clock.advance(6_000)
  await written('site:hanging', 1)
  expect(stateOf('site:slow')).toEqual({ normal: 1, checked_at: t0, ms: 4_000, problem: null })
  expect(stateOf('site:hanging')).toEqual({ normal: 0, checked_at: t0, ms: 10_000, problem: 'timeout' })
  await hub.stop()
})

test('checks that hang are bounded in number, and the hub stops without waiting for them', async () => {
  let open = 0
  const url = await serve(() => void open++)
  const hub = await run({ sites: Array.from({ length: 40 }, (_, n) => ({ id: `s${n}`, url })) })
  await vi.waitFor(() => expect(open).toBeGreaterThan(8), soon)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(open).toBeLessThanOrEqual(16)
  await hub.stop()
  // What was under way says nothing about the sites.
  expect(hoursOf('site:s0')).toEqual([])
})

test('checks are counted by the hour; a hub that was stopped leaves hours uncounted and goes on', async () => {
  const before = await run({ at: t0 + 3_600_000 - 90_000 })
  await written('hub:bus', 1)
  for (const due of [2, 3]) {
    await before.clock.advanceAsync(60_000)
    await written('hub:bus', due)
  }
  await before.stop()
  const after = await run({ at: t0 + 4 * 3_600_000, connected: false })
  await written('hub:bus', 4)
  expect(hoursOf('hub:bus')).toEqual([
    { at: t0, passed: 2, due: 2 },
    { at: t0 + 3_600_000, passed: 1, due: 1 },
    { at: t0 + 4 * 3_600_000, passed: 0, due: 1 },
  ])
  await after.stop()
})

test('a gateway is normal while its status is heard in time', async () => {
  const put = record.sqlite.prepare(
    'INSERT INTO gateway (id, name, districts, status, last_seen_at) VALUES (?,?,?,?,?)',
  )
  put.run(gateway, 'one', '[]', '{"online":true}', t0 - 20_000)
  put.run(otherGateway, 'two', '[]', '{"online":false}', t0 - 1)
  const unheard = '43040500002000000009'
  const hub = await run({ gateways: [gateway, otherGateway, unheard] })
  await written(gateway, 1)
  expect(stateOf(gateway)).toMatchObject({ normal: 1, problem: null })
  expect(stateOf(otherGateway)).toMatchObject({ normal: 0, problem: 'offline' })
  expect(stateOf(unheard)).toMatchObject({ normal: 0, problem: 'never-heard' })
  await hub.clock.advanceAsync(60_000)
  await written(gateway, 2)
  expect(stateOf(gateway)).toMatchObject({ normal: 0, problem: 'silent' })
  await hub.stop()
})

test('gateways that are still connecting after a start are not held against the rate', async () => {
  const hub = await run({ gateways: [gateway], grace: 30, connected: false })
  await written('hub:record', 1)
  expect([stateOf(gateway), stateOf('hub:bus')]).toEqual([undefined, undefined])
  await hub.clock.advanceAsync(60_000)
  await written(gateway, 1)
  expect(hoursOf('hub:bus')).toEqual([{ at: t0, passed: 0, due: 1 }])
  await hub.stop()
})

test('a record that refuses is not normal, and its failures are counted when it takes again', async () => {
  const hub = await run()
  await written('hub:record', 1)
  record.sqlite.exec('PRAGMA query_only = ON')
  await hub.clock.advanceAsync(60_000)
  const failed = 'hub_monitored_normal{system="hub:record"} 0'
  await vi.waitFor(async () => expect(await hub.metrics.text()).toContain(failed), soon)
  record.sqlite.exec('PRAGMA query_only = OFF')
  await hub.clock.advanceAsync(60_000)
  await written('hub:record', 3)
  expect(hoursOf('hub:record')).toEqual([{ at: t0, passed: 2, due: 3 }])
  await hub.stop()
})

test('a site that is no longer configured keeps its hours and has no present', async () => {
  const url = await serve((_, answer) => answer.end())
  const before = await run({ sites: [{ id: 'gone', url }] })
  await written('site:gone', 1)
  await before.stop()
  const after = await run({ at: t0 + 60_000 })
  expect(stateOf('site:gone')).toEqual({ normal: null, checked_at: t0, ms: null, problem: 'not-configured' })
  expect(hoursOf('site:gone')).toEqual([{ at: t0, passed: 1, due: 1 }])
  await after.stop()
})

test('the address of a site may hold no login: it is shown to whoever sees the report', () => {
  const sites = [{ id: 'a', name: 'a', url: 'http://user:secret@127.0.0.1/' }]
  expect(() => checkConfig(HubConfig, { platforms: { sites } })).toThrow('must hold no login')
})

test('the hub is not normal while it is behind, and that it hears no gateway meanwhile is not the gateway’s', async () => {
  const hub = await run({ gateways: [gateway] })
  await written(gateway, 1)
  expect(stateOf('hub:ingest')).toBeUndefined()
  await hub.say({})
  await hub.clock.advanceAsync(55_000)
  await hub.say({ behindMs: 95_000, since: t0, cause: 'stalled' })
  await hub.clock.advanceAsync(5_000)
  await written('hub:ingest', 1)
  expect(stateOf('hub:ingest')).toMatchObject({ normal: 0, problem: 'behind: stalled' })
  expect(hoursOf(gateway)).toEqual([{ at: t0, passed: 0, due: 1 }])
  await hub.clock.advanceAsync(55_000)
  await hub.say({})
  await hub.clock.advanceAsync(5_000)
  await written('hub:ingest', 2)
  expect(stateOf('hub:ingest')).toMatchObject({ normal: 1, problem: null })
  expect(hoursOf(gateway)).toEqual([{ at: t0, passed: 0, due: 2 }])
  await hub.clock.advanceAsync(60_000)
  await written('hub:ingest', 3)
  expect(stateOf('hub:ingest').problem).toBe('silent')
  await hub.stop()
})

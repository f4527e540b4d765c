/** An API on a real port over an in-memory record, with a bus and a clock that the test moves by hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type AccessOptions, createAccessModule } from '@hub/access'
import { type ApiOptions, createApi } from '@hub/api'
import {
  apiBase,
  type Cause,
  type Changed,
  type DeviceRecord,
  type NewUser,
  Problem,
  type RegistryChanged,
  type Role,
  type Route,
  type RouteName,
  routes,
  type Transition,
  topic,
} from '@hub/contracts'
import { assignSensors, type GatewaysData } from '@hub/gateways'
import { outageWriter } from '@hub/outages'
import {
  checkConfig,
  createLog,
  createManualClock,
  createMetrics,
  type History,
  type ManualClock,
  type TrendRow,
  tablesOf,
} from '@hub/platform'
import { expect } from 'vitest'
import { createPasswords } from '../../../access/src/session/passwords.ts'
import { createUsers } from '../../../access/src/session/users.ts'
import { HubConfig } from '../config.ts'
import { wireDeps } from '../deps.ts'
import { rooms } from '../modules.ts'
import { createFakeBus } from './fake-bus.ts'
import { openRecord } from './record.ts'

export const passwordCost = { memoryCost: 8, timeCost: 1 }
export const gatewayA = '43040500002000000001'
export const gatewayB = '43042600002000000002'
/** In district 430405, served by gateway A; and in 430426, served by B. */
export const cameraA = '43040500001320000001'
export const cameraB = '43042600001320000001'
export const sensorA = '43040500001340000001'
export const sensorB = '43042600001340000001'

export const camera = (id: string, more: Partial<DeviceRecord> = {}): DeviceRecord => ({
  id,
  name: `相机 ${id.slice(-2)}`,
  manufacturer: '海康',
  model: 'DS-1',
  civilCode: id.slice(0, 6),
  address: '解放路 1 号',
  parental: '0',
  parentId: `${id.slice(0, 10)}2000000001`,
  registerWay: '1',
  secrecy: '0',
  status: 'ON',
  grassrootsCode: '430405001',
  pointType: '3',
  kind: 'camera',
  application: 'safe-city',
  carrier: 'telecom',
  stage: 'in-service',
  ...more,
})

const lone = (device: string): Cause => ({ kind: 'device', key: device, mode: 'together' })

export type FakeHistory = History & { rows: TrendRow[]; failing: Error | undefined }

function createFakeHistory(): FakeHistory {
  const history: FakeHistory = {
    rows: [],
    failing: undefined,
    writeUptime: async () => {},
    writeProbes: async () => {},
    writeTelemetry: async () => {},
    trend: async ({ group }) => {
      if (history.failing) throw history.failing
      return group === 'city' ? history.rows : []
    },
    uptime: async () => [],
    probes: async () => [],
    telemetry: async () => [],
    ready: async () => {
      if (history.failing) throw history.failing
    },
    close: async () => {},
  }
  return history
}

const accounts: readonly Omit<NewUser, 'password'>[] = [
  { user: 'sys', role: 'sysadmin', districts: 'city' },
  { user: 'sec', role: 'secadmin', districts: 'city' },
  { user: 'audit', role: 'auditor', districts: 'city' },
  { user: 'oper', role: 'operator', districts: 'city' },
  { user: 'cmdr', role: 'commander', districts: 'city' },
  { user: 'contr', role: 'contractor', districts: 'city', unit: '甲维护公司' },
  { user: 'oper-a', role: 'operator', districts: ['430405'] },
  { user: 'oper-b', role: 'operator', districts: ['430426'] },
  { user: 'contr-b', role: 'contractor', districts: 'city', unit: '乙维护公司' },
  { user: 'contr-none', role: 'contractor', districts: 'city' },
]
export const userOfRole = (role: Role): string => accounts.find((a) => a.role === role)!.user
/** The canary: must never be seen in a log or an answer. */
export const password = 'canary-Pa55word!'

type Asked = {
  params?: { [name: string]: string }
  query?: string
  body?: unknown
  /** Sent as it is, with this type. */
  raw?: string | Uint8Array
  type?: string
  headers?: { [name: string]: string }
}
// biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
export type Answered = { status: number; json: any; text: string; headers: Headers }

export type Hub = Awaited<ReturnType<typeof startHub>>

type HubOptions = ApiOptions &
  AccessOptions & {
    /** The Record in a file of its data folder. */
    onDisk?: boolean
  }

/** The routes of every room, mounted; the work of none runs but what tests do by hand. */
export async function startHub(options: HubOptions = {}, config: object = {}) {
  const clock: ManualClock = createManualClock()
  const data = mkdtempSync(join(tmpdir(), 'hub-'))
  const record = await openRecord(options.onDisk ? join(data, 'record.db') : ':memory:')
  const bus = createFakeBus()
  const history = createFakeHistory()
  const lines: string[] = []
  const sink = new PassThrough().on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  const shown: string[] = []
  const access: AccessOptions = {
    passwordCost,
    showFirstLogin: (user, secret) => shown.push(`${user} ${secret}`),
    ...options,
  }
  const wired = wireDeps(
    {
      config: checkConfig(HubConfig, {
        http: { port: 0 },
        data,
        gateways: [
          { id: gatewayA, name: '城区网关', districts: ['430405', '430406'], passwordHash: 'a'.repeat(64) },
          { id: gatewayB, name: '祁东网关', districts: ['430426'], passwordHash: 'b'.repeat(64) },
        ],
        adminPassword: password,
        ...config,
      }),
      clock,
      log: createLog({ name: 'test', level: 'trace' }, sink),
      transport: bus,
      record,
      history,
      metrics: createMetrics(),
    },
    access,
  )
  const { deps } = wired
  await wired.start()
  const table = rooms.map((room) => (room.name === 'access' ? createAccessModule(access) : room))
  const api = createApi(table, deps, { consoleDir: '/nonexistent', ...options })
  await api.start()
  await wired.settle()
  const users = createUsers({ clock, record: tablesOf(record), passwords: createPasswords(passwordCost) })
  for (const account of accounts) await users.create({ ...account, password }, 'test', false)

  const base = `http://127.0.0.1:${api.port}`
  const cookies = new Map<string, string>()
  const answers: string[] = []

  async function fetchText(method: string, path: string, init: RequestInit = {}): Promise<Answered> {
    const res = await fetch(base + path, { ...init, method, redirect: 'manual' })
    const text = await res.text()
    answers.push(text, JSON.stringify([...res.headers]))
    const json = res.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
    return { status: res.status, json, text, headers: res.headers }
  }

  /** Logs in and keeps the cookie under the user's name. */
  async function login(user: string, secret = password, headers: { [name: string]: string } = {}): Promise<Answered> {
    const answer = await fetchText('POST', `${apiBase}/session`, {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ user, password: secret }),
    })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
    if (answer.status === 200 && cookie) cookies.set(user, cookie)
    return answer
  }

  /** Asks a route of the table as a user; every answer is held to its schema. */
  async function ask(user: string | undefined, name: RouteName, asked: Asked = {}): Promise<Answered> {
    if (user && !cookies.has(user)) await login(user)
    const route: Route = routes[name]
    const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => asked.params?.[key] ?? '')
    const headers: { [name: string]: string } = { 'accept-language': 'en', ...asked.headers }
    if (user) headers.cookie = cookies.get(user) ?? ''
    const body = asked.raw ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body))
    if (body !== undefined) headers['content-type'] = asked.type ?? route.consumes?.[0] ?? 'application/json'
    const answer = await fetchText(route.method.toUpperCase(), apiBase + path + (asked.query ?? ''), {
      headers,
      ...(body === undefined ? {} : { body: body as string }),
    })
    if (answer.status >= 400) expect(Problem.safeParse(answer.json).error).toBeUndefined()
    else if (route.response) expect(route.response.safeParse(answer.json).error).toBeUndefined()
    return answer
  }

  /** An open stream: what has come so far, by event. */
  async function openStream(user: string, headers: { [name: string]: string } = {}) {
    if (!cookies.has(user)) await login(user)
    const abort = new AbortController()
    const res = await fetch(`${base}${apiBase}/stream`, {
      headers: { cookie: cookies.get(user)!, ...headers },
      signal: abort.signal,
    })
    // biome-ignore lint/suspicious/noExplicitAny: events of several shapes
    const events: { event: string; id: string | undefined; data: any }[] = []
    let ended = false
    const reading = (async () => {
      let rest = ''
      try {
        for await (const part of res.body!.pipeThrough(new TextDecoderStream())) {
          rest += part
          const frames = rest.split('\n\n')
          rest = frames.pop()!
          for (const text of frames) {
            const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(text)?.[1]
            const event = field('event')
            if (event) events.push({ event, id: field('id'), data: JSON.parse(field('data')!) })
          }
        }
      } catch {
        // Cut: that is an end, too.
      }
      ended = true
    })()
    return {
      status: res.status,
      events,
      isEnded: () => ended,
      of: (event: string) => events.filter((e) => e.event === event).map((e) => e.data),
      close: async () => {
        abort.abort()
        await reading
      },
    }
  }

  const importRecords = async (records: DeviceRecord[]) => {
    const { csvHeader, csvRows } = await import('../../../registry/src/files/write.ts')
    const answer = await ask('sys', 'importDevices', { raw: csvHeader() + csvRows(records) })
    await tablesOf<GatewaysData>(record).transaction((trx) => assignSensors(trx, deps.config, null))
    await clock.advanceAsync(300)
    return answer
  }
  const transition = (device: string, to: Transition['to'], more: Partial<Transition> = {}) => {
    const at = clock.now()
    const district = device.slice(0, 6) as Transition['district']
    const rule: Transition['rule'] = { id: 'confirmed', count: 3, needed: 3, firstAt: at, lastAt: at }
    const message: Transition = { v: 1, device, district, from: 'unknown', to, at, decidedAt: at, rule, ...more }
    return bus.deliver(topic('transitions', { district }), message)
  }

  /** An outage of these devices, all down, as the outages room writes it. */
  const putOutage = (id: string, devices: readonly string[], cause: Cause = lone(devices[0]!)) =>
    record.commit((sqlite) => {
      const from = clock.now()
      const districts = [...new Set(devices.map((device) => device.slice(0, 6) as Transition['district']))]
      const count = { members: devices.length, down: devices.length }
      const writer = outageWriter(sqlite, deps.audit)
      writer.putFacts(
        {
          id,
          cause,
          from,
          to: null,
          districts,
          expected: false,
          countsFrom: null,
          held: false,
          importance: 'normal',
          ...count,
          evidence: { down: devices.length, of: devices.length, withinMs: 0, rejected: [] },
        },
        from,
      )
      writer.putMembers(
        devices.map((device) => ({
          device,
          from,
          to: null,
          sign: 'path',
          expected: false,
          countsFrom: null,
          outage: id,
          was: null,
        })),
      )
    })
  /** Where a device stands, as ingest writes it. */
  const putState = (device: string, state: Transition['to']) =>
    record.commit((sqlite) => {
      const now = clock.now()
      const rule = JSON.stringify({ id: 'confirmed', count: 1, needed: 1, firstAt: now, lastAt: now })
      sqlite.prepare('UPDATE interval SET to_at = ? WHERE device = ? AND to_at IS NULL').run(now, device)
      sqlite
        .prepare('INSERT INTO interval (device, from_at, to_at, state, rule) VALUES (?, ?, NULL, ?, ?)')
        .run(device, now, state, rule)
      sqlite
        .prepare(
          `INSERT INTO device_state (device, state, since, rule, last_at, recent) VALUES (:device, :state, :now, :rule, :now, '[]')
           ON CONFLICT (device) DO UPDATE SET state = :state, since = :now, rule = :rule, last_at = :now`,
        )
        .run({ device, state, now, rule })
    })

  return {
    api,
    base,
    bus,
    clock,
    data,
    deps,
    history,
    record,
    shown,
    lines,
    answers,
    fetchText,
    login,
    cookie: (user: string): string => cookies.get(user)!,
    ask,
    openStream,
    importRecords,
    transition,
    putOutage,
    putState,
    /** What has been published of this kind. */
    changes: (what: Changed['what']): Changed[] =>
      bus.published
        .filter((m) => m.topic === topic('changed'))
        .map((m): Changed => JSON.parse(m.payload))
        .filter((change) => change.what === what),
    registryChanges: () =>
      bus.published
        .filter((m) => m.topic === topic('registry.changed'))
        .map((m): RegistryChanged => JSON.parse(m.payload)),
    async stop() {
      await api.stop()
      await wired.stop()
      await record.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

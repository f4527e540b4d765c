/** The room on a Record in memory and a clock that goes by hand: forty cameras on poles of four, switches of ten. */
import type { DeviceState, OutageBoard, OutageDetail, Rule, Transition } from '@hub/contracts'
import {
  checkConfig,
  createManualClock,
  createMetrics,
  type Deps,
  findOutage,
  HubConfig,
  listOutages,
  openRecord,
  type RecordStore,
  silentLog,
} from '@hub/platform'
import { outagesModule } from '../module.ts'

export const gateway = '43040500002000000001'
export const cameraId = (n: number): string => `4304050000132${String(n).padStart(7, '0')}`
const all = { view: 'all', lone: 'yes', limit: 2_000 } as const

export async function createRig({ cameras = 40, config = {} as object, state = 'up' as DeviceState } = {}) {
  const record = await openRecord(':memory:')
  const clock = createManualClock()
  seed(record, cameras, clock.now(), state)
  const handlers = new Map<string, ((message: { topic: string; payload: Buffer }) => void)[]>()
  const told: string[] = []
  const bus: Deps['bus'] = {
    connected: true,
    publish: async (topic, payload) => void told.push(`${topic} ${payload}`),
    subscribe: async (filter, handler) => {
      handlers.set(filter, [...(handlers.get(filter) ?? []), handler])
      return async () => void handlers.delete(filter)
    },
    onConnection: () => () => {},
    close: async () => {},
  }
  const send = (filter: string, body: object) => {
    for (const handler of handlers.get(filter) ?? [])
      handler({ topic: filter, payload: Buffer.from(JSON.stringify(body)) })
  }
  const deps = {
    ...{ record, clock, bus, log: silentLog, metrics: createMetrics() },
    config: checkConfig(HubConfig, { policy: { startupGraceSeconds: 30 }, ...config }),
  } as unknown as Deps
  let running = outagesModule.create(deps)
  await running.start()

  const rig = {
    ...{ record, clock, told, deps },
    /** Seconds; each second the room has its turn. */
    async pass(seconds: number) {
      for (let n = 0; n < seconds; n++) {
        await clock.advanceAsync(1_000)
        for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
    },
    say(device: string, to: DeviceState, rule: Partial<Rule> = {}, at = clock.now()) {
      const transition: Transition = {
        ...{ v: 1, device, district: '430405', from: 'up', to, at, decidedAt: clock.now() },
        rule: { ...confirmed, rung: 'reachable', ...rule },
      }
      setState(record, device, to, at, transition.rule)
      send('hub/v1/districts/+/transitions', transition)
    },
    /** Late evidence: it was down until then, and up after. */
    correct(device: string, from: number, to: number) {
      record.sqlite
        .prepare("INSERT INTO interval (device, from_at, to_at, state, rule) VALUES (?, ?, ?, 'down', '{}')")
        .run(device, from, to)
      send('hub/v1/districts/+/corrections', { v: 1, device, district: '430405', from, to, decidedAt: clock.now() })
    },
    changeRegistry: () => send('hub/v1/registry/changed', {}),
    /** The room ends as an operator ends it; `start` then starts another on the same Record, which hears nothing of what is said meanwhile. */
    async end() {
      handlers.clear()
      await running.stop().catch(() => {})
      running = outagesModule.create(deps)
    },
    start: () => running.start(),
    stop: () => running.stop(),
    board: (view: 'current' | 'closed' | 'all' = 'current'): Promise<OutageBoard> =>
      listOutages(record.db, 'city', { ...all, view }, clock.now()),
    detail: (id: string): Promise<OutageDetail> => findOutage(record.db, 'city', id, clock.now()),
  }
  return rig
}
export type Rig = Awaited<ReturnType<typeof createRig>>

const confirmed: Rule = { id: 'confirmed', count: 3, needed: 3, firstAt: null, lastAt: null }

export function setState(record: RecordStore, device: string, state: DeviceState, since: number, rule: Rule): void {
  record.sqlite
    .prepare(
      `INSERT INTO device_state (device, state, since, rule, recent) VALUES (?, ?, ?, ?, '[]')
       ON CONFLICT (device) DO UPDATE SET state = excluded.state, since = excluded.since, rule = excluded.rule`,
    )
    .run(device, state, since, JSON.stringify(rule))
}

export function seed(record: RecordStore, cameras: number, now: number, state: DeviceState): void {
  const put = record.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, gateway, every_ms,
       in_service_from, updated_at)
     VALUES (?, '430405', 'camera', 'safe-city', 'telecom', ?, 'in-service', ?, '', ?, ?, 30000, 0, 0)`,
  )
  record.sqlite.exec('BEGIN')
  for (let n = 0; n < cameras; n++) {
    const fields = { poleNumber: `P-${Math.floor(n / 4)}`, switch: `SW-${Math.floor(n / 10)}` }
    put.run(cameraId(n), n === 0 ? '1' : '3', `camera ${n}`, JSON.stringify(fields), gateway)
    setState(record, cameraId(n), state, now - 3_600_000, { ...confirmed, rung: 'reachable' })
  }
  record.sqlite.exec('COMMIT')
}

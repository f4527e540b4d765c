/** The room on a Record in memory and a clock that goes by hand: forty cameras on poles of four, switches of ten. */
import {
  type DeviceState,
  type OutageBoard,
  type OutageDetail,
  type Rule,
  type Transition,
  topic,
} from '@hub/contracts'
import { createManualClock, type Module, type RecordStore, runModules, tablesOf } from '@hub/platform'
import type { HubConfig } from '../../../hub/src/config.ts'
import { wireTestDeps } from '../../../hub/src/testing/deps.ts'
import { createFakeBus } from '../../../hub/src/testing/fake-bus.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { listOutages } from '../board.ts'
import { findOutage } from '../detail.ts'
import { outagesModule } from '../module.ts'
import type { OutagesDb } from '../tables.ts'

export const gateway = '43040500002000000001'
export const cameraId = (n: number): string => `4304050000132${String(n).padStart(7, '0')}`
const all = { view: 'all', lone: 'yes', limit: 2_000 } as const

export async function createRig({
  cameras = 40,
  config = {} as object,
  state = 'up' as DeviceState,
  modules = [outagesModule] as readonly Module<HubConfig>[],
} = {}) {
  const record = await openRecord(':memory:')
  const clock = createManualClock()
  seed(record, cameras, clock.now(), state)
  const transport = createFakeBus()
  const { deps } = wireTestDeps({
    record,
    clock,
    transport,
    config: { policy: { startupGraceSeconds: 30 }, ...config },
  })
  const { db } = tablesOf<OutagesDb>(record)
  let running = await runModules(modules, deps)

  const rig = {
    record,
    clock,
    deps,
    /** What the bus was told. */
    get told() {
      return transport.published.map((message) => `${message.topic} ${message.payload}`)
    },
    /** Seconds; each second the room has its turn. */
    async pass(seconds: number) {
      for (let n = 0; n < seconds; n++) {
        await clock.advanceAsync(1_000)
        for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
    },
    say(device: string, to: DeviceState, rule: Partial<Rule> = {}, at = clock.now()) {
      const transition: Transition = {
        v: 1,
        device,
        district: '430405',
        from: 'up',
        to,
        at,
        decidedAt: clock.now(),
        rule: { ...confirmed, rung: 'reachable', ...rule },
      }
      setState(record, device, to, at, transition.rule)
      void transport.deliver(topic('transitions', { district: '430405' }), transition)
    },
    /** Late evidence: it was down until then, and up after. */
    correct(device: string, from: number, to: number) {
      record.sqlite
        .prepare("INSERT INTO interval (device, from_at, to_at, state, rule) VALUES (?, ?, ?, 'down', '{}')")
        .run(device, from, to)
      const correction = { v: 1, device, district: '430405', from, to, decidedAt: clock.now() }
      void transport.deliver(topic('corrections', { district: '430405' }), correction)
    },
    changeRegistry: () =>
      void transport.deliver(topic('registry.changed'), { v: 1, at: clock.now(), devices: null, gateways: [] }),
    /** The room ends as an operator ends it; `start` then starts another on the same Record, which hears nothing of what is said meanwhile. */
    async end() {
      transport.deafen()
      await running.stop().catch(() => {})
    },
    async start() {
      running = await runModules(modules, deps)
    },
    stop: () => running.stop(),
    board: (view: 'current' | 'closed' | 'all' = 'current'): Promise<OutageBoard> =>
      listOutages(db, 'city', { ...all, view }, clock.now()),
    detail: (id: string): Promise<OutageDetail> => findOutage(db, 'city', id, clock.now()),
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
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, in_service_from,
       updated_at)
     VALUES (?, '430405', 'camera', 'safe-city', 'telecom', ?, 'in-service', ?, '', ?, 0, 0)`,
  )
  const bind = record.sqlite.prepare('INSERT INTO device_binding (device, gateway, every_ms) VALUES (?, ?, 30000)')
  record.sqlite.exec('BEGIN')
  for (let n = 0; n < cameras; n++) {
    const fields = { poleNumber: `P-${Math.floor(n / 4)}`, switch: `SW-${Math.floor(n / 10)}` }
    put.run(cameraId(n), n === 0 ? '1' : '3', `camera ${n}`, JSON.stringify(fields))
    bind.run(cameraId(n), gateway)
    setState(record, cameraId(n), state, now - 3_600_000, { ...confirmed, rung: 'reachable' })
  }
  record.sqlite.exec('COMMIT')
}

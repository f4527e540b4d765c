/**
 * Some thirty virtual days of a whole centre on one Record, as fast as they go: a program of its own, so that the heap is its own.
 * After each day it prints a line of JSON (`SoakDay`). Needs `--expose-gc`.
 *
 *   node --expose-gc services/hub/src/testing/soak-child.ts FOLDER DAYS
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Ack, type DeviceRecord, type Observation, topic } from '@hub/contracts'
import { dayMs, hourMs, minuteMs } from '@hub/core'
import {
  checkConfig,
  createManualClock,
  createMetrics,
  type LiveStream,
  openHistory,
  runModules,
  silentLog,
  type Viewer,
} from '@hub/platform'
import { registryModule } from '@hub/registry'
import { csvHeader, csvRows } from '../../../registry/src/files/write.ts'
import { HubConfig } from '../config.ts'
import { rooms } from '../modules.ts'
import { wireTestDeps } from './deps.ts'
import { createFakeBus } from './fake-bus.ts'
import { openRecord } from './record.ts'

export type SoakDay = {
  day: number
  /** After a collection, bytes. */
  heap: number
  outsideHeap: number
  /** Of files, bytes: the Record and its log, the history. */
  files: { record: number; wal: number; history: number }
  /** Bytes of the pages of each table of the Record with its indexes: those of many small packs are half full. */
  tables: { [table: string]: number }
  observations: number
  outages: number
  /** Batches that were not acknowledged, or twice. */
  unacknowledged: number
  cpuSeconds: number
}

const [folder, days] = process.argv.slice(2) as [string, string]
const perGateway = 40
const every = 30 * minuteMs
const gateways = [
  { id: '43040500002000000001', district: '430405' },
  { id: '43048100002000000001', district: '430481' },
] as const
/** Start of a day in Shanghai. */
const t0 = 1_800_000_000_000 - (1_800_000_000_000 % dayMs) - 8 * hourMs
const passwordHash = '0'.repeat(64)
const keep = { fiveMinutes: 3, hours: 3, days: 'forever', telemetry: 3 }
const config = {
  data: folder,
  gateways: gateways.map(({ id, district }) => ({ id, name: district, districts: [district], passwordHash })),
  history: { kind: 'embedded', keep },
  retention: { rawDays: 2 },
  policy: {
    probeEverySeconds: every / 1_000,
    startupGraceSeconds: 1,
    // Time goes by in leaps of a probe's period, each of which is a stall: silence is judged later, and that is all.
    behind: { aboveSeconds: 3_600 },
  },
}

const record = await openRecord(join(folder, 'record.db'))
const clock = createManualClock(t0)
const bus = createFakeBus()
const metrics = createMetrics()
const history = openHistory(checkConfig(HubConfig, config), { clock, log: silentLog, metrics, park: async () => {} })
const wired = wireTestDeps({ config, record, clock, metrics, history, transport: bus })
const stream: LiveStream = { snapshot() {}, push() {}, pushEach() {} }
await wired.start()
const routes = rooms.map((room) => room.routes?.({ ...wired.deps, stream }))
for (const room of routes) await room?.start?.()
const running = await runModules(rooms, wired.deps)
await wired.settle()

const turns = async (count: number) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve))
}

type Device = DeviceRecord & { isSensor: boolean }
const devices: Device[][] = gateways.map(({ district }) =>
  Array.from({ length: perGateway }, (_, n) => {
    const isSensor = n % 10 === 9
    return {
      id: `${district}0000${isSensor ? '134' : '132'}${String(n).padStart(7, '0')}`,
      name: `设备 ${n}`,
      manufacturer: '海康',
      model: 'DS-1',
      civilCode: district,
      address: '解放路 1 号',
      parental: '0',
      parentId: `${district}00002000000001`,
      registerWay: '1',
      secrecy: '0',
      status: 'ON',
      grassrootsCode: `${district}001`,
      pointType: '3',
      kind: isSensor ? 'sensor' : 'camera',
      application: 'safe-city',
      carrier: 'telecom',
      stage: 'in-service',
      poleNumber: `P-${district}-${Math.floor(n / 4)}`,
      switch: `SW-${district}-${Math.floor(n / 10)}`,
      isSensor,
    } as Device
  }),
)

const viewer: Viewer = {
  user: 'soak',
  role: 'sysadmin',
  permissions: [],
  scope: 'city',
  unit: null,
  units: 'all',
  devices: 'all',
  mustChange: false,
  session: '',
  expiresAt: Number.MAX_SAFE_INTEGER,
} as Viewer
const { importDevices } = registryModule.routes!({ ...wired.deps, stream }).handlers
const importAll = async (records: readonly Device[]) => {
  const file = Buffer.from(csvHeader() + csvRows(records.map(({ isSensor: _, ...one }) => one)))
  const { refused } = (await importDevices!({
    viewer,
    language: 'en',
    query: {},
    upload: async () => file,
  } as unknown as Parameters<NonNullable<typeof importDevices>>[0])) as { refused: unknown[] }
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`)
}
await importAll(devices.flat())
await record.commit((sqlite) => {
  const bind = sqlite.prepare('INSERT OR REPLACE INTO device_binding (device, gateway, every_ms) VALUES (?, ?, ?)')
  for (const [n, gateway] of gateways.entries()) for (const { id } of devices[n]!) bind.run(id, gateway.id, every)
})

/** Hours of the day in which a device fails: another pole each day, a switch, a district's power once in five days, and one that comes and goes. */
function isDown(gateway: number, n: number, day: number, hour: number): boolean {
  const pole = Math.floor(n / 4)
  if (pole === (day * 7 + gateway) % 25 && hour >= 2 && hour < 4) return true
  if (Math.floor(n / 10) === (day * 3 + gateway) % 10 && hour >= 6 && hour < 9) return true
  if (gateway === 0 && day % 5 === 4 && hour >= 12 && hour < 13) return true
  return n === (day * 11 + gateway) % perGateway && Math.floor(hour * 2) % 2 === 1 && hour > 14
}
/** A gateway is cut off for four hours on every second day: what it keeps comes late, and all at once. */
const isCut = (gateway: number, day: number, hour: number) => gateway === 1 && day % 2 === 1 && hour >= 16 && hour < 20

const kept: Observation[][][] = gateways.map(() => [])
const seqs = gateways.map(() => 0)
let observations = 0
let unacknowledged = 0

async function send(gateway: number, batch: readonly Observation[]): Promise<void> {
  const { id } = gateways[gateway]!
  seqs[gateway]!++
  observations += batch.length
  bus.published.length = 0
  const payload = { v: 1, gateway: id, epoch: t0, seq: seqs[gateway], observations: batch }
  await bus.deliver(topic('observations', { gateway: id }), payload)
  const acks = () =>
    bus.published
      .filter((message) => message.topic === topic('acks', { gateway: id }))
      .filter(({ payload }) => (JSON.parse(payload) as Ack).seq === seqs[gateway]).length
  for (let n = 0; n < 1_000 && acks() === 0; n++) await turns(1)
  if (acks() !== 1) unacknowledged++
}

function observe(gateway: number, day: number, hour: number): Observation[] {
  const now = clock.now()
  return devices[gateway]!.map(({ id, isSensor }, n): Observation => {
    // A period's worth of instants, each device its own.
    const at = now - every + Math.floor(((n + 1) * every) / perGateway)
    const down = isDown(gateway, n, day, hour)
    if (isSensor && !down)
      return { device: id, at, kind: 'telemetry', verdict: 'pass', rung: 'fresh', every, values: { pm25: n } }
    const result = down
      ? ({ verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const)
      : ({ verdict: 'pass', rung: 'decodes', ms: 20 + n } as const)
    return { device: id, at, kind: 'probe', every, ...result } as Observation
  })
}

const bytesOf = (file: string) => {
  try {
    return statSync(join(folder, file)).size
  } catch {
    return 0 // there need not be a log
  }
}
/** By a connection of its own, as reports read. */
function tableBytes(): { [table: string]: number } {
  const sqlite = new DatabaseSync(record.path, { readOnly: true })
  try {
    const rows = sqlite
      .prepare('SELECT tbl_name AS name, sum(pgsize) AS bytes FROM dbstat JOIN sqlite_schema USING (name) GROUP BY 1')
      .all() as { name: string; bytes: number }[]
    return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
  } finally {
    sqlite.close()
  }
}
const outages = () =>
  (record.sqlite.prepare('SELECT count(*) AS n FROM outage WHERE merged_into IS NULL').get() as { n: number }).n

for (let day = 1; day <= Number(days); day++) {
  for (let at = 0; at < dayMs; at += every) {
    clock.jump(every)
    await turns(3)
    const hour = at / hourMs
    for (const gateway of gateways.keys()) {
      const batch = observe(gateway, day, hour)
      if (isCut(gateway, day, hour)) kept[gateway]!.push(batch)
      else {
        await send(gateway, batch)
        // Live first, then what it has kept.
        for (const late of kept[gateway]!.splice(0)) await send(gateway, late)
      }
    }
    // Six times a day some records are corrected.
    if (at % (4 * hourMs) === 0)
      await importAll(
        devices.map((own, n) => Object.assign(own[(day + hour + n) % perGateway]!, { address: `${day}-${hour}` })),
      )
  }
  await turns(50)
  bus.published.length = 0
  for (let n = 0; n < 3; n++) {
    globalThis.gc!()
    await turns(2)
  }
  const { heapUsed, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const line: SoakDay = {
    day,
    heap: heapUsed,
    outsideHeap: external,
    files: { record: bytesOf('record.db'), wal: bytesOf('record.db-wal'), history: bytesOf('history.db') },
    tables: tableBytes(),
    observations,
    outages: outages(),
    unacknowledged,
    cpuSeconds: (user + system) / 1e6,
  }
  console.log(JSON.stringify(line))
}
for (const room of routes) await room?.stop?.()
await running.stop()
await wired.stop()
await history.close()
await record.close()

/** A centre for tests: a real Record in a folder of its own, a manual clock, and the committer as the module wires it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit } from '@hub/access'
import { type DeviceId, districtOf, type GatewayId, type Observation } from '@hub/contracts'
import { defaultHealthPolicy, type HealthPolicy } from '@hub/core'
import {
  type Bus,
  checkConfig,
  createManualClock,
  createMessageBus,
  createMetrics,
  openOutbox,
  type RecordStore,
  silentLog,
  tablesOf,
} from '@hub/platform'
import { HubConfig } from '../../../hub/src/config.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { noteRules } from '../../../uptime/src/judging.ts'
import { createMarkRestated } from '../../../uptime/src/marks.ts'
import { arrivalOf } from '../arrival.ts'
import { Committer } from '../committer.ts'
import { Directory } from '../directory.ts'
import { LateStretches } from '../late-stretches.ts'
import { ingestMetrics } from '../metrics.ts'
import { healthPolicyOf } from '../rules.ts'
import { createStore } from '../store.ts'

export const gateway: GatewayId = '43040500002000000001'
export const otherGateway: GatewayId = '43048100002000000001'
export const deviceId = (n: number, district = '430405'): DeviceId => `${district}00001320${String(n).padStart(6, '0')}`
/** Start of a UTC hour. */
export const t0 = 1_800_000_000_000

export const look = (device: DeviceId, at: number, more: Partial<Observation> = {}): Observation => ({
  device,
  at,
  kind: 'probe',
  verdict: 'pass',
  rung: 'decodes',
  every: 30_000,
  ...more,
})

export const batch = (seq: number, observations: readonly unknown[], more: object = {}) =>
  Buffer.from(JSON.stringify({ v: 1, gateway, epoch: t0, seq, observations, ...more }))

export const tmpFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'hub-ingest-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function seed(record: RecordStore, devices: readonly DeviceId[], inServiceFrom: number | null = t0): void {
  const putGateway = record.sqlite.prepare('INSERT OR REPLACE INTO gateway (id, name, districts) VALUES (?, ?, ?)')
  putGateway.run(gateway, 'one', '["430405","430406"]')
  putGateway.run(otherGateway, 'other', '["430481"]')
  const put = record.sqlite.prepare(
    `INSERT OR IGNORE INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, in_service_from, updated_at)
     VALUES (?, ?, 'camera', 'safe-city', 'telecom', '3', 'in-service', 'name', 'address', '{}', ?, 0)`,
  )
  for (const id of devices) put.run(id, districtOf(id)!, inServiceFrom)
}

export type Sent = { topic: string; payload: string }

/** Opens a centre on a file. Opening a second one on the same file is what a restart after a crash is. */
export async function openCentre(
  path: string,
  devices: readonly DeviceId[],
  options: {
    startAt?: number
    grace?: number
    lateMost?: number
    unsigned?: 'taken' | 'refused'
    rules?: HealthPolicy
    keptMs?: number
  } = {},
) {
  const record = await openRecord(path)
  seed(record, devices)
  const clock = createManualClock(options.startAt ?? t0)
  if (options.rules) {
    const config = checkConfig(HubConfig, { policy: { health: options.rules } })
    await noteRules({ record, config, clock, audit, log: silentLog, outbox: { append: async () => {} } })
  }
  const sent: Sent[] = []
  const bus: Bus = {
    publish: async (topic, payload) => void sent.push({ topic, payload: payload.toString() }),
    subscribe: async () => async () => {},
    connected: true,
    onConnection: () => () => {},
    close: async () => {},
  }
  const store = createStore(record.sqlite)
  const directory = new Directory(record.sqlite)
  const outbox = openOutbox({ record: tablesOf(record), bus: createMessageBus(bus, silentLog), clock, log: silentLog })
  const lateStretches = new LateStretches()
  const metrics = createMetrics()
  const committer = new Committer({
    record,
    store,
    directory,
    outbox,
    lateStretches,
    clock,
    restated: createMarkRestated(record.sqlite, clock),
    metrics: ingestMetrics(metrics),
    log: silentLog,
    policy: healthPolicyOf(record.sqlite, defaultHealthPolicy),
    notBefore: clock.now() + (options.grace ?? 0),
    keptFrom: (now) => now - (options.keptMs ?? 7 * 86_400_000),
    ...(options.lateMost === undefined ? {} : { lateMost: options.lateMost }),
    ...(options.unsigned && { unsigned: options.unsigned }),
  })
  await committer.recover()
  await outbox.start()
  const arrive = (payload: Buffer, from = gateway) => arrivalOf(from, payload, clock.now())
  const post = (...payloads: Buffer[]) => committer.commit(payloads.map((payload) => arrive(payload)))
  const takenIn = async (acks: ReturnType<typeof post>) => {
    await acks
    await committer.amend(true)
    return acks
  }
  return {
    record,
    store,
    directory,
    outbox,
    lateStretches,
    committer,
    clock,
    sent,
    metrics,
    /** Commits; late looks of the past gather. */
    post,
    /** Commits, and takes in late looks at once. */
    send: (...payloads: Buffer[]) => takenIn(post(...payloads)),
    sendAs: (from: GatewayId, payload: Buffer) => takenIn(committer.commit([arrive(payload, from)])),
    intervals: (device: DeviceId) => store.intervalsFrom(device, 0),
    deadLetters: () =>
      record.sqlite.prepare('SELECT reason, CAST(payload AS TEXT) AS payload FROM dead_letter ORDER BY id').all() as {
        reason: string
        payload: string
      }[],
    /** Ends without writing anything down: a crash. */
    crash: () => record.close(),
  }
}
export type Centre = Awaited<ReturnType<typeof openCentre>>

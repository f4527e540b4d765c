/** A hub that only exports: a Record in a folder of its own with a small city in it, a clock moved by hand, a bus in memory. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AdjustmentRequest, ExportJob, ExportRequest, Scope } from '@hub/contracts'
import { topic } from '@hub/contracts'
import {
  checkConfig,
  createManualClock,
  createMetrics,
  type History,
  type RecordStore,
  runModules,
  silentLog,
  tablesOf,
} from '@hub/platform'
import { openUptime } from '@hub/uptime'
import { vi } from 'vitest'
import { HubConfig } from '../../../hub/src/config.ts'
import { wireDeps } from '../../../hub/src/deps.ts'
import { createFakeBus } from '../../../hub/src/testing/fake-bus.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import type { Make } from '../exports/on-thread.ts'
import { exportPath, findExport, insertExport } from '../exports/store.ts'
import { writeExport } from '../exports/write.ts'
import { createReports, reportsModule } from '../module.ts'
import type { ReportsData } from '../tables.ts'

const hour = 3_600_000
/** The first instant of October 2026 in the city. */
export const monthStart = Date.UTC(2026, 8, 30, 16)
export const monthEnd = Date.UTC(2026, 9, 31, 16)
export const now = monthEnd + 3 * hour
export const camera = (n: number, district = '430405') => `${district}00001320${String(n).padStart(6, '0')}`

/** A thread loads the rooms anew, for a second: only the tests about it have one. What it could not be given fails here too. */
const onThisThread: Make = (task, progress) => writeExport(structuredClone(task), progress)

export type Rig = Awaited<ReturnType<typeof openRig>>

export async function openRig() {
  const folder = mkdtempSync(join(tmpdir(), 'exports-'))
  const record = await openRecord(join(folder, 'record.db'))
  const bus = createFakeBus()
  const clock = createManualClock(now)
  let running: { stop(): Promise<void> } | undefined
  let wired: ReturnType<typeof wireDeps> | undefined
  const reports: RecordStore<ReportsData> = tablesOf(record)
  return {
    record,
    reports,
    bus,
    clock,
    folder,
    async start(where: 'thread' | 'here' = 'here') {
      wired = wireDeps({
        record,
        transport: bus,
        clock,
        log: silentLog,
        history: {} as History,
        config: checkConfig(HubConfig, { data: folder }),
        metrics: createMetrics({ process: false }),
      })
      running = await runModules([where === 'thread' ? reportsModule : createReports(onThisThread)], {
        ...wired.deps,
        // Of a Record without a file it is computed in place.
        uptime:
          where === 'thread'
            ? wired.deps.uptime
            : openUptime({ ...wired.deps, record: { ...record, path: ':memory:' } }),
      })
    },
    async stop() {
      await running?.stop()
      await wired?.stop()
      running = wired = undefined
    },
    /** As the API does it. */
    async ask(id: string, request: Partial<ExportRequest>, scope: Scope = 'city') {
      const whole: ExportRequest = { report: 'uptime', format: 'json', language: 'zh', query: {}, ...request }
      await insertExport(reports.db, { id, request: whole, scope, requestedBy: 'li' }, clock.now())
      await this.tell(id)
    },
    /** That it has changed. */
    tell(id: string) {
      const change = { v: 1, at: clock.now(), what: 'exports', id, districts: 'city', user: 'li' }
      return bus.publish(topic('changed'), JSON.stringify(change))
    },
    find: (id: string) => findExport(reports.db, 'li', id),
    async ended(id: string): Promise<ExportJob> {
      return vi.waitFor(
        async () => {
          const job = await findExport(reports.db, 'li', id)
          if (job.status === 'waiting' || job.status === 'running') throw new Error(`the job is ${job.status}`)
          return job
        },
        { timeout: 15_000, interval: 20 },
      )
    },
    /** Asks, waits, and reads the file. */
    async export(
      request: Partial<ExportRequest>,
      scope: Scope = 'city',
    ): Promise<{ job: ExportJob; path: string; bytes: Buffer }> {
      const id = crypto.randomUUID()
      await this.ask(id, request, scope)
      const job = await this.ended(id)
      const path = exportPath(folder, id, job.format)
      return { job, path, bytes: existsSync(path) ? readFileSync(path) : Buffer.alloc(0) }
    },
    async close() {
      await this.stop()
      await record.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type DeviceOptions = { name?: string; carrier?: string; project?: string; record?: object; from?: number | null }

/** A camera in service since long ago, or since `from`. */
export async function putDevice(
  { record }: Pick<Rig, 'record'>,
  id: string,
  options: DeviceOptions = {},
): Promise<void> {
  const {
    name = `相机 ${id.slice(-2)}`,
    carrier = 'telecom',
    project = null,
    from = monthStart - 90 * 24 * hour,
  } = options
  await record.db
    .insertInto('device')
    .values({
      id,
      district: id.slice(0, 6),
      kind: 'camera',
      application: 'safe-city',
      carrier,
      point_type: '1',
      project,
      stage: from === null ? 'planned' : 'in-service',
      name,
      address: '解放路',
      longitude: null,
      latitude: null,
      ip_address: null,
      in_service_from: from,
      in_service_to: null,
      updated_at: 0,
      record: JSON.stringify({ id, name, ...options.record }),
    })
    .execute()
}

/** Intervals one after another, each as long as it says in hours; the last one is open. */
export async function putIntervals(
  { record }: Pick<Rig, 'record'>,
  device: string,
  start: number,
  spells: readonly (readonly [state: string, hours: number])[],
): Promise<void> {
  let at = start
  const rule = (count: number) => ({
    id: 'confirmed',
    rung: 'reachable',
    reason: 'timeout',
    count,
    needed: 3,
    firstAt: 1,
    lastAt: 2,
  })
  const rows = spells.map(([state, hours], n) => {
    const from_at = at
    at += hours * hour
    return { device, from_at, to_at: n === spells.length - 1 ? null : at, state, rule: JSON.stringify(rule(3)) }
  })
  await record.db.insertInto('interval').values(rows).execute()
}

/** An exemption that two persons agreed on. */
export async function approve(
  { record }: Pick<Rig, 'record'>,
  { scope, from, to }: Pick<AdjustmentRequest, 'scope' | 'from' | 'to'>,
): Promise<void> {
  await record.db
    .insertInto('adjustment')
    .values({
      id: crypto.randomUUID(),
      kind: 'exemption',
      count_as: 'exempt',
      status: 'approved',
      scope: JSON.stringify(scope),
      within: '"city"',
      from_at: from,
      to_at: to,
      recurrence: null,
      reason: '停电',
      applicant: '供电公司',
      requested_by: 'li',
      requested_at: from,
      decided_by: 'wang',
      decided_at: from,
      note: null,
    })
    .execute()
}

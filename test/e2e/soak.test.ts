/**
 * Thirty virtual days of a whole centre in about a minute of CPU: what it holds in memory and on disk does not grow, but by what is kept for good.
 * Devices fail and recover each day, records are corrected, a gateway is cut off on every second day and what it kept comes late.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import type { SoakDay } from '../../services/hub/src/testing/soak-child.ts'
import { runProgram } from '../support/program.ts'

const program = fileURLToPath(new URL('../../services/hub/src/testing/soak-child.ts', import.meta.url))
const days = 30
/** By then what has a term (two days, three days) has reached it. */
const settled = 10
/** In memory where there is such a file system: a soak is not about the disk's speed. */
const memory = '/dev/shm'

/** What grows with what happens, not with time that passes: each is evidence of a figure or of what was done. */
const keptForGood = [
  'audit', // and its links: the law
  'audit_link',
  'interval', // what every online rate is traced to
  'interval_past', // and what was said of it before it was corrected
  'device_record_past', // as is what the record said before
  'batch_digest_pack', // what a gateway signed: one row an hour, without its digests once nobody needs them
  'probe_run_pack', // what an interval is traced to: one a device and day, then month
  'batch_pack', // its roots: one a gateway and hour
  'uptime_day',
  'uptime_district',
  'uptime_sum',
  'monitored_hour',
  'outage',
  'outage_change',
  'outage_member',
  'outage_step',
  'notification_subject', // a year after its end
]

/** For what hangs. */
const mostMs = 600_000
const seen: SoakDay[] = []
beforeAll(async () => {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'soak-'))
  try {
    const args = ['--expose-gc', program, folder, `${days}`]
    const { code, stdout, stderr } = await runProgram(process.execPath, args, { timeoutMs: mostMs })
    expect(code, stderr).toBe(0)
    for (const line of stdout.split('\n')) if (line.startsWith('{')) seen.push(JSON.parse(line))
  } finally {
    rmSync(folder, { recursive: true })
  }
}, mostMs)

const after = (day: number) => seen.find((one) => one.day === day)!
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)

it('has had something to do, and acknowledged every batch once', () => {
  const last = after(days)
  console.log(
    `${days} days: ${last.observations} observations, ${last.outages} outages, ${last.cpuSeconds.toFixed(0)} s of CPU; heap ${megabytes(after(settled).heap)} MB after ${settled} days, ${megabytes(last.heap)} MB after ${days}; Record ${megabytes(after(settled).files.record)} and ${megabytes(last.files.record)} MB, history ${megabytes(last.files.history)} MB`,
  )
  expect(last.outages).toBeGreaterThan(after(settled).outages)
  expect(after(settled).outages).toBeGreaterThan(5)
  expect(last.unacknowledged).toBe(0)
})

it('holds no more in memory after thirty days than after ten', () => {
  expect(after(days).heap).toBeLessThan(1.05 * after(settled).heap)
  expect(after(days).outsideHeap).toBeLessThan(1.1 * after(settled).outsideHeap)
})

it('has files that grow by what is kept for good, and by nothing else', () => {
  const [then, now] = [after(settled), after(days)]
  /** Beyond some pages: what waits to be packed differs from day to day, and a row that were left each time would be many more. */
  const grown = Object.keys(now.tables).filter((table) => now.tables[table]! > 1.1 * then.tables[table]! + 65_536)
  expect(grown.filter((table) => !keptForGood.includes(table))).toEqual([])
  const keptBytes = (of: SoakDay) => keptForGood.reduce((sum, table) => sum + of.tables[table]!, 0)
  // Beside them what was freed and not taken again yet.
  expect(now.files.record - then.files.record).toBeLessThan(1.3 * (keptBytes(now) - keptBytes(then)))
  expect(now.files.wal).toBeLessThan(1.2 * then.files.wal)
  expect(now.files.history).toBeLessThan(1.1 * then.files.history)
})

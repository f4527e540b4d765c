/**
 * `npm run bench -- growth [days] [devices of a kind]`: bytes that a device leaves in the Record in a day, by table, for healthy, flapping and dead
 * cameras; bytes that a look leaves raw; and what that makes of a year of a city, beside a heartbeat a minute in InfluxDB 1.x.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayMs, hourMs } from '@hub/core'
import { commandPath } from '../support/machine.ts'
import { everyMs, type Kind, kinds } from './growth/field.ts'
import { heartbeats } from './growth/heartbeats.ts'
import { type Left, leave } from './growth/ours.ts'

const [days = 1, devices = 40] = process.argv.slice(2).map(Number)
/** What each day adds to; all else is of a bounded age (the runs of two days as rows), or one row a device. */
const growing = ['probe_run_pack', 'interval', 'uptime_day'] as const
const ofEvidence = ['probe_run_pack', 'interval'] as const
/** A city, and how its cameras are. */
const city = { devices: 20_000, healthy: 0.97, flapping: 0.01, dead: 0.02 }
/** The longest that a month's observations are kept: the month, its settling, its dispute. */
const rawDays = 31 + 10 + 45
const gatewayDevices = 1_000
/** So full are pages whose rows come in another order than that of their key. */
const fill = 0.7

const folder = mkdtempSync(join(tmpdir(), 'hub-growth-'))
try {
  const ofKind = {} as Record<Kind, { [table: string]: number }>
  for (const kind of kinds) {
    // An hour into the next day: what the days before it leave is then over.
    const field = { kind, devices, batchMs: everyMs, lasts: days * dayMs + hourMs, restsMs: 2 * dayMs }
    const left = await leave(folder, field, (rows) => (rows.probe_run_pack ?? 0) >= devices * days)
    ofKind[kind] = bytesADay(left)
    console.log(`${kind.padEnd(9)} ${JSON.stringify(ofKind[kind])} bytes a device-day`)
  }
  const raw = rawOf(
    await leave(
      folder,
      { kind: 'healthy', devices: gatewayDevices, batchMs: 1_000, lasts: hourMs, restsMs: 3 * hourMs },
      ({ batch = 0 }) => batch < 200,
    ),
  )
  console.log(`raw       ${raw} bytes a look, of ${gatewayDevices} cameras behind one gateway`)
  const influxdb = commandPath('influxd') ? Math.round(await heartbeats(folder, 10 * devices, 2 * days)) : null
  if (influxdb === null) console.log('influxdb: SKIPPED, there is no influxd on PATH')
  const sum = (kind: Kind, tables: readonly string[]) =>
    tables.reduce((total, table) => total + (ofKind[kind][table] ?? 0), 0)
  const yearOf = (kind: Kind) => (city.devices * city[kind] * 365 * sum(kind, growing)) / fill / 1e9
  const rawGb = (city.devices * (dayMs / everyMs) * rawDays * raw) / 1e9
  const gb = Object.fromEntries([...kinds.map((kind) => [kind, round(yearOf(kind))] as const), ['raw', round(rawGb)]])
  console.log(
    JSON.stringify({
      bench: 'growth',
      ...Object.fromEntries(kinds.map((kind) => [`${kind}_evidence_bytes_per_device_day`, sum(kind, ofEvidence)])),
      tables: ofKind,
      raw_bytes_per_look: raw,
      year_of_20000_gb: { ...gb, all: round(kinds.reduce((total, kind) => total + yearOf(kind), rawGb)) },
      heartbeats_influxdb:
        influxdb === null
          ? null
          : { bytes_per_device_day: influxdb, year_of_20000_gb: round((influxdb * 365 * city.devices) / 1e9) },
    }),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A day row is one a day, and two intervals are of the end of the field: the rest of both is of the days. */
function bytesADay({ bytes, rows }: Left): { [table: string]: number } {
  const aRow = (table: string) => (bytes[table] ?? 0) / (rows[table] ?? 1)
  const aDay = (count: number, table: string) => Math.round((count * aRow(table)) / (devices * days))
  return {
    probe_run_pack: aDay(rows.probe_run_pack ?? 0, 'probe_run_pack'),
    interval: aDay(Math.max(0, (rows.interval ?? 0) - 2 * devices), 'interval'),
    uptime_day: Math.round(aRow('uptime_day')),
  }
}

/** Where batches are packed, of the packs; where they are not, of the rows. */
function rawOf({ bytes, rows, observations }: Left): number {
  return round(((rows.batch_pack ? bytes.batch_pack : bytes.batch) ?? 0) / observations)
}

function round(n: number): number {
  return Number(n.toFixed(2))
}

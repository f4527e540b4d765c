/**
 * `npm run bench -- growth [days] [devices of a kind]`: bytes that a device leaves in the Record in a day, by table, for healthy, flapping and dead
 * cameras; bytes that a probe leaves raw and a batch for good; and what that makes of a year of a city with four gateways, beside a heartbeat a minute in InfluxDB 1.x.
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
/** Aim for a year of it, GB. */
const most = 30
/** The longest that a month's observations are kept: the month, its settling, its dispute. */
const rawDays = 31 + 10 + 45
const gateways = 4
/** A gateway publishes a batch a second. */
const batchMs = 1_000
/** Months that nobody locks keep their digests for so long (core/ingest/kept). */
const unlockedDays = 31 + 120
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
      { kind: 'healthy', devices: city.devices / gateways, batchMs, lasts: hourMs, restsMs: 3 * hourMs },
      ({ batch = 0, batch_digest = 0 }) => batch < 200 && batch_digest === 0,
    ),
  )
  console.log(
    `raw       ${raw.probe} bytes a probe, of ${city.devices / gateways} cameras behind one gateway, their seals included`,
  )
  console.log(`digests   ${raw.digest} bytes a batch while it may be disputed, ${raw.root} a gateway and hour for good`)
  const influxdb = commandPath('influxd') ? Math.round(await heartbeats(folder, 10 * devices, 2 * days)) : null
  if (influxdb === null) console.log('influxdb: SKIPPED, there is no influxd on PATH')
  const sum = (kind: Kind, tables: readonly string[]) =>
    tables.reduce((total, table) => total + (ofKind[kind][table] ?? 0), 0)
  // How intervals were known goes with what may be disputed.
  const yearOf = (kind: Kind) =>
    (city.devices * city[kind] * (365 * sum(kind, growing) + rawDays * sum(kind, ['interval_past']))) / fill / 1e9
  const rawGb = (city.devices * (dayMs / everyMs) * rawDays * raw.probe) / 1e9
  const rootGb = (gateways * 365 * 24 * raw.root) / 1e9
  const digestGb = (days: number) => (gateways * (dayMs / batchMs) * days * raw.digest) / 1e9 + rootGb
  const parts = { raw: rawGb, batch_digest: digestGb(rawDays) }
  const all = kinds.reduce((total, kind) => total + yearOf(kind), rawGb + parts.batch_digest)
  const gb = Object.fromEntries(
    [...kinds.map((kind) => [kind, yearOf(kind)] as const), ...Object.entries(parts)].map(([name, n]) => [
      name,
      round(n),
    ]),
  )
  if (all > most) process.exitCode = 1
  console.log(
    JSON.stringify({
      bench: 'growth',
      ...Object.fromEntries(kinds.map((kind) => [`${kind}_evidence_bytes_per_device_day`, sum(kind, ofEvidence)])),
      tables: ofKind,
      raw_bytes_per_look: raw.probe,
      digest_bytes_per_batch: raw.digest,
      year_of_20000_gb: { ...gb, all: round(all), of_at_most: most },
      // Where nobody ever locks a month.
      year_unlocked_gb: round(all - parts.batch_digest + digestGb(unlockedDays)),
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
    interval_past: aDay(Math.max(0, (rows.interval_past ?? 0) - 2 * devices), 'interval_past'),
    uptime_day: Math.round(aRow('uptime_day')),
  }
}

/** Bytes of a probe in packs of raw batches; of a batch in packs of digests; and of such a pack without its digests. */
function rawOf({ bytes, observations, batches, digestPayload }: Left): { probe: number; digest: number; root: number } {
  const digests = bytes.batch_digest_pack ?? 0
  return {
    probe: round((bytes.batch_pack ?? 0) / observations),
    digest: round(digests / batches),
    root: digests - digestPayload,
  }
}

function round(n: number): number {
  return Number(n.toFixed(2))
}

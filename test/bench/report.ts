/**
 * What a report costs: the uptime of a whole city over a month, a year and any window, from a Record with a realistic past in it; and
 * beside it, in the same run, the usual design (a heartbeat a minute in InfluxDB, mean by district) on the same past of fewer devices.
 *
 *   npm run bench -- report [--devices 20000] [--days 365] [--peer-devices 150] [--peer-days 30] [--repeats 30]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { UptimeGroup } from '@hub/contracts'
import { onlineRate } from '@hub/core'
import { cutAt, type Times } from '@hub/uptime'
import { commandPath } from '../support/machine.ts'
import { makeCity } from './report/history.ts'
import { startHeartbeats } from './report/influx.ts'
import { bytesOf, fill } from './report/ours.ts'
import { quantile, rounded, timed } from './report/timed.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    devices: { type: 'string', default: '20000' },
    days: { type: 'string', default: '365' },
    'peer-devices': { type: 'string', default: '150' },
    'peer-days': { type: 'string', default: '30' },
    repeats: { type: 'string', default: '30' },
  },
})
const [devices, days, repeats] = [Number(values.devices), Number(values.days), Number(values.repeats)]
const [peerDevices, peerDays] = [Number(values['peer-devices']), Number(values['peer-days'])]
const say = (...words: unknown[]) => console.log(...words)
const day = 86_400_000

const folder = mkdtempSync(join(tmpdir(), 'hub-bench-report-'))
try {
  const ours = await city()
  const { same, peers, ratios } = await besideInflux()
  say(JSON.stringify({ bench: 'report', ours: { ...ours, ...same }, peers, ratios }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function city() {
  const past = makeCity(devices, days)
  say(`${devices.toLocaleString('en')} devices × ${days} days: writing the past and rolling it up…`)
  const { uptime, record, rollupSeconds, intervals, close } = await fill(folder, 'city', past)
  const today = past.to - day / 2
  const ask = (from: number, to: number, ...by: UptimeGroup[]) =>
    uptime.by({ scope: 'city', filter: {}, from: Math.max(from, past.from), to, now: past.to, by })
  // Questions differ from run to run.
  const months = monthsOf(past.from, today)
  const month = (i: number) => months[i % months.length]!
  const monthAgo = (i: number): [number, number] => [today - (30 + (i % 5)) * day, today - (i % 5) * day]
  const questions: { [name: string]: { runs: number; limit: number; run: (i: number) => Promise<unknown> } } = {
    month_by_district: { runs: repeats, limit: 20, run: (i) => ask(...month(i), 'district') },
    month_by_device: { runs: Math.ceil(repeats / 3), limit: 300, run: (i) => ask(...month(i), 'device') },
    any_30_days_by_district: { runs: repeats, limit: 20, run: (i) => ask(...monthAgo(i), 'district') },
    any_30_days_by_device: {
      runs: Math.ceil(repeats / 3),
      limit: Number.POSITIVE_INFINITY,
      run: (i) => ask(...monthAgo(i), 'device'),
    },
    year_by_district: { runs: repeats, limit: 50, run: (i) => ask(today - (365 - (i % 5)) * day, today, 'district') },
    cut_window_by_three: {
      runs: Math.ceil(repeats / 3),
      limit: 300,
      run: (i) =>
        ask(
          past.to - (33 + i) * day + 12_345_678 + i * 1_001_000,
          past.to - (i % 5) * day - 7_654_321,
          'district',
          'carrier',
          'pointType',
        ),
    },
    running_month_by_district: {
      runs: Math.ceil(repeats / 3),
      limit: 300,
      run: () => ask(today - 30 * day, past.to, 'district'),
    },
    year_by_device: { runs: 3, limit: Number.POSITIVE_INFINITY, run: () => ask(today - 365 * day, today, 'device') },
  }
  const figures: { [name: string]: number } = {}
  for (const [name, { runs, limit, run }] of Object.entries(questions)) {
    const all = await timed(runs, run)
    const [p50, p95] = [quantile(all, 0.5), quantile(all, 0.95)]
    figures[`${name}_p50_ms`] = rounded(p50, 2)
    figures[`${name}_p95_ms`] = rounded(p95, 2)
    say(
      `${name.padEnd(26)} p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms${p95 > limit ? `  MISSES ${limit} ms` : ''}`,
    )
  }
  const bytes = bytesOf(record)
  await close()
  const total = Object.values(bytes).reduce((sum, n) => sum + n, 0)
  say(`${intervals.toLocaleString('en')} intervals; rolled up in ${rollupSeconds.toFixed(0)} s;`, bytes)
  return {
    devices,
    days,
    ...figures,
    rollup_s: rounded(rollupSeconds, 1),
    bytes_per_device_day: rounded(total / devices / days, 1),
  }
}

/** The whole months of the city in a period that ends with one; the period itself when it holds none. */
function monthsOf(from: number, to: number): [number, number][] {
  const months = cutAt('month', { from, to }).map(({ from, to }): [number, number] => [from, to])
  return months.length > 1 ? months.slice(1) : months
}

async function besideInflux() {
  if (!commandPath('influxd')) {
    say('influxdb-heartbeats: SKIPPED, there is no influxd on PATH')
    return { same: {}, peers: {}, ratios: {} }
  }
  const past = makeCity(peerDevices, peerDays)
  const today = past.to - day / 2
  say(`${peerDevices} devices × ${peerDays} days in both…`)
  const ours = await fill(folder, 'same', past)
  const place = join(folder, 'influx')
  mkdirSync(place)
  const influx = await startHeartbeats(place, { ...past, to: today }, past.from)
  try {
    const mine = await timed(repeats, () => askDistricts(ours.uptime, past.from, today, past.to))
    const theirs = await timed(Math.ceil(repeats / 3), () => influx.mean(past.from, today))
    const rows = await askDistricts(ours.uptime, past.from, today, past.to)
    const means = await influx.mean(past.from, today)
    const apart = rows.map((row) => Math.abs((onlineRate(row) ?? 0) - (means.get(row.key.district!) ?? 0)))
    const bytes = Object.values(bytesOf(ours.record)).reduce((sum, n) => sum + n, 0)
    const [a, b] = [quantile(mine, 0.95), quantile(theirs, 0.95)]
    say(`month by district of the same devices: ours p95 ${a.toFixed(2)} ms in ${bytes.toLocaleString('en')} bytes;`)
    say(
      `  influx p95 ${b.toFixed(1)} ms in ${influx.bytes.toLocaleString('en')} bytes (${influx.points.toLocaleString('en')} points, written in ${influx.writeSeconds.toFixed(0)} s)`,
    )
    say(
      `  a district's rate differs by at most ${(Math.max(...apart) * 100).toFixed(3)} points: heartbeats know no exemption`,
    )
    return {
      same: { same_devices: peerDevices, same_month_by_district_p95_ms: rounded(a, 2), same_bytes: bytes },
      peers: {
        'influxdb-heartbeats': {
          devices: peerDevices,
          days: peerDays,
          points: influx.points,
          month_by_district_p95_ms: rounded(b, 1),
          bytes: influx.bytes,
          write_s: rounded(influx.writeSeconds, 1),
        },
      },
      ratios: { 'influxdb-heartbeats': { speed: rounded(b / a, 1), bytes: rounded(influx.bytes / bytes, 1) } },
    }
  } finally {
    await influx.stop()
    await ours.close()
  }
}

function askDistricts(uptime: Times, from: number, to: number, now: number) {
  return uptime.by({ scope: 'city', filter: {}, from, to, now, by: ['district'] })
}

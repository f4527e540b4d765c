/**
 * What the adapter writes to an InfluxDB 2.x, taken by a server that nobody here wrote: VictoriaMetrics parses line protocol on
 * /api/v2/write and counts the lines that it cannot read. InfluxDB 2.x and 3 themselves are in no distribution's archive.
 *
 * Not shown here, for this server does not have it: InfluxQL reads (influxd 1.x: `influxdb.peer.test.ts`), tokens, organisations
 * and buckets (it ignores them; what was sent is seen by the relay in front of it), types of fields, and the overwriting of a
 * point that is written twice. It keeps about 14 significant digits.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { openInfluxHistory } from './influxdb/history.ts'
import { probeRow, type Row, telemetryRow, uptimeRow } from './rows.ts'
import { bucketMs, stepMs } from './steps.ts'
import { forever } from './testing/journal.ts'
import { createLiar } from './testing/proxies.ts'
import { type Stored, startVictoriaMetrics } from './testing/victoria-metrics.ts'

/** In the past: this server leaves out what lies more than two days ahead. */
const t0 = 1_700_000_100_000
const series = { device: '43040512001320000001', district: '430405', application: 'safe-city', carrier: 'telecom' }
const time = { at: t0, upMs: 240_001, downMs: 39_999, unknownMs: 15_000, exemptMs: 5_000 }

/** A point as text, each of its fields by itself: this server stores them apart. */
const spread = ({ measurement, at, tags, fields }: Row): string[] =>
  Object.entries(fields).map(([field, value]) => words(`${measurement}_${field}`, tags, at, value))
const gathered = ({ metric: { __name__, ...labels }, values, timestamps }: Stored): string[] =>
  values.map((value, n) => words(__name__, labels, timestamps[n]!, value))
const words = (name: string, labels: Record<string, string>, at: number, value: number): string =>
  `${name} ${JSON.stringify(Object.entries(labels).sort())} ${at} ${value}`

describeWith('what InfluxDB 2.x is sent, read by a server of others', ['victoria-metrics'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'victoria-'))
  let server: Awaited<ReturnType<typeof startVictoriaMetrics>>
  let relay: Awaited<ReturnType<typeof createLiar>>
  const open = () =>
    openInfluxHistory({ url: relay.url, version: 2, database: 'hub', org: '衡阳', token: 'secret', keep: forever })
  /** That since the last call so many lines were refused and so many fields stored, and nothing left out for its time. */
  const counted = async (more: { invalid: number; inserted: number }) => {
    expected = { invalid: expected.invalid + more.invalid, inserted: expected.inserted + more.inserted, ignored: 0 }
    const now = async () => ({
      invalid: await server.figure('vm_rows_invalid_total{type="influx"}'),
      inserted: await server.figure('vm_rows_inserted_total{type="influx"}'),
      ignored: await server.figure('vm_rows_ignored_total'),
    })
    // Its page of figures is renewed once in a second.
    await expect.poll(now, { timeout: 10_000, interval: 100 }).toEqual(expected)
  }
  let expected = { invalid: 0, inserted: 0, ignored: 0 }
  /** That these lie in the server, each once. */
  const expectStored = async (rows: readonly Row[]) => {
    const names = new Set(rows.map(({ measurement }) => measurement as string))
    const stored = (await server.stored()).filter(({ metric }) => [...names].some((n) => metric.__name__.startsWith(n)))
    expect(stored.flatMap(gathered).sort()).toEqual(rows.flatMap(spread).sort())
  }

  beforeAll(async () => {
    server = await startVictoriaMetrics(folder)
    relay = await createLiar(server.url)
  })
  afterAll(async () => {
    relay?.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('a line that is none is counted as such: the figure that the others rely on', async () => {
    const body = 'uptime_5m,device=x up_ms= 1700000100000\n'
    await fetch(`${server.url}/api/v2/write?org=o&bucket=b&precision=ms`, { method: 'POST', body })
    await counted({ invalid: 1, inserted: 0 })
  })

  it('uptime of every step, each in its bucket', async () => {
    const history = open()
    relay.seen()
    const day = { ...series, ...time, at: t0 - (t0 % stepMs['1d']) - 8 * stepMs['1h'], upMs: stepMs['1d'] }
    const hour = { ...series, ...time, at: t0 - (t0 % stepMs['1h']), exemptMs: 0 }
    await history.writeUptime('5m', [{ ...series, ...time }])
    await history.writeUptime('1h', [hour])
    await history.writeUptime('1d', [day])
    await counted({ invalid: 0, inserted: 12 })
    await expectStored([uptimeRow('5m', { ...series, ...time }), uptimeRow('1h', hour), uptimeRow('1d', day)])
    const path = (bucket: string) => `POST /api/v2/write?org=${encodeURIComponent('衡阳')}&bucket=hub%2F${bucket}`
    expect(relay.seen()).toEqual(
      ['five_minutes', 'hours', 'days'].map((bucket) => `${path(bucket)}&precision=ms Token secret plain`),
    )
  })

  it('probe figures, also those without a quantile or an offset', async () => {
    const whole = { ...series, at: t0, probes: 10, p50Ms: 12.5, p95Ms: 80.062, clockOffsetMs: -1_234.5 }
    const bare = { ...series, at: t0 + bucketMs, probes: 3 }
    await open().writeProbes('5m', [whole, bare])
    await open().writeProbes('1h', [whole])
    await counted({ invalid: 0, inserted: 15 })
    await expectStored([probeRow('5m', whole), probeRow('5m', bare), probeRow('1h', whole)])
  })

  it('telemetry to the millisecond, with signs, fractions and names that line protocol must escape', async () => {
    const values = [35.5, -0.3, 0, 1e-6, 123_456_789.125, 1e12]
    const measures = ['pm25', 'water level', 'a,b', 'c=d', '水位', '"quoted"', 'back\\slash']
    const points = measures.flatMap((measure, m) =>
      values.map((value, n) => ({
        device: '43042112001190000001',
        district: '430421',
        measure,
        value,
        at: t0 + m * 60_000 + n,
      })),
    )
    await open().writeTelemetry(points)
    await counted({ invalid: 0, inserted: points.length })
    await expectStored(points.map(telemetryRow))
  })

  it('more than one request holds, packed: nothing is lost between two', async () => {
    const rows = Array.from({ length: 5_001 }, (_, n) => ({
      ...series,
      ...time,
      device: `4304061200132${String(n % 100).padStart(7, '0')}`,
      district: '430406',
      at: t0 - stepMs['1d'] * 40 + Math.floor(n / 100) * stepMs['1h'],
      upMs: n,
    }))
    relay.seen()
    await open().writeUptime('1h', rows)
    expect(relay.seen().map((line) => line.split(' ').at(-1))).toEqual(['gzip', 'plain'])
    await counted({ invalid: 0, inserted: 4 * rows.length })
    const stored = (await server.stored()).flatMap(gathered).filter((text) => text.includes('"430406"'))
    expect(stored.sort()).toEqual(rows.flatMap((row) => spread(uptimeRow('1h', row))).sort())
  })
})

/** The InfluxDB adapter against a real influxd 1.x, alone and behind its journal. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../../../test/support/need.ts'
import { openInfluxHistory } from './influxdb/history.ts'
import type { Keep } from './keep.ts'
import { historyConformance } from './testing/conformance.ts'
import { createInfluxd } from './testing/influxd.ts'
import { forever, openTestJournal } from './testing/journal.ts'

const bucket = {
  device: '43040512001320000001',
  district: '430405',
  application: 'safe-city',
  carrier: 'telecom',
  at: 1_800_000_000_000,
  upMs: 300_000,
  downMs: 0,
  unknownMs: 0,
  exemptMs: 0,
}
const period = { device: bucket.device, step: '5m', from: 0, to: 2e12 } as const

describeWith('InfluxDB 1.x', ['influxd'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'influx-'))
  let influxd: Awaited<ReturnType<typeof createInfluxd>>
  let databases = 0
  const open = (database: string, keep: Keep = forever) =>
    openInfluxHistory({ url: influxd.url, version: 1, database, keep })

  beforeAll(async () => {
    influxd = await createInfluxd(folder)
    await influxd.start()
  })
  afterAll(async () => {
    await influxd.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  describe('alone', () => {
    historyConformance(async () => {
      const history = open(`alone_${++databases}`)
      return { history, close: () => history.close() }
    })
  })

  describe('behind its journal', () => {
    historyConformance(async () => {
      const journal = openTestJournal(open(`journalled_${++databases}`))
      return { history: journal.patient, close: journal.close }
    })

    it('counts a bucket once whose device has changed district, carrier or application since it was first written', async () => {
      const journal = openTestJournal(open('moved'))
      const moved = { ...bucket, district: '430406', carrier: 'mobile', application: 'traffic', upMs: 200_000 }
      await journal.patient.writeUptime('5m', [bucket])
      await journal.patient.writeUptime('5m', [moved])
      await journal.patient.writeProbes('5m', [{ ...bucket, probes: 10, p95Ms: 9 }])
      await journal.patient.writeProbes('5m', [{ ...moved, probes: 11, p95Ms: 8 }])
      const city = { scope: 'city', from: bucket.at, to: bucket.at + 300_000, stepMs: 300_000 } as const
      for (const [group, key] of [
        ['city', 'city'],
        ['district', '430406'],
        ['carrier', 'mobile'],
        ['application', 'traffic'],
      ] as const) {
        const rows = await journal.patient.trend({ ...city, group })
        expect(rows.map((row) => [row.group, row.upMs])).toEqual([[key, 200_000]])
      }
      expect(await journal.patient.uptime(period)).toEqual([moved])
      expect(await journal.patient.probes(period)).toMatchObject([{ probes: 11, carrier: 'mobile' }])
      // And back: what was blanked counts again, what replaced it does not.
      await journal.patient.writeUptime('5m', [bucket])
      expect(await journal.patient.uptime(period)).toEqual([bucket])
      await journal.close()
    })
  })

  it('provides the retention policies, and alters those whose duration was changed', async () => {
    const durations = async () => {
      const rows = await influxd.ask('kept', '', 'SHOW RETENTION POLICIES ON kept')
      return Object.fromEntries(rows.map(([name, duration, shard]) => [name, `${duration} ${shard}`]))
    }
    await open('kept', { fiveMinutes: 90, hours: 730, days: 'forever', telemetry: 730 }).ready()
    expect(await durations()).toMatchObject({
      five_minutes: '2160h0m0s 24h0m0s',
      hours: '17520h0m0s 168h0m0s',
      days: '0s 8736h0m0s',
      telemetry: '17520h0m0s 24h0m0s',
    })
    await open('kept', { fiveMinutes: 30, hours: 'forever', days: 'forever', telemetry: 2 }).ready()
    expect(await durations()).toMatchObject({
      five_minutes: '720h0m0s 24h0m0s',
      hours: '0s 168h0m0s',
      telemetry: '48h0m0s 24h0m0s',
    })
  })

  it('says that it is unavailable while the server is down, claims nothing stored, and goes on when it is back', async () => {
    const history = open('outage')
    await influxd.stop()
    await expect(history.ready()).rejects.toMatchObject({ code: 'history.unavailable' })
    await expect(history.writeUptime('5m', [bucket])).rejects.toMatchObject({ code: 'history.unavailable' })
    await influxd.start()
    await history.writeUptime('5m', [bucket])
    expect(await history.uptime(period)).toEqual([bucket])
  })
})

/** 2.x and 3 are not in Debian: what we send them is checked against a server that only listens, and by the parser of another (`influxdb-2.peer.test.ts`). */
describe('what InfluxDB 2.x is sent', () => {
  it('is line protocol on the default path, with the token, and InfluxQL on /query', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      const writing = request.url?.startsWith('/api/v2/write')
      response.writeHead(writing ? 204 : 200, { 'content-type': 'application/json' })
      response.end(writing ? '' : '{"results":[{}]}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const history = openInfluxHistory({ url, version: 2, database: 'hub', org: 'city', token: 'secret', keep: forever })
    await history.writeUptime('1h', [bucket])
    await history.telemetry({ device: 'd', measure: 'pm25', from: 0, to: 1, limit: 1 })
    server.closeAllConnections()
    server.close()
    expect(seen).toEqual([
      'POST /api/v2/write?org=city&bucket=hub%2Fhours&precision=ms Token secret',
      'POST /query?db=hub&rp=telemetry&epoch=ms Token secret',
    ])
  })

  it.each([
    ['a 5xx', 503, 'text/plain', 'busy', 'history.unavailable'],
    ['a 200 that is no confirmation', 200, 'text/plain', '', 'history.unavailable'],
    ['a refused point', 400, 'application/json', '{"error":"field type conflict"}', 'history.refused'],
  ])('a write answered with %s is not stored', async (_, status, type, body, code) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const history = openInfluxHistory({ url, version: 2, database: 'hub', keep: forever })
    await expect(history.writeUptime('5m', [bucket])).rejects.toMatchObject({ code })
    server.closeAllConnections()
    server.close()
  })
})

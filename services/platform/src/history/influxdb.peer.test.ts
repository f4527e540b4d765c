/** The InfluxDB adapter against a real influxd 1.x with its own configuration, folder and port. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { historyConformance } from './conformance.ts'
import { openInfluxHistory } from './influxdb.ts'

const bucket = {
  ...{ device: '43040512001320000001', district: '430405', application: 'safe-city', carrier: 'telecom' },
  ...{ at: 1_800_000_000_000, upMs: 300_000, downMs: 0, unknownMs: 0, exemptMs: 0, probes: 1 },
}

const installed = (() => {
  try {
    return execFileSync('influxd', ['version'], { encoding: 'utf8' })
  } catch {
    console.warn('skipped: influxd is not on PATH (apt-get install influxdb)')
    return undefined
  }
})()

const freePort = async (): Promise<number> => {
  const server = createTcp().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.skipIf(!installed)('InfluxDB 1.x', () => {
  const folder = mkdtempSync(join(tmpdir(), 'influx-'))
  let influxd: ChildProcess | undefined
  let url = ''
  let databases = 0

  const start = async () => {
    influxd = spawn('influxd', ['run', '-config', join(folder, 'influxdb.conf')], { stdio: 'ignore' })
    const history = openInfluxHistory({ url, version: 1, database: 'first' })
    for (let tries = 0; ; tries++) {
      try {
        return await history.ready()
      } catch (err) {
        if (tries > 100) throw err
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  const stop = async () => {
    if (!influxd || influxd.exitCode !== null) return
    const ended = once(influxd, 'exit')
    influxd.kill('SIGTERM')
    await ended
  }

  beforeAll(async () => {
    const [http, rpc] = [await freePort(), await freePort()]
    url = `http://127.0.0.1:${http}`
    writeFileSync(
      join(folder, 'influxdb.conf'),
      `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[monitor]
  store-enabled = false
`,
    )
    await start()
  })
  afterAll(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })

  historyConformance(async () => {
    databases += 1
    const history = openInfluxHistory({ url, version: 1, database: `test_${databases}` })
    return { history, close: () => history.close() }
  })

  it('says that it is unavailable while the server is down, claims nothing stored, and goes on when it is back', async () => {
    const history = openInfluxHistory({ url, version: 1, database: 'outage' })
    await stop()
    await expect(history.ready()).rejects.toMatchObject({ code: 'history.unavailable' })
    await expect(history.writeBuckets([bucket])).rejects.toMatchObject({ code: 'history.unavailable' })
    await start()
    await history.writeBuckets([bucket])
    expect(await history.device({ device: bucket.device, from: 0, to: 2e12 })).toEqual([bucket])
  })
})

/** 2.x and 3 are not in Debian: what we send them is checked against a server that only listens. */
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
    const history = openInfluxHistory({ url, version: 2, database: 'hub', org: 'city', token: 'secret' })
    await history.writeBuckets([bucket])
    await history.ready()
    server.closeAllConnections()
    server.close()
    expect(seen).toEqual([
      'POST /api/v2/write?org=city&bucket=hub&precision=ms Token secret',
      'POST /query?db=hub&epoch=ms Token secret',
    ])
  })

  it.each([
    ['a 5xx', 503, 'text/plain', 'busy'],
    ['a 200 that is no confirmation', 200, 'text/plain', ''],
    ['a refused point', 400, 'application/json', '{"error":"field type conflict"}'],
  ])('a write answered with %s is not stored', async (_, status, type, body) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const history = openInfluxHistory({ url, version: 2, database: 'hub' })
    await expect(history.writeBuckets([bucket])).rejects.toMatchObject({ code: 'history.unavailable' })
    server.closeAllConnections()
    server.close()
  })
})

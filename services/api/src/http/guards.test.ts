/** What every request meets before a handler does: bodies, origins, unknown routes, headers; and what machines ask. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiBase, HubError, type RouteName, tableTypes, topic } from '@hub/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { camera, cameraA, type Hub, password, startHub } from '../../../hub/src/testing/hub.ts'

type Case = [what: string, route: RouteName, asked: object, status: number, detail: string]

describe('a bad request is refused with the field, the value and the limit', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([camera(cameraA)])
  })
  afterAll(() => hub.stop())
  const params = { id: cameraA }
  const now = 1_800_000_000_300

  const cases: Case[] = [
    [
      'no body type',
      'stage',
      { params, raw: '{}', type: 'text/plain' },
      400,
      'the body is not JSON: content-type is text/plain',
    ],
    ['a comma too many', 'stage', { params, raw: '{"stage":1,}' }, 400, 'the body is not JSON: wrong at position 11'],
    ['half a body', 'stage', { params, raw: '{"stage":' }, 400, 'the body is not JSON: it ends too early'],
    ['no JSON', 'stage', { params, raw: '{"a":x}' }, 400, 'the body is not JSON: wrong syntax'],
    ['not UTF-8', 'stage', { params, raw: new Uint8Array([0xff]) }, 400, 'the body is not JSON: not UTF-8'],
    ['a list', 'stage', { params, body: [] }, 400, 'body is array: Invalid input: expected object, received array'],
    [
      'an empty object',
      'stage',
      { params, body: {} },
      400,
      'stage is missing: Invalid option: expected one of "planned"|"built"|"accepted"|"in-service"|"retired"',
    ],
    [
      'no reason',
      'stage',
      { params, body: { stage: 'retired', reason: ' ' } },
      400,
      'reason is  : Too small: expected string to have >=1 characters',
    ],
    [
      'an unknown key',
      'stage',
      { params, body: { stage: 'built', reason: 'x', force: true } },
      400,
      'force is present: unknown key',
    ],
    [
      'an illegal stage',
      'stage',
      { params, body: { stage: 'planned', reason: 'x' } },
      409,
      `${cameraA} cannot go from in-service: legal is retired`,
    ],
    ['a short code', 'device', { params: { id: '123' } }, 400, 'id is 123: must be 20 digits'],
    [
      'an unknown code',
      'device',
      { params: { id: '43040500001320009999' } },
      404,
      'there is no device 43040500001320009999',
    ],
    ['a bad filter', 'devices', { query: '?state=offline' }, 400, 'state is offline: Invalid input'],
    ['an unknown filter', 'devices', { query: '?colour=red' }, 400, 'colour is present: unknown key'],
    ['no limit', 'devices', { query: '?limit=0' }, 400, 'limit is 0: Too small: expected number to be >=1'],
    ['too much', 'devices', { query: '?limit=50001' }, 400, 'limit is 50001: Too big: expected number to be <=50000'],
    ['an empty period', 'intervals', { params, query: '?from=2&to=2' }, 400, 'from is 2: must be before to (2)'],
    [
      'a future period',
      'intervals',
      { params, query: `?from=${now}` },
      400,
      `from is ${now}: must be before to (${now})`,
    ],
    [
      'a long period',
      'intervals',
      { params, query: '?from=1&to=31622400002' },
      400,
      'from is 1: at most 366 days before to',
    ],
    [
      'a word as time',
      'intervals',
      { params, query: '?from=yesterday' },
      400,
      'from is yesterday: Invalid input: expected number, received NaN',
    ],
    [
      'another type of file',
      'importDevices',
      { raw: '{}', type: 'application/json' },
      400,
      `content-type is application/json: must be ${tableTypes.join(', ')}`,
    ],
    ['another header', 'importDevices', { raw: 'Colour\n' }, 400, 'the header has Colour: no such column'],
    ['a camera', 'sensorCredentials', { body: { devices: [cameraA] } }, 404, `there is no device ${cameraA}`],
    [
      'no gateway',
      'command',
      { params, body: { name: 'probe' } },
      502,
      'the command probe failed: the device has no gateway yet',
    ],
    ['an unknown gateway', 'discover', { params }, 404, `there is no gateway ${cameraA}`],
  ]
  it.each(cases)('%s (%s)', async (_, route, asked, status, detail) => {
    const answer = await hub.ask('sys', route, asked)
    expect([answer.status, answer.json.detail]).toEqual([status, detail])
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it('a body that is too large is not read', async () => {
    const { json, status } = await hub.ask('sys', 'stage', { params, raw: 'x'.repeat(1_048_577) })
    expect([status, json.detail]).toEqual([413, 'the body is larger than 1048576 bytes'])
  })

  it('a body without a length is cut at the limit', async () => {
    await hub.login('sys')
    const text = await new Promise<string>((resolve) => {
      const socket = connect(hub.api.port, '127.0.0.1')
      let got = ''
      socket.on('data', (part) => {
        got += part
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(got))
      const head = [`POST ${apiBase}/session HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json']
      socket.write(`${[...head, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`)
      for (let i = 0; i < 20; i++) socket.write(`10000\r\n${' '.repeat(65_536)}\r\n`)
    })
    expect(text).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('speaks Chinese first', async () => {
    const zh = await hub.ask('sys', 'device', { params: { id: '1' }, headers: { 'accept-language': '' } })
    expect(zh.json).toEqual({
      type: 'urn:hengyang-hub:problem:request.invalid',
      title: 'Bad Request',
      status: 400,
      code: 'request.invalid',
      detail: 'id 的值 1 不合要求：须为 20 位数字',
      action: '请更正后重新提交。',
      field: 'id',
    })
    const mixed = await hub.ask('sys', 'device', {
      params: { id: '1' },
      headers: { 'accept-language': 'zh-CN,en;q=0.9' },
    })
    expect(mixed.json.action).toBe('请更正后重新提交。')
    const english = await hub.ask('sys', 'device', { params: { id: '1' }, headers: { 'accept-language': 'en-GB,fr' } })
    expect(english.json.action).toBe('Correct the field and send again.')
  })

  it('a route that is not there is named', async () => {
    const { status, json } = await hub.fetchText('PUT', `${apiBase}/devices?x=1`, {
      headers: { 'accept-language': 'en' },
    })
    expect([status, json.detail]).toEqual([404, 'there is no route PUT /api/v1/devices'])
  })

  it('a path that is not percent-encoded text is refused', async () => {
    const { status, json } = await hub.fetchText('GET', `${apiBase}/devices/%E0%A4%A`, {
      headers: { 'accept-language': 'en' },
    })
    expect([status, json.detail]).toEqual([400, 'path is /api/v1/devices/%E0%A4%A: not percent-encoded UTF-8'])
  })

  it.each([
    ['Origin of another site', { origin: 'https://evil.example' }],
    ['Origin null', { origin: 'null' }],
    ['Fetch Metadata of another site', { 'sec-fetch-site': 'cross-site' }],
    ['Fetch Metadata of a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('a change with %s is refused', async (_, headers) => {
    const { status, json } = await hub.ask('sys', 'stage', { params, body: { stage: 'retired', reason: 'x' }, headers })
    expect([status, json.detail]).toEqual([403, 'the request comes from another site'])
  })
  it('a change from this site passes', async () => {
    const headers = { origin: hub.base, 'sec-fetch-site': 'same-origin' }
    expect((await hub.ask('sys', 'approve', { body: { approve: [{ endpoint: 'x' }] }, headers })).status).toBe(200)
  })

  it('a secret in a bad body is not shown', async () => {
    for (const asked of [
      { body: { user: 'x', password: [password] } },
      { body: { user: 'x', password: password.repeat(20) } },
      { body: password },
      { raw: `{"user":"x","password":"${password}` },
    ]) {
      const { status, text } = await hub.ask(undefined, 'login', asked)
      expect(status).toBe(400)
      expect(text).not.toContain(password)
    }
  })

  it('an error inside is told by a reference, which the log explains', async () => {
    const { db } = hub.record
    await db
      .insertInto('discovered')
      .values({
        gateway: 'x',
        endpoint: 'y',
        found: '{broken',
        status: 'waiting',
        first_seen_at: 1,
        seen_at: 1,
        device: null,
      })
      .execute()
    const { status, json } = await hub.ask('sys', 'discovered')
    await db.deleteFrom('discovered').execute()
    expect(status).toBe(500)
    const reference = /\(reference (\w{8})\)/.exec(json.detail)![1]!
    expect(hub.lines.join('')).toContain(`"reference":"${reference}"`)
    expect(json.detail).not.toContain('broken')
  })
})

describe('what machines ask', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
  })
  afterAll(() => hub.stop())

  it('/healthz answers while the process lives', async () => {
    expect((await hub.fetchText('GET', '/healthz')).json).toEqual({ ok: true, status: 'good', degraded: [] })
  })
  it('/healthz says what is degraded: by how much the hub is behind, and so do the route and the stream', async () => {
    const stream = await hub.openStream('oper')
    const lag = { at: hub.clock.now(), behindMs: 95_400, since: hub.clock.now() - 95_400, cause: 'stalled' as const }
    await hub.bus.deliver(topic('dataLag'), { v: 1, ...lag })
    const degraded = [{ part: 'data', why: '95 s behind: stalled' }]
    const { status, json } = await hub.fetchText('GET', '/healthz')
    expect([status, json]).toEqual([200, { ok: true, status: 'degraded', degraded }])
    expect((await hub.ask('oper', 'dataLag')).json).toEqual(lag)
    await hub.bus.deliver(topic('dataLag'), { v: 1, at: hub.clock.now(), behindMs: 0, since: null, cause: null })
    expect((await hub.fetchText('GET', '/healthz')).json).toMatchObject({ status: 'good' })
    await hub.clock.advanceAsync(5_000)
    await vi.waitFor(() => expect(stream.of('lag').map(({ since }) => since)).toEqual([lag.since, null]))
    await stream.close()
  })
  it('the hub is behind, too, when the process that takes data in says nothing any more', async () => {
    await hub.bus.deliver(topic('dataLag'), { v: 1, at: hub.clock.now(), behindMs: 500, since: null, cause: null })
    const at = hub.clock.now()
    await hub.clock.advanceAsync(15_000)
    expect((await hub.ask('oper', 'dataLag')).json.since).toBeNull()
    await hub.clock.advanceAsync(5_000)
    expect((await hub.ask('oper', 'dataLag')).json).toMatchObject({ behindMs: 20_500, since: at, cause: 'silent' })
    await hub.bus.deliver(topic('dataLag'), { v: 1, at: hub.clock.now(), behindMs: 0, since: null, cause: null })
  })
  it('/readyz names each part', async () => {
    const ok = { ok: true }
    expect((await hub.fetchText('GET', '/readyz')).json).toEqual({ ok: true, record: ok, history: ok, bus: ok })
    hub.bus.connected = false
    hub.history.failing = new HubError('history.unavailable', { limit: 'http://secret-host:8086' })
    const broken = await hub.fetchText('GET', '/readyz')
    expect(broken.status).toBe(503)
    expect(broken.json).toEqual({
      ok: false,
      record: ok,
      history: { ok: false, why: 'history.unavailable' },
      bus: { ok: false, why: 'not connected' },
    })
    hub.bus.connected = true
    hub.history.failing = undefined
  })
  it('/metrics is for this machine, or for a session', async () => {
    const here = await hub.fetchText('GET', '/metrics')
    expect(here.text).toContain('hub_stream_clients')
    expect(here.text).toMatch(/hub_http_answers_total\{status="200"\} \d+/)
    const proxied = await hub.fetchText('GET', '/metrics', { headers: { 'x-forwarded-for': '8.8.8.8' } })
    expect(proxied.status).toBe(401)
  })
  it('/api/v1/openapi.json is the generated document', async () => {
    const { json } = await hub.fetchText('GET', `${apiBase}/openapi.json`)
    expect(json.openapi).toBe('3.1.0')
    expect(Object.keys(json.paths)).toContain('/devices/{id}/intervals')
  })
  it('every answer has the policy that the console runs under', async () => {
    const { headers } = await hub.fetchText('GET', '/healthz')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self';img-src 'self' data: blob:;worker-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('the console', () => {
  const dir = mkdtempSync(join(tmpdir(), 'console-'))
  let hub: Hub
  beforeAll(async () => {
    mkdirSync(join(dir, 'assets'))
    writeFileSync(join(dir, 'index.html'), '<!doctype html>console')
    writeFileSync(join(dir, 'assets', 'app-1a2b.js'), 'plain')
    writeFileSync(
      join(dir, 'assets', 'app-1a2b.js.gz'),
      Buffer.from('H4sIAAAAAAACA0vOzy0oSi0uTk0BAB5LVpcKAAAA', 'base64'),
    )
    hub = await startHub({ consoleDir: dir })
  })
  afterAll(async () => {
    await hub.stop()
    rmSync(dir, { recursive: true })
  })

  it('is served, and every view is the one page', async () => {
    for (const path of ['/', '/map', '/devices/43040500001320000001']) {
      const { status, text, headers } = await hub.fetchText('GET', path)
      expect([status, text]).toEqual([200, '<!doctype html>console'])
      expect(headers.get('cache-control')).toBe('no-cache')
    }
  })
  it('hashed assets stay for ever, and come compressed when they are', async () => {
    const plain = await hub.fetchText('GET', '/assets/app-1a2b.js', { headers: { 'accept-encoding': 'identity' } })
    expect(plain.text).toBe('plain')
    const { headers, text } = await hub.fetchText('GET', '/assets/app-1a2b.js')
    expect(text).toBe('compressed')
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(headers.get('content-type')).toMatch(/^text\/javascript/)
  })
  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/../../package.json.js',
    '/assets/%00.js',
    '/.git/config',
  ])('%s leads nowhere', async (path) => {
    // Not by fetch: it would tidy the path up before sending it.
    const { promise, resolve } = Promise.withResolvers<[number | undefined, string]>()
    get({ host: '127.0.0.1', port: hub.api.port, path }, async (res) =>
      resolve([res.statusCode, Buffer.concat(await res.toArray()).toString()]),
    )
    const [status, text] = await promise
    expect([200, 400, 403, 404]).toContain(status)
    if (status === 200) expect(text).toBe('<!doctype html>console')
    else expect(text).toContain('urn:hengyang-hub:problem:')
  })
  it('a missing asset is missing', async () => {
    expect((await hub.fetchText('GET', '/assets/gone.js')).status).toBe(404)
  })
  it('says how to build it when it is not built', async () => {
    const bare = await startHub()
    const { status, text } = await bare.fetchText('GET', '/')
    await bare.stop()
    expect(status).toBe(503)
    expect(text).toContain('npm run build -w console')
  })
})

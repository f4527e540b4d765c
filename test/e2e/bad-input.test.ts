/** Bad input at every door of a running city: each is answered or recorded with the exact reason, and nothing else is lost. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  apiBase,
  type CommandResult,
  type DeadLetters,
  type DeviceDetail,
  type DeviceExplanation,
  type DiscoveredRow,
  type ImportResult,
  topic,
} from '@hub/contracts'
import mqtt from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type City, startCity } from './support/city.ts'
import { brokenCamera } from './support/stranger.ts'
import { until } from './support/until.ts'

const root = resolve(import.meta.dirname, '../..')

type Answer = Partial<ImportResult & CommandResult & { code: string; detail: string }>

describe('a city', () => {
  let city: City
  beforeAll(async () => {
    city = await startCity({ bus: 'embedded', cameras: 12, sensors: 6 })
    await city.allUp(90)
  })
  afterAll(() => city?.stop())

  const post = async (path: string, body: string, type = 'application/json', language = 'en') => {
    const headers = { 'content-type': type, cookie: city.hub.cookie, 'accept-language': language }
    const answer = await fetch(`${city.address}${apiBase}${path}`, { method: 'POST', headers, body })
    return { status: answer.status, body: (await answer.json()) as Answer }
  }

  it.each([
    ['/sensor-credentials', '{"devices":', 400, 'request.not-json', /^the body is not JSON: /],
    ['/sensor-credentials', '{"devices":[]}', 400, 'request.invalid', /^devices is \[\]: Too small/],
    ['/sensor-credentials', '{"devices":["1"]}', 400, 'request.invalid', /^devices\.0 is 1: must be 20 digits$/],
    ['/sensor-credentials', '{"device":[]}', 400, 'request.invalid', /^devices is missing: /],
    [
      '/sensor-credentials',
      '{"devices":["43040500001349999999"]}',
      404,
      'device.unknown',
      /^there is no device 43040500001349999999$/,
    ],
    ['/nothing', '{}', 404, 'route.unknown', /^there is no route POST \/api\/v1\/nothing$/],
  ])('answers POST %s %s with the field, the value and the limit', async (path, body, status, code, detail) => {
    const answer = await post(path, body)
    expect(answer).toMatchObject({ status, body: { status, code, detail: expect.stringMatching(detail) } })
  })

  it('imports the good rows of a file and names the bad ones, in either language', async () => {
    const csv = readFileSync(join(city.data, 'demo/record.csv'), 'utf8')
    const [header, first, second, third] = csv.split('\r\n') as [string, string, string, string]
    const id = third.slice(0, 20)
    const fresh = `${id.slice(0, 14)}000999`
    const file = [
      header,
      first.replace(/,in-service,/, ',retird,'),
      second.replace(/^\d+/, '12345'),
      third.replace(id, fresh).replace(/,127\.[\d.]+,/, ',,'),
    ].join('\r\n')
    const english = await post('/registry.csv', file, 'text/csv')
    expect(english.body).toMatchObject({ created: 1, changed: [] })
    expect(english.body.refused).toEqual([
      { row: 2, field: 'Stage', message: expect.stringMatching(/^row 2: Stage is retird: /) },
      { row: 3, field: 'DeviceID', message: expect.stringMatching(/^row 3: DeviceID is 12345: /) },
    ])
    const chinese = await post('/registry.csv', file, 'text/csv', 'zh')
    expect(chinese.body.refused!.map((one) => one.message)).toEqual([
      expect.stringMatching(/^第 2 行：Stage 的值 retird 不合要求：/),
      expect.stringMatching(/^第 3 行：DeviceID 的值 12345 不合要求：/),
    ])
    const enter = await city.devices(`?search=${fresh}`)
    expect(enter.map((device) => device.state)).toEqual(['unknown'])
  })

  it('keeps a batch that is none as a dead letter, acknowledges the next one, and drops no other', async () => {
    const { id: gateway, password, uplink } = city.plan.gateways[1]!
    // In the place of the second gateway, which must not be there meanwhile.
    await city.end('gateway-2')
    const client = await mqtt.connectAsync(uplink, { username: gateway, password, clientId: gateway })
    const acks: unknown[] = []
    client.on('message', (_, payload) => acks.push(JSON.parse(payload.toString())))
    await client.subscribeAsync(topic('acks', { gateway }))
    const device = (await city.devices(`?kind=camera&gateway=${gateway}`))[0]!.id
    const at = Date.now()
    const look = { device, at, kind: 'probe', verdict: 'pass', rung: 'answers', every: 4_000 }
    const send = (body: string) => client.publishAsync(topic('observations', { gateway }), body, { qos: 1 })
    await send('{]')
    await send(JSON.stringify({ v: 1, gateway, epoch: 1, seq: 1, observations: [{ ...look, verdict: 'maybe' }, look] }))
    await until(() => acks.some((ack) => (ack as { epoch: number }).epoch === 1), 5, 'the batch is acknowledged')
    await client.endAsync()
    city.start('gateway-2')

    const db = new DatabaseSync(join(city.data, 'record.db'), { readOnly: true })
    const letters = db.prepare('SELECT reason FROM dead_letter ORDER BY id').all() as { reason: string }[]
    db.close()
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(new RegExp(`^batch of ${gateway}: body: not JSON: `)),
      `batch of ${gateway}: observations.0.verdict: Invalid option: expected one of "pass"|"degraded"|"fail"|"blind"`,
    ])
    const probes = async () => (await city.hub.get<DeviceDetail>(`/devices/${device}`)).probes
    // A steady device is written down within some seconds.
    await until(async () => (await probes()).some((probe) => probe.at === at), 10, 'the good look is there')
    await until(async () => (await city.devices('?state=up')).length === 18, 30, 'the gateway goes on where it was')
  })

  it('calls a sensor degraded whose message is malformed, keeps its good values, and shows people what it sent', async () => {
    const { id } = (await city.devices('?kind=sensor'))[0]!
    const isNow = async (state: string) => (await city.devices(`?kind=sensor&state=${state}`)).map((one) => one.id)
    await until(async () => (await isNow('up')).length === 6, 60, 'every sensor is up')
    await city.sims.begin('malformed', { id })
    try {
      await until(async () => (await isNow('degraded')).includes(id), 60, 'it is degraded')
      expect(await isNow('degraded')).toEqual([id])
      const { probes } = await city.hub.get<DeviceDetail>(`/devices/${id}`)
      expect(probes[0]).toMatchObject({ kind: 'telemetry', verdict: 'degraded', reason: 'malformed' })
      const { letters } = await city.hub.get<DeadLetters>('/dead-letters')
      const sent = { source: topic('telemetry', { device: id }), text: expect.stringContaining('NaN') }
      expect(letters[0]).toMatchObject(sent)
      const { explanation } = await city.hub.get<DeviceExplanation>(`/devices/${id}/explain`)
      expect(explanation).toMatchObject({
        kind: 'sensor',
        connected: 1,
        unread: [{ reason: expect.stringContaining('fw: unknown key'), payload: expect.stringContaining('NaN') }],
      })
    } finally {
      await city.sims.clear({ id })
    }
    await until(async () => (await isNow('up')).length === 6, 60, 'it is up again')
  })

  it('calls a camera down that answers with broken SOAP, and no other', async () => {
    const camera = (await city.devices('?kind=camera&state=unknown'))[0]!.id
    const broken = await brokenCamera(city.freeAddress)
    try {
      const { endpoint } = await until(
        async () => (await city.hub.get<DiscoveredRow[]>('/discovered')).find((row) => row.address === broken.address),
        20,
        'it is discovered',
      )
      await post('/discovered/approvals', JSON.stringify({ approve: [{ endpoint, device: camera }] }))
      const seen = await until(
        async () => {
          const told = await city.hub.get<DeviceDetail>(`/devices/${camera}`)
          return told.device.state === 'down' && told
        },
        30,
        'it is down',
      )
      expect(seen.rule).toMatchObject({ id: 'confirmed', rung: 'answers', reason: 'malformed' })
      const { body } = await post(`/devices/${camera}/commands`, '{"name":"probe"}')
      expect(body.result).toMatchObject({ verdict: 'fail', rung: 'answers', reason: 'malformed' })
      const others = (await city.devices()).filter(({ id }) => id !== camera)
      expect(others.map(({ state }) => state)).toEqual(others.map(() => 'up'))
    } finally {
      broken.close()
    }
  })
})

describe('a configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bad-config-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const check = (program: 'services/hub' | 'gateway', file: string) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, program, 'src/main.ts'), '--config', file, '--check'],
      { encoding: 'utf8', env: { ...process.env, HUB_PORT: '', HUB_DATA: '', HUB_ADMIN_PASSWORD: '' } },
    )
    return { status, stdout, stderr }
  }
  const gateway = 'id: "43040500002000000001"\ndata: ./data\nuplink: { url: mqtt://127.0.0.1, password: p }\n'

  it.each([
    ['services/hub', 'htpp: {}', 'htpp is present: unknown key'],
    ['services/hub', 'http: { port: 70000 }', 'http.port is 70000: Too big: expected number to be <=65535'],
    ['services/hub', 'bus: { mode: nats }', 'bus.mode is nats: must be embedded or mqtt'],
    [
      'services/hub',
      'adminPassword: short',
      'adminPassword is [redacted]: Too small: expected string to have >=8 characters',
    ],
    [
      'gateway',
      gateway.replace('mqtt:', 'http:'),
      'uplink.url is http://127.0.0.1: must be an mqtt:// or mqtts:// address',
    ],
    ['gateway', gateway.replace('43040500002000000001', '12'), 'id is 12: must be 20 digits'],
    ['gateway', `${gateway}probe: { every: 5 }`, 'probe.every is present: unknown key'],
  ] as const)('of %s with %j is refused before anything starts', (program, text, stderr) => {
    const file = join(folder, 'bad.yaml')
    writeFileSync(file, text)
    expect(check(program, file)).toEqual({ status: 1, stdout: '', stderr: `${stderr}\n` })
  })

  it.each([
    ['services/hub', 'hub.yaml'],
    ['gateway', 'gateway.yaml'],
  ] as const)('of %s as in the example is good', (program, example) => {
    const file = join(root, 'infra/config', example)
    expect(check(program, file)).toEqual({ status: 0, stdout: `${file} is good\n`, stderr: '' })
  })
})

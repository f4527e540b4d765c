import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ns } from './camera/namespaces.ts'
import { generateFleet } from './fleet/generate.ts'
import { type RunningFleet, startFleet } from './start.ts'

const fleet = generateFleet({ seed: 11, cameras: 600, sensors: 0 })
const ask = `<s:Envelope xmlns:s="${ns.soap}"><s:Body><GetSystemDateAndTime xmlns="${ns.device}"/></s:Body></s:Envelope>`
const probe = `<e:Envelope xmlns:e="${ns.soap}" xmlns:w="${ns.addressing}" xmlns:d="${ns.discovery}"><e:Header><w:MessageID>uuid:1</w:MessageID></e:Header><e:Body><d:Probe/></e:Body></e:Envelope>`
let running: RunningFleet
let took: number

beforeAll(async () => {
  const before = process.cpuUsage()
  running = await startFleet({
    fleet,
    ports: { http: 0, rtsp: 0, discovery: 0 },
    multicast: false,
    control: { host: '127.0.0.1', port: 0 },
  })
  const { user, system } = process.cpuUsage(before)
  took = (user + system) / 1_000
})
afterAll(() => running.stop())

/** What comes back on a connection within `ms`, or how it ended. */
function talk(
  host: string,
  port: number,
  text: string,
  ms = 5_000,
): Promise<{ text: string; end: 'open' | 'closed' | string }> {
  return new Promise((resolve) => {
    let got = ''
    const socket = connect({ host, port }, () => socket.write(text))
    const done = (end: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text: got, end })
    }
    const timer = setTimeout(() => done('open'), ms)
    socket.on('data', (chunk) => {
      got += chunk
      // RTSP leaves the connection open after its answer.
      if (text.startsWith('DESCRIBE') && got.endsWith('\r\n\r\n')) done('open')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code!))
    socket.on('end', () => done('closed'))
  })
}
const post = `POST /onvif/device_service HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${ask.length}\r\n\r\n${ask}`
const onvif = (n: number, ms?: number) => talk(fleet.cameras[n]!.ipAddress, running.ports.http, post, ms)
const rtsp = (n: number, ms?: number) =>
  talk(fleet.cameras[n]!.ipAddress, running.ports.rtsp, 'DESCRIBE rtsp://x/main RTSP/1.0\r\nCSeq: 4\r\n\r\n', ms)

/** Addresses that answer a Probe sent to each of the cameras. */
async function probed(...numbers: number[]): Promise<string[]> {
  const socket = createSocket('udp4')
  const heard: string[] = []
  socket.on('message', (_, from) => heard.push(from.address))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  for (const n of numbers) socket.send(probe, running.ports.discovery, fleet.cameras[n]!.ipAddress)
  // What is silent is waited for no longer than this.
  for (let n = 0; n < 40 && heard.length < numbers.length; n++) await sleep(25)
  socket.close()
  return heard
}

describe('600 cameras in one process', () => {
  it('are up with less than two seconds of work', () => expect(took).toBeLessThan(2_000))
  it('answer each at their own address', async () => {
    for (const n of [0, 100, 599]) expect((await onvif(n)).text).toContain('GetSystemDateAndTimeResponse')
    expect((await probed(0, 599)).sort()).toEqual([fleet.cameras[0]!.ipAddress, fleet.cameras[599]!.ipAddress].sort())
  })
  it('leave an address without a camera reset', async () => {
    expect((await talk('127.200.0.1', running.ports.http, post)).end).toBe('ECONNRESET')
  })
  it('ask for credentials before describing a stream', async () => {
    expect((await rtsp(3)).text).toMatch(/^RTSP\/1\.0 401 Unauthorized\r\nCSeq: 4\r\n/)
  })
  it('ask for credentials before showing a picture', async () => {
    const { text } = await talk(
      fleet.cameras[3]!.ipAddress,
      running.ports.http,
      'GET /snapshot.jpg HTTP/1.1\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n[\s\S]*WWW-Authenticate: Digest qop="auth", realm=/)
  })
})

describe('a fault', () => {
  const withFault = async (
    n: number,
    fault: Parameters<RunningFleet['faults']['begin']>[0]['fault'],
    value: string | number | undefined,
    run: () => Promise<void>,
  ) => {
    const match = { id: fleet.cameras[n]!.id }
    running.faults.begin({ match, fault, ...(value === undefined ? {} : { value }) })
    try {
      await run()
    } finally {
      running.faults.end(match)
    }
  }
  it('of power resets connections, old and new, and silences discovery; then all is back', async () => {
    const old = talk(fleet.cameras[5]!.ipAddress, running.ports.http, 'POST /onvif/')
    await sleep(100)
    await withFault(5, 'power-off', undefined, async () => {
      expect((await old).end).toBe('ECONNRESET')
      expect((await onvif(5)).end).toBe('ECONNRESET')
      expect((await rtsp(5)).end).toBe('ECONNRESET')
      expect(await probed(5, 6)).toEqual([fleet.cameras[6]!.ipAddress])
    })
    expect((await onvif(5)).text).toContain('200 OK')
    expect(await probed(5)).toHaveLength(1)
  })
  it('of the network leaves a connection open and silent', async () => {
    await withFault(7, 'network-cut', undefined, async () => {
      expect(await onvif(7, 300)).toEqual({ text: '', end: 'open' })
      expect(await rtsp(7, 300)).toEqual({ text: '', end: 'open' })
      expect(await probed(7)).toEqual([])
    })
    expect((await onvif(7)).text).toContain('200 OK')
  })
  it('of the clock moves the camera’s own time', async () => {
    const now = new Date()
    await withFault(8, 'clock', 86_400 * 2, async () => {
      const day = new Date(now.getTime() + 2 * 86_400_000).getUTCDate()
      expect((await onvif(8)).text).toContain(`<tt:Day>${day}</tt:Day>`)
    })
  })
  it('of slowness delays or drips the answer', async () => {
    await withFault(9, 'slow', 250, async () => {
      expect((await onvif(9, 150)).text).toBe('')
      expect((await onvif(9)).text).toContain('200 OK')
    })
    await withFault(9, 'slow', 'drip', async () => {
      const { text, end } = await onvif(9, 550)
      expect(end).toBe('open')
      expect(text.length).toBeGreaterThan(1)
      expect(text.length).toBeLessThan(10)
    })
  })
  it('of the password changes what is accepted', () =>
    withFault(10, 'password', 'neu', async () => expect(running.cameras[10]!.password).toBe('neu')))
})

describe('the control', () => {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${running.control!.port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  }
  it('begins, lists and ends faults, and keeps the log', async () => {
    const match = { district: '430412', kind: 'camera' }
    const devices = fleet.cameras.filter((c) => c.district === '430412').length
    const before = running.truth.entries.length
    expect(await call('POST', '/faults', { match, fault: 'frozen' })).toEqual({
      status: 200,
      text: `{"devices":${devices}}`,
    })
    expect(JSON.parse((await call('GET', '/faults')).text)).toHaveLength(devices)
    expect((await call('DELETE', '/faults', { match, fault: 'frozen' })).text).toBe(`{"ended":${devices}}`)
    const lines = (await call('GET', '/log')).text
      .trimEnd()
      .split('\n')
      .slice(before)
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(devices * 2)
    expect(lines[0]).toMatchObject({ what: 'frozen', phase: 'began' })
    expect(lines.at(-1)).toMatchObject({ what: 'frozen', phase: 'ended' })
  })
  it('lists the devices', async () => {
    expect(JSON.parse((await call('GET', '/devices')).text).cameras).toHaveLength(600)
  })
  it.each([
    ['GET', '/nothing', undefined, 404, 'there is no route GET /nothing'],
    ['POST', '/faults', '{', 400, 'the body is not JSON'],
    ['POST', '/faults', { match: {}, fault: 'x' }, 400, 'fault is x: must be one of'],
  ])('answers %s %s %j with %i', async (method, path, body, status, contained) => {
    const answer = await call(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(contained)
  })
  it('refuses to listen beyond loopback', async () => {
    const open = startFleet({
      fleet: { ...fleet, cameras: [] },
      ports: { http: 0, rtsp: 0, discovery: 0 },
      multicast: false,
      control: { host: '0.0.0.0', port: 0 },
    })
    await expect(open).rejects.toThrow('control is 0.0.0.0: must be a loopback address')
  })
})

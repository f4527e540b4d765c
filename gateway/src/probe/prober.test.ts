import type { AssignedCamera, DeviceIdentity, FoundDevice, Observation } from '@hub/contracts'
import { Observation as ObservationSchema } from '@hub/contracts'
import { createManualClock, silentLog } from '@hub/platform'
import { afterEach, expect, test, vi } from 'vitest'
import { type Answer, type Asked, type FakeCamera, fakeCamera, fixture, ok, soap } from '../onvif/fake-camera.ts'
import { createProber, type Prober, type ProberOptions } from './prober.ts'

const id = '43040500001320000001'
const information = (firmware = 'V1') =>
  ok(
    soap(
      `<GetDeviceInformationResponse><Manufacturer>M</Manufacturer><Model>X</Model><FirmwareVersion>${firmware}</FirmwareVersion><SerialNumber>S</SerialNumber></GetDeviceInformationResponse>`,
    ),
  )
const clockAt = (ms: number) => {
  const d = new Date(ms)
  return ok(
    soap(
      `<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>${d.getUTCHours()}</Hour><Minute>${d.getUTCMinutes()}</Minute><Second>${d.getUTCSeconds()}</Second></Time><Date><Year>${d.getUTCFullYear()}</Year><Month>${d.getUTCMonth() + 1}</Month><Day>${d.getUTCDate()}</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`,
    ),
  )
}
const refused = fixture('dahua-unauthorised')
const notKnown = ok(soap('<Fault><Code><Value>s:Receiver</Value></Code></Fault>'))

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

type Say = { clock?: (now: number) => Answer; information?: (asked: Asked) => Answer; other?: (asked: Asked) => Answer }

/** A prober on a manual clock, and a camera on loopback that says what the test tells it to. */
async function bench(say: Say = {}, options: Partial<ProberOptions> & { endpoint?: string } = {}) {
  const clock = createManualClock()
  const observations: Observation[] = []
  const identities: DeviceIdentity[] = []
  const answer = (asked: Asked): Answer => {
    if (asked.body.includes('GetSystemDateAndTime')) return (say.clock ?? clockAt)(clock.now())
    if (asked.body.includes('GetDeviceInformation')) return say.information?.(asked) ?? information()
    return say.other?.(asked) ?? notKnown
  }
  const camera = await fakeCamera(answer)
  const prober = createProber({
    clock,
    log: silentLog,
    config: { timeoutMs: 5_000, concurrency: 64 },
    credentials: { main: { user: 'admin', password: 'secret' } },
    emit: async (observation) => void observations.push(ObservationSchema.parse(observation)),
    onIdentified: (identity) => identities.push(identity),
    ...options,
  })
  const assigned: AssignedCamera = {
    kind: 'camera',
    id,
    xaddr: `http://127.0.0.1:${camera.port}/onvif/device_service`,
    credential: 'main',
    every: 30_000,
    ...(options.endpoint && { endpoint: options.endpoint }),
  }
  cleanUp.push(
    async () => camera[Symbol.asyncDispose](),
    () => prober.stop(),
  )
  prober.apply({ put: [assigned], drop: [] })
  /** Goes on until that many observations are there, or so much time has passed. */
  const until = async (count: number, limitMs = 3_600_000) => {
    const end = clock.now() + limitMs
    while (observations.length < count && clock.now() < end) {
      const { running, parked, probes } = prober.stats()
      // A call that is under way needs real time and not the clock's, unless it waits for its deadline.
      if (running + parked > 0) await new Promise((resolve) => setTimeout(resolve, 4))
      const after = prober.stats()
      if (after.running + after.parked === 0 || after.probes === probes)
        await clock.advanceAsync(after.running + after.parked > 0 ? 100 : 25)
    }
    return observations
  }
  return { clock, observations, identities, camera, prober, assigned, until, say }
}

const brief = (o: Observation) => [o.verdict, o.rung, o.reason].filter(Boolean).join(' ')

test('a healthy camera: probes on its grid, identified in the background, and then it is authenticated', async () => {
  const { until, identities } = await bench()
  const probes = await until(4)
  expect(probes.map(brief)).toEqual(['pass answers', 'pass authenticated', 'pass authenticated', 'pass authenticated'])
  expect(probes[2]!.at - probes[1]!.at).toBeCloseTo(30_000, -2)
  expect(probes.map(({ every }) => every)).toEqual(new Array(4).fill(30_000))
  expect(Math.abs(probes[0]!.values!.clockOffsetMs!)).toBeLessThanOrEqual(500)
  expect(identities).toMatchObject([{ device: id, manufacturer: 'M', firmware: 'V1', ptz: false }])
})

test('the health probe carries no login', async () => {
  const { until, camera } = await bench()
  await until(3)
  for (const asked of camera.asked.filter((a) => a.body.includes('GetSystemDateAndTime'))) {
    expect(asked.authorization).toBeUndefined()
    expect(asked.body).not.toContain('Security')
  }
})

test('a camera that dies is probed three times within ten seconds, and found again when it comes back', async () => {
  const { until, observations, say } = await bench()
  await until(2)
  say.clock = () => (socket) => socket.destroy()
  await until(6)
  expect(observations.slice(2, 6).map(brief)).toEqual(new Array(4).fill('fail answers reset'))
  expect(observations[4]!.at - observations[2]!.at).toBeLessThanOrEqual(10_000)
  // Not the gap that this moment made of it: the probes of one failure say the same.
  expect(observations.slice(2, 4).map(({ every }) => every)).toEqual([5_000, 5_000])
  delete say.clock
  await until(7)
  expect(brief(observations[6]!)).toBe('pass authenticated')
})

test('a changed password shows as degraded, stays so between the probes that ask for it, and is tried twice', async () => {
  const { until, camera, observations, say, prober } = await bench()
  await until(3)
  say.information = () => refused
  const before = camera.asked.length
  await until(20)
  const first = observations.findIndex((o) => o.verdict === 'degraded')
  expect(first).toBeGreaterThan(3)
  expect(observations.slice(first).every((o) => brief(o) === 'degraded authenticated unauthorised')).toBe(true)
  expect(camera.asked.slice(before).filter((a) => a.body.includes('Security'))).toHaveLength(2)
  expect(prober.explain(id).credential.device).toEqual({ tries: 2, triesLeft: 0 })
  expect(prober.explain(id).probes[0]?.detail).toBe(
    'the credential was refused twice: it is tried again when an operator asks (probe or identify)',
  )
  delete say.information
  await prober.identify(id)
  const count = observations.length
  await until(count + 1)
  expect(brief(observations.at(-1)!)).toBe('pass authenticated')
})

test('a password that was put right is taken again when an operator asks for a probe', async () => {
  const { until, observations, say, prober } = await bench()
  await until(3)
  say.information = () => refused
  await until(20)
  delete say.information
  await until(22)
  expect(brief(observations.at(-1)!)).toBe('degraded authenticated unauthorised')
  expect(brief(await prober.probeNow(id))).toBe('pass authenticated')
})

test('each probe that an operator asks for grants a refused login one more try, and no other does', async () => {
  const { until, camera, say, prober } = await bench()
  await until(3)
  say.information = () => refused
  await until(20)
  const tries = () => camera.asked.filter((asked) => asked.body.includes('Security')).length
  const locked = tries()
  await until(45)
  expect(tries()).toBe(locked)
  for (const n of [1, 2]) {
    expect(brief(await prober.probeNow(id))).toBe('degraded authenticated unauthorised')
    expect(tries()).toBe(locked + n)
    expect(prober.explain(id).credential.device.triesLeft).toBe(0)
  }
})

test('the login that may be sent in the clear is, after the digest was refused; others never are', async () => {
  const clearOnly = ({ body }: Asked) => (body.includes('#PasswordText') ? information() : refused)
  const texts = ({ asked }: FakeCamera) => asked.filter(({ body }) => body.includes('#PasswordText')).length
  const allowed = await bench(
    { information: clearOnly },
    { credentials: { main: { user: 'admin', password: 'secret', plainText: true } } },
  )
  await allowed.until(3)
  expect(brief(allowed.observations[2]!)).toBe('pass authenticated')
  expect(texts(allowed.camera)).toBeGreaterThan(0)
  const strict = await bench({ information: clearOnly })
  await strict.until(3)
  expect(brief(strict.observations[2]!)).toBe('degraded authenticated unauthorised')
  expect(texts(strict.camera)).toBe(0)
})

test('how late probes began is counted: at a host that hangs each probe waits for the one before', async () => {
  const { prober, assigned, until } = await bench({ clock: () => () => {} })
  const ids = [1, 2, 3].map((n) => `4304050000132000010${n}`)
  prober.apply({ put: ids.map((each) => ({ ...assigned, id: each })), drop: [] })
  await until(3)
  const { lateness } = prober.stats()
  // The n-th counts those below 2^n × 25 ms: the first began in time, the others after one deadline of 5 s and after two.
  expect(lateness.slice(0, 2)).toContain(1)
  expect(lateness[8]).toBe(1)
  expect(lateness[9]).toBeGreaterThanOrEqual(1)
})

test('a spool that takes its time holds no place', async () => {
  const spool = Promise.withResolvers<void>()
  let emitted = 0
  const emit = () => {
    emitted++
    return spool.promise
  }
  const { prober, clock } = await bench({}, { emit })
  for (let n = 0; n < 1_000 && emitted < 3; n++) {
    await clock.advanceAsync(250)
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
  const { running, parked } = prober.stats()
  expect({ emitted, running, parked }).toEqual({ emitted: 3, running: 0, parked: 0 })
  spool.resolve()
})

test('a wrong clock and a slow answer are degraded', async () => {
  const { until, observations, say, clock } = await bench()
  say.clock = (now) => clockAt(now - 120_000)
  await until(2)
  expect(brief(observations[1]!)).toBe('degraded answers clock')
  expect(observations[1]!.values!.clockOffsetMs).toBeCloseTo(-120_000, -3)
  say.clock = (now) => (socket) => {
    clock.advance(2_100)
    socket.end(clockAt(now + 2_100))
  }
  await until(3)
  expect(brief(observations[2]!)).toBe('degraded answers slow')
})

test('a camera that is silent costs its deadline and no more', async () => {
  const { until, observations } = await bench({ clock: () => () => {} })
  await until(3)
  expect(observations.map(brief)).toEqual(new Array(3).fill('fail answers timeout'))
  expect(observations[0]!.ms).toBeGreaterThanOrEqual(5_000)
  expect(observations[0]!.ms).toBeLessThan(5_300)
})

test('when the gateway is blind it asks nobody', async () => {
  const { until, camera, observations } = await bench({}, { isBlind: () => true })
  await until(2)
  expect(observations.map(brief)).toEqual(['blind reachable gateway-network', 'blind reachable gateway-network'])
  expect(camera.connections).toBe(0)
})

test('new firmware is seen and the camera identified again', async () => {
  const { until, identities, say } = await bench()
  await until(2)
  say.information = () => information('V2')
  await until(14)
  expect(identities.map((each) => each.firmware)).toEqual(['V1', 'V2'])
})

/** Main profile, its stream, and what the stream says of itself. */
function streaming({ width = 1920, sets = 'Z0IAKeKQ', path = '/1', refused: wrong = false } = {}) {
  const sdp = `m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=${sets}\r\n`
  const now = { width, sets, path, refused: wrong }
  const other = ({ body, head }: Asked, port = 0): Answer => {
    if (head.startsWith('DESCRIBE ')) {
      const login = /^authorization:/im.test(head)
      const said = head.includes(`${now.path} RTSP`) ? '200 OK' : '404 Not Found'
      const status = now.refused || !login ? '401 Unauthorized' : said
      const text = sdp.replace(sets, now.sets)
      return (socket) =>
        void socket.write(
          `RTSP/1.0 ${status}\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        )
    }
    if (body.includes('GetProfiles'))
      return ok(
        soap(
          `<GetProfilesResponse><Profiles token="P1"><Name>main</Name><VideoEncoderConfiguration><Encoding>H264</Encoding><Resolution><Width>${now.width}</Width><Height>1080</Height></Resolution></VideoEncoderConfiguration></Profiles></GetProfilesResponse>`,
        ),
      )
    return body.includes('GetStreamUri')
      ? ok(
          soap(
            `<GetStreamUriResponse><MediaUri><Uri>rtsp://127.0.0.1:${port}${now.path}</Uri></MediaUri></GetStreamUriResponse>`,
          ),
        )
      : notKnown
  }
  return { now, other }
}
const withLogin = ({ body }: Asked): Answer => (body.includes('Security') ? information() : refused)
async function streamingBench(of = streaming(), say: Say = {}, policy: ProberOptions['policy'] = {}) {
  let port = 0
  const running = await bench(
    { ...say, other: (asked) => of.other(asked, port) },
    { policy: { authenticateEvery: 10, describeEvery: 2, ...policy } },
  )
  port = running.camera.port
  return { ...running, ...of }
}

test('another picture under the same firmware is seen by the description of the stream', async () => {
  const { until, identities, now } = await streamingBench()
  await until(8)
  expect(identities).toMatchObject([{ width: 1920, firmware: 'V1' }])
  Object.assign(now, { width: 1280, sets: 'Z0IAHuKQ' })
  await until(14)
  expect(identities.map(({ width }) => width)).toEqual([1920, 1280])
  await until(30)
  expect(identities).toHaveLength(2)
})

test('a change that shows in no probe is found after a while', async () => {
  const { until, identities, now } = await streamingBench(streaming(), {}, { identifyAgainMs: 400_000 })
  await until(4)
  Object.assign(now, { width: 1280 })
  await until(7)
  expect(identities).toHaveLength(1)
  await until(26)
  expect(identities[1]?.width).toBe(1280)
})

test('a stream that is at another address is found again', async () => {
  const { until, observations, now } = await streamingBench()
  await until(6)
  expect(brief(observations.at(-1)!)).toBe('pass describes')
  now.path = '/elsewhere'
  await until(14)
  expect(observations.slice(6).map(brief)).toContain('degraded describes no-stream')
  expect(brief(observations.at(-1)!)).toBe('pass describes')
})

test('a password that was changed costs two tries, over ONVIF and the stream together, whichever is asked first', async () => {
  const { until, camera, now, say, observations } = await streamingBench(streaming(), { information: withLogin })
  await until(5)
  const before = camera.asked.length
  now.refused = true
  say.information = () => refused
  await until(40)
  const logins = camera.asked
    .slice(before)
    .filter(({ authorization, body }) => authorization !== undefined || body.includes('Security'))
  expect(logins.map(({ head }) => head.split(' ')[0])).toEqual(['DESCRIBE', 'POST'])
  expect(brief(observations.at(-1)!)).toBe('degraded authenticated unauthorised')
})

test.each<[string, (asked: Asked) => Answer]>([
  ['that wants a login', withLogin],
  ['that wants none', () => information()],
])('a stream alone that refuses the login is tried twice, and leaves ONVIF %s its own tries', async (_, told) => {
  const { until, camera, now, prober, observations } = await streamingBench(streaming(), { information: told })
  await until(5)
  const before = camera.asked.length
  now.refused = true
  await until(60)
  expect(camera.asked.slice(before).filter(({ authorization }) => authorization !== undefined)).toHaveLength(2)
  expect(brief(observations.at(-1)!)).toBe('degraded describes unauthorised')
  expect(prober.explain(id).credential).toMatchObject({ device: { triesLeft: 2 }, stream: { triesLeft: 0 } })
})

test('a camera with a wrong clock is asked what it is all the same', async () => {
  const { until, identities } = await bench({ clock: (now) => clockAt(now - 120_000) })
  await until(3)
  expect(identities).toHaveLength(1)
})

test('an assignment that says the same keeps the rhythm; another address starts anew; a removed camera is asked no more', async () => {
  const { until, prober, assigned, observations, clock, camera } = await bench()
  await until(2)
  prober.apply({ put: [{ ...assigned }], drop: [] })
  await until(3)
  expect(observations[2]!.at - observations[1]!.at).toBeCloseTo(30_000, -2)
  expect(brief(observations[2]!)).toBe('pass authenticated')
  prober.apply({ put: [], drop: [id] })
  const asked = camera.asked.length
  await clock.advanceAsync(120_000)
  expect(camera.asked).toHaveLength(asked)
  await expect(prober.probeNow(id)).rejects.toMatchObject({ code: 'device.unknown' })
})

test('a change of one camera leaves the others alone, and finds it under its new endpoint only', async () => {
  const { until, prober, assigned, observations, clock } = await bench({}, { endpoint: 'urn:1' })
  const of = (device: string) => observations.filter((observation) => observation.device === device)
  const silent = { ...assigned, id: '43040500001320000099', xaddr: 'http://127.0.0.1:9/x' }
  await until(3)
  prober.apply({ put: [{ ...silent, endpoint: 'urn:2' }], drop: [] })
  await until(6)
  prober.apply({ put: [{ ...silent, endpoint: 'urn:3' }], drop: ['43040500001320000077'] })
  await until(14)
  expect(of(id).length).toBeGreaterThan(4)
  for (const [n, { at }] of of(id).entries()) if (n > 1) expect(at - of(id)[n - 1]!.at).toBeCloseTo(30_000, -2)
  const seen = (endpoint: string) =>
    prober.seen({
      endpoint,
      address: '127.0.0.2',
      xaddrs: ['http://127.0.0.2:9/'],
      quarantine: 'new',
      seenAt: clock.now(),
    })
  seen('urn:2')
  expect(prober.explain(silent.id)).toMatchObject({ moved: false })
  seen('urn:3')
  expect(prober.explain(silent.id)).toMatchObject({ moved: true })
  prober.apply({ put: [], drop: [silent.id] })
  expect(() => prober.explain(silent.id)).toThrow(silent.id)
  expect(prober.stats().cameras).toBe(1)
})

test('a probe that is asked for climbs every rung at once, and moves none into a burst', async () => {
  const { prober, observations } = await bench()
  expect(brief(await prober.probeNow(id))).toBe('pass authenticated')
  expect(observations).toHaveLength(1)
})

test('one call at a time for a camera, whoever asks', async () => {
  let open = 0
  let most = 0
  const slowly = (text: string) => (socket: import('node:net').Socket) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open--
      socket.end(text)
    }, 15)
  }
  const { prober, clock } = await bench({
    clock: (now) => slowly(clockAt(now)),
    information: () => slowly(information()),
  })
  await Promise.all([prober.probeNow(id), prober.probeNow(id), prober.identify(id), prober.probeNow(id)])
  expect(most).toBe(1)
  expect(clock.now()).toBeGreaterThan(0)
})

test('PTZ answers, or says within two seconds why not', async () => {
  const profiles = ok(
    soap('<GetProfilesResponse><Profiles token="P1"><PTZConfiguration/></Profiles></GetProfilesResponse>'),
  )
  let goto: Answer = ok(soap('<GotoPresetResponse/>'))
  const other = ({ body }: Asked): Answer => {
    if (body.includes('GetProfiles')) return profiles
    if (body.includes('GetPresets'))
      return ok(soap('<GetPresetsResponse><Preset token="1"><Name>gate</Name></Preset></GetPresetsResponse>'))
    return body.includes('GotoPreset') ? goto : notKnown
  }
  const { prober, clock, camera } = await bench({ other })
  expect(await prober.ptzPresets(id)).toEqual([{ token: '1', name: 'gate' }])
  await prober.ptzGoto(id, '1')
  expect(camera.asked.at(-1)!.body).toContain('<tptz:PresetToken>1</tptz:PresetToken>')
  goto = () => {}
  const started = clock.now()
  const outcome = expect(prober.ptzGoto(id, '1')).rejects.toMatchObject({ code: 'command.failed' })
  await vi.waitFor(() => expect(camera.asked.filter(({ body }) => body.includes('GotoPreset'))).toHaveLength(2), 20_000)
  await clock.advanceAsync(2_000)
  await outcome
  expect(clock.now() - started).toBe(2_000)
})

test.each<[string, Partial<FoundDevice>]>([
  ['its endpoint', { endpoint: 'urn:uuid:1' }],
  ['the serial that it was identified by', { endpoint: 'urn:uuid:2', serial: 'S' }],
])('a silent camera that is seen at another address by %s is probed there, without its login', async (_, known) => {
  const { until, prober, say, observations } = await bench({}, { endpoint: 'urn:uuid:1' })
  await until(3)
  say.clock = () => (socket) => socket.destroy()
  await until(6)
  const elsewhere: FakeCamera = await fakeCamera(() => clockAt(observations.at(-1)!.at))
  cleanUp.push(async () => elsewhere[Symbol.asyncDispose]())
  const seen = (change: Partial<FoundDevice> = {}): FoundDevice => ({
    endpoint: 'urn:uuid:3',
    address: '127.0.0.1',
    xaddrs: [`http://localhost:${elsewhere.port}/x`],
    quarantine: 'new',
    seenAt: 1,
    ...change,
  })
  prober.seen(seen({ ...known, quarantine: 'xaddr-name' }))
  prober.seen(seen({ serial: 'another' }))
  await until(7)
  expect(elsewhere.connections).toBe(0)
  prober.seen(seen(known))
  await until(8)
  expect(brief(observations[7]!)).toMatch(/^pass answers|^degraded answers clock/)
  expect(elsewhere.asked.every((asked) => !asked.authorization && !asked.body.includes('Security'))).toBe(true)
})

test('stop gives up what is under way, at once', async () => {
  const { prober, clock } = await bench({ clock: () => () => {} })
  await clock.advanceAsync(1_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  // The call would wait for a deadline of a clock that stands still.
  await (prober as Prober).stop()
})

test('while the gateway itself is late, a probe that took long is no verdict: the camera is asked again at once', async () => {
  let late = false
  const { until, observations, prober, camera, say } = await bench({}, { wasLate: () => late })
  await until(2)
  late = true
  const calls = () => camera.asked.filter((asked) => asked.body.includes('GetSystemDateAndTime')).length
  const before = calls()
  // Reset once, and then it answers.
  say.clock = () => {
    delete say.clock
    return (socket) => socket.destroy()
  }
  await until(3)
  expect(brief(observations[2]!)).toMatch(/^pass/)
  expect([calls() - before, prober.stats().doubted]).toEqual([2, 0])
})

test('a late gateway that gets no answer says nothing of the camera; one that is on time says so', async () => {
  let late = true
  const { clock, until, observations, prober, say } = await bench({}, { wasLate: () => late })
  await until(2)
  say.clock = () => (socket) => socket.destroy()
  await until(3, 100_000)
  expect(observations.length).toBe(2)
  const { doubted } = prober.stats()
  // Once in a period, and not in a circle.
  expect(doubted).toBeGreaterThanOrEqual(2)
  expect(doubted).toBeLessThanOrEqual(4)
  expect(prober.explain(id).schedule).toMatchObject({ wrong: 0, dead: 0 })
  late = false
  const from = clock.now()
  await until(5)
  expect(observations.slice(2).map(brief)).toEqual(new Array(3).fill('fail answers reset'))
  expect(observations[2]!.at).toBeGreaterThanOrEqual(from)
})

test('that nobody listens is an answer, however late the gateway is', async () => {
  const { until, observations, camera } = await bench({}, { wasLate: () => true })
  await until(2)
  await camera[Symbol.asyncDispose]()
  await until(3)
  expect(brief(observations[2]!)).toBe('fail reachable refused')
})

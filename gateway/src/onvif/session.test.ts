import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { commandsOf } from './commands.ts'
import { parseChallenges } from './digest.ts'
import { type Answer, type Asked, fakeCamera, fixture, ok, sessionWith, soap } from './fake-camera.ts'
import { findPtz, identify, listPresets } from './identify.ts'
import { parseXml, textAt } from './xml.ts'

const credential = { user: '管理员&co', password: 'pä55<&"wörd' }
const md5 = (text: string, algorithm = 'md5') => createHash(algorithm).update(text, 'utf8').digest('hex')
const information = ok(
  soap(
    '<tds:GetDeviceInformationResponse xmlns:tds="u"><tds:Manufacturer>HIKVISION</tds:Manufacturer><tds:Model>DS</tds:Model><tds:FirmwareVersion>V5</tds:FirmwareVersion><tds:SerialNumber>SN1</tds:SerialNumber></tds:GetDeviceInformationResponse>',
  ),
)
const refuse = (challenge: string): string =>
  `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`

/** What a camera checks of a digest: the response over its own user, password and nonce. */
function digestIsRight(
  { authorization, path }: Asked,
  nonce: string,
  { user, password } = credential,
  algorithm = 'md5',
): boolean {
  const p = parseChallenges([authorization ?? ''])[0]?.params ?? {}
  const ha1 = md5(`${user}:${p.realm}:${password}`, algorithm)
  const ha2 = md5(`POST:${path}`, algorithm)
  return (
    p.nonce === nonce &&
    p.username === user &&
    p.response === md5(`${ha1}:${nonce}:${p.nc}:${p.cnonce}:auth:${ha2}`, algorithm)
  )
}

/** What a camera checks of a token, on its own clock. */
function tokenIsRight({ body }: Asked, cameraTime: number, password = credential.password): boolean {
  const token = (name: string) => textAt(parseXml(body), 'Header', 'Security', 'UsernameToken', name) ?? ''
  const digest = createHash('sha1')
    .update(Buffer.from(token('Nonce'), 'base64'))
    .update(token('Created'))
    .update(password)
    .digest('base64')
  return (
    token('Username') === credential.user &&
    token('Password') === digest &&
    Math.abs(Date.parse(token('Created')) - cameraTime) < 5_000
  )
}

const clockAnswer = (at: number): string => {
  const d = new Date(at)
  return ok(
    soap(
      `<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>${d.getUTCHours()}</Hour><Minute>${d.getUTCMinutes()}</Minute><Second>${d.getUTCSeconds()}</Second></Time><Date><Year>${d.getUTCFullYear()}</Year><Month>${d.getUTCMonth() + 1}</Month><Day>${d.getUTCDate()}</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`,
    ),
  )
}

describe('HTTP Digest', () => {
  test.each([
    ['Hikvision, qop first', 'Digest qop="auth", realm="IP Camera(C6496)", nonce="N", stale="FALSE"', 'md5', 'N'],
    [
      'Axis, `=` in the nonce',
      'Digest realm="AXIS", nonce="t6fuOp51BQA=f644", algorithm=MD5, qop="auth"',
      'md5',
      't6fuOp51BQA=f644',
    ],
    ['SHA-256', 'Digest realm="a, b", nonce="N", algorithm=SHA-256, qop="auth"', 'sha256', 'N'],
  ])('%s', async (_, challenge, algorithm, nonce) => {
    await using camera = await fakeCamera((asked) =>
      digestIsRight(asked, nonce, credential, algorithm) ? information : refuse(challenge),
    )
    const session = sessionWith(camera, { credential })
    await commandsOf(session).deviceInformation()
    expect(camera.asked[0]?.authorization).toBeUndefined()
    await commandsOf(session).deviceInformation()
    expect(camera.asked).toHaveLength(3)
    expect(camera.asked[2]?.authorization).toContain('nc=00000002')
  })

  test('a nonce that ran out is replaced and costs no try', async () => {
    let nonce = 'n0'
    await using camera = await fakeCamera((asked, index) => {
      if (index === 2) nonce = 'n1'
      return digestIsRight(asked, nonce)
        ? information
        : refuse(`Digest realm="r", qop="auth", nonce="${nonce}", stale=${index > 1}`)
    })
    const session = sessionWith(camera, { credential })
    await commandsOf(session).deviceInformation()
    await commandsOf(session).deviceInformation()
    expect(camera.asked).toHaveLength(4)
    expect(session.locked).toBe(false)
  })

  test('each camera has its own nonce and count', async () => {
    const make = (nonce: string) =>
      fakeCamera((asked) =>
        digestIsRight(asked, nonce) ? information : refuse(`Digest realm="${nonce}", qop="auth", nonce="${nonce}"`),
      )
    await using a = await make('nonce-a')
    await using b = await make('nonce-b')
    const sessions = [sessionWith(a, { credential }), sessionWith(b, { credential })]
    await Promise.all(sessions.map((session) => commandsOf(session).deviceInformation()))
    for (let i = 0; i < 10; i++) await Promise.all(sessions.map((session) => commandsOf(session).deviceInformation()))
    expect([a.asked.length, b.asked.length]).toEqual([12, 12])
  })
})

describe('WS-UsernameToken', () => {
  test('is made on the clock of the camera', async () => {
    const skew = -3 * 3_600_000
    await using camera = await fakeCamera((asked) => {
      if (asked.body.includes('GetSystemDateAndTime')) return clockAnswer(Date.now() + skew)
      return tokenIsRight(asked, Date.now() + skew) ? information : fixture('dahua-unauthorised')
    })
    const session = sessionWith(camera, { credential })
    const offset = await session.readClock()
    expect(Math.abs(offset! - skew)).toBeLessThan(1_000)
    await commandsOf(session).deviceInformation()
    expect(camera.asked[0]?.body).not.toContain('Security')
    expect(camera.asked[1]?.body).not.toContain('Security')
    expect(camera.asked).toHaveLength(3)
  })
})

describe('a clock that lies', () => {
  const hours = 3_600_000
  /** Tells a time that is off by `told`, and judges tokens by one that is off by `own`. */
  const cameraWith = (skew: { told: number; own: number }) =>
    fakeCamera((asked) => {
      if (asked.body.includes('GetSystemDateAndTime')) return clockAnswer(Date.now() + skew.told)
      return tokenIsRight(asked, Date.now() + skew.own) ? information : fixture('dahua-unauthorised')
    })
  const tokensAt = ({ asked }: { asked: Asked[] }) => asked.filter(({ body }) => body.includes('Security')).length

  test('local time told as UTC: after one refusal the own time is tried, and kept', async () => {
    await using camera = await cameraWith({ told: 8 * hours, own: 0 })
    const session = sessionWith(camera, { credential })
    expect(Math.abs((await session.readClock())! - 8 * hours)).toBeLessThan(1_000)
    await commandsOf(session).deviceInformation()
    expect(tokensAt(camera)).toBe(2)
    await commandsOf(session).deviceInformation()
    await commandsOf(session.secondSession({ deadlineMs: 500, connectMs: 500, maxBytes: 10_000 })).deviceInformation()
    expect(tokensAt(camera)).toBe(4)
    // What it says is not its clock: that is not known.
    expect([await session.readClock(), session.clockMisstated]).toEqual([null, true])
  })

  test('that is put right, or that is followed after all, is believed again', async () => {
    const skew = { told: 8 * hours, own: 0 }
    await using camera = await cameraWith(skew)
    const session = sessionWith(camera, { credential })
    await session.readClock()
    await commandsOf(session).deviceInformation()
    skew.told = 0
    expect(Math.abs((await session.readClock())!)).toBeLessThan(1_000)
    Object.assign(skew, { told: -2 * hours, own: -2 * hours })
    await session.readClock()
    await commandsOf(session).deviceInformation()
    expect(session.clockMisstated).toBe(false)
    expect(tokensAt(camera)).toBe(4)
  })

  test('is refused twice at most, whatever is told', async () => {
    await using camera = await cameraWith({ told: 8 * hours, own: 3 * hours })
    const session = sessionWith(camera, { credential })
    await session.readClock()
    for (let i = 0; i < 3; i++)
      await expect(commandsOf(session).deviceInformation()).rejects.toMatchObject({ reason: 'unauthorised' })
    expect(tokensAt(camera)).toBe(2)
  })
})

describe('a nonce that is called stale is no wrong password', () => {
  const wanted = (nonce: string, stale = false) =>
    refuse(`Digest realm="r", qop="auth", nonce="${nonce}", stale=${stale}`)

  test('also the first one, and each serves one call', async () => {
    let nonce = 0
    await using camera = await fakeCamera((asked) => {
      const right = digestIsRight(asked, `n${nonce}`) && asked.authorization?.includes('nc=00000001')
      if (right && nonce > 1) return information
      return wanted(`n${++nonce}`, asked.authorization !== undefined)
    })
    const session = sessionWith(camera, { credential })
    for (let i = 0; i < 4; i++) await commandsOf(session).deviceInformation()
    expect([session.locked, session.login.triesLeft]).toEqual([false, 2])
  })

  test('but one that is called so each time is refused twice, and not for ever', async () => {
    let nonce = 0
    await using camera = await fakeCamera((asked) => wanted(`n${++nonce}`, asked.authorization !== undefined))
    const session = sessionWith(camera, { credential })
    for (let i = 0; i < 5; i++)
      await expect(commandsOf(session).deviceInformation()).rejects.toMatchObject({ reason: 'unauthorised' })
    expect(session.locked).toBe(true)
    expect(camera.asked.filter(({ authorization }) => authorization).length).toBeLessThanOrEqual(4)
  })

  test('the one try that an operator gives is made with a fresh nonce', async () => {
    // It has booted: what it handed out before is foreign to it, and it does not call that stale.
    let nonce = 'before'
    let password = credential.password
    await using camera = await fakeCamera((asked) =>
      digestIsRight(asked, nonce, { ...credential, password }) ? information : wanted(nonce),
    )
    const session = sessionWith(camera, { credential })
    await commandsOf(session).deviceInformation()
    password = 'another'
    await expect(commandsOf(session).deviceInformation()).rejects.toThrow('refuses')
    await expect(commandsOf(session).deviceInformation()).rejects.toThrow()
    expect(session.locked).toBe(true)
    password = credential.password
    nonce = 'after'
    session.allowAnotherTry()
    await commandsOf(session).deviceInformation()
    expect(session.login.triesLeft).toBe(2)
  })
})

describe('a wrong credential', () => {
  test.each<[string, Answer]>([
    ['by a fault', fixture('dahua-unauthorised')],
    ['by HTTP Digest', refuse('Digest realm="r", qop="auth", nonce="n"')],
  ])('is tried twice, then never again: refused %s', async (_, refusal) => {
    await using camera = await fakeCamera(() => refusal)
    const session = sessionWith(camera, { credential })
    const refused = () =>
      expect(commandsOf(session).deviceInformation()).rejects.toMatchObject({
        rung: 'authenticated',
        reason: 'unauthorised',
      })
    for (let i = 0; i < 5; i++) await refused()
    const tries = camera.asked.filter((asked) => asked.authorization || asked.body.includes('Security'))
    expect(tries).toHaveLength(2)
    expect(session.locked).toBe(true)
    session.allowAnotherTry()
    await refused()
    await refused()
    expect(camera.asked.filter((asked) => asked.authorization || asked.body.includes('Security'))).toHaveLength(3)
  })

  test('is tried twice by all sessions with one camera together, and they share its clock', async () => {
    const skew = -3 * 3_600_000
    await using camera = await fakeCamera((asked) =>
      asked.body.includes('GetSystemDateAndTime') ? clockAnswer(Date.now() + skew) : fixture('dahua-unauthorised'),
    )
    const one = sessionWith(camera, { credential })
    const other = one.secondSession({ deadlineMs: 500, connectMs: 500, maxBytes: 10_000 })
    await one.readClock()
    expect(Math.abs(other.clockOffsetMs! - skew)).toBeLessThan(1_000)
    for (const session of [one, other, one, other])
      await expect(commandsOf(session).deviceInformation()).rejects.toMatchObject({ reason: 'unauthorised' })
    expect(camera.asked.filter((asked) => asked.body.includes('Security'))).toHaveLength(2)
    expect([one.locked, other.locked]).toEqual([true, true])
  })

  test('a camera that says the account is locked is not tried a second time', async () => {
    const locked = fixture('dahua-unauthorised').toString().replace('Sender not Authorized', 'Account is now locked')
    await using camera = await fakeCamera(() => locked)
    const session = sessionWith(camera, { credential })
    await expect(commandsOf(session).deviceInformation()).rejects.toThrow(
      'the camera refuses the credential: Account is now locked',
    )
    expect(session.locked).toBe(true)
  })

  test('the password itself is never sent to a camera that offers only Basic', async () => {
    await using camera = await fakeCamera(() => refuse('Basic realm="r"'))
    await expect(commandsOf(sessionWith(camera, { credential })).deviceInformation()).rejects.toThrow(
      'offers only basic',
    )
    expect(camera.asked).toHaveLength(1)
  })

  test('PasswordText only where it is allowed, and after the digest was refused', async () => {
    const text = (asked: Asked) => (asked.body.includes('#PasswordText') ? information : fixture('dahua-unauthorised'))
    await using camera = await fakeCamera(text)
    await expect(commandsOf(sessionWith(camera, { credential })).deviceInformation()).rejects.toThrow('refuses')
    await commandsOf(sessionWith(camera, { credential: { ...credential, plainText: true } })).deviceInformation()
    expect(camera.asked.at(-1)?.body).toContain('p&#228;55')
  })
})

describe('commands', () => {
  const vendor: Record<string, Buffer | string> = {
    GetDeviceInformation: fixture('dahua-gb2312-information'),
    GetCapabilities: fixture('nat-capabilities'),
    GetProfiles: fixture('uniview-profiles'),
    GetStreamUri: fixture('dahua-stream'),
    GetPresets: ok(
      soap(
        '<GetPresetsResponse><Preset token="1"><Name>校门口</Name></Preset><Preset token="2"/></GetPresetsResponse>',
      ),
    ),
  }
  const answer = (asked: Asked) => vendor[/<(?:\w+:)?(Get\w+)/.exec(asked.body)![1]!]!

  test('an identity is read, and every call goes to the approved host, whatever the camera states', async () => {
    await using camera = await fakeCamera(answer)
    expect((await identify(sessionWith(camera, { credential }))).said).toEqual({
      manufacturer: '大华',
      model: 'DH-IPC-HFW1230S',
      firmware: '2.800.0000000.14.R, Build Date 2021-12-24',
      serial: '6G0A2B1PAZ5C3D7',
      profile: 'media_profile1',
      codec: 'H264',
      width: 1920,
      height: 1080,
      fps: 25,
      streamUri: 'rtsp://127.0.0.1:554/cam/realmonitor?channel=1&subtype=0',
      ptz: true,
      oddities: ['service-host', 'stream-host'],
    })
    expect(camera.asked.map((asked) => asked.path)).toEqual([
      '/onvif/device_service',
      '/onvif/device_service',
      '/onvif/Media?x=1',
      '/onvif/Media?x=1',
    ])
    expect(camera.asked[3]?.body).toContain('<trt:ProfileToken>media_profile1&#38;main</trt:ProfileToken>')
  })

  test.each<[string, string | undefined, object]>([
    ['a raw ampersand', 'rtsp://127.0.0.1/1?a=1&b=2', { streamUri: 'rtsp://127.0.0.1/1?a=1&b=2' }],
    ['no address', undefined, {}],
  ])('a stream with %s is read as it stands', async (_, uri, read) => {
    const inner = uri === undefined ? '' : `<MediaUri><Uri>${uri}</Uri></MediaUri>`
    await using camera = await fakeCamera((asked) =>
      asked.body.includes('GetStreamUri')
        ? ok(soap(`<GetStreamUriResponse>${inner}</GetStreamUriResponse>`))
        : answer(asked),
    )
    const { said, unread } = await identify(sessionWith(camera, { credential }))
    expect(unread).toBeUndefined()
    expect(said).toMatchObject(read)
    if (uri === undefined) expect(said).not.toHaveProperty('streamUri')
  })

  test.each<[string, string, string]>([
    [
      'the address of its stream is none',
      'GetStreamUri',
      soap('<GetStreamUriResponse><Uri>rtsp//1</Uri></GetStreamUriResponse>'),
    ],
    ['the answer about its stream is broken', 'GetStreamUri', soap('<GetStreamUriResponse>')],
    ['its profiles are broken', 'GetProfiles', '<s:Envelope><'],
  ])('what is malformed is not absent: %s, and the rest is read', async (_, name, broken) => {
    await using camera = await fakeCamera((asked) =>
      asked.body.includes(name)
        ? ok(broken)
        : asked.body.includes('GetServices')
          ? fixture('soap11-fault')
          : answer(asked),
    )
    const { said, unread } = await identify(sessionWith(camera, { credential }))
    expect(unread).toMatchObject({ reason: 'malformed' })
    expect(said).toMatchObject({ manufacturer: '大华' })
    expect(said).not.toHaveProperty('streamUri')
  })

  test('profiles that cannot be used spoil none that can', async () => {
    const encoder =
      '<VideoEncoderConfiguration><Encoding>H264</Encoding><Resolution><Width>huge</Width><Height>720</Height></Resolution></VideoEncoderConfiguration>'
    const profiles = `<Profiles/><Profiles token="audio"><Name>a</Name></Profiles><Profiles token="main"><Name>m</Name>${encoder}</Profiles>`
    await using camera = await fakeCamera((asked) =>
      asked.body.includes('GetProfiles')
        ? ok(soap(`<GetProfilesResponse>${profiles}</GetProfilesResponse>`))
        : answer(asked),
    )
    const { said } = await identify(sessionWith(camera, { credential }))
    expect(said).toMatchObject({ profile: 'm', codec: 'H264', height: 720 })
    expect(said).not.toHaveProperty('width')
  })

  /** As DVC's recorder DRN-3282R (1.4.6.47791) answers: Media2 in GetServices, and media version 1 nowhere. */
  const recorder: Record<string, string> = {
    GetDeviceInformation: information,
    GetCapabilities: ok(
      soap(
        '<GetCapabilitiesResponse><Capabilities><PTZ><XAddr>http://10.9.9.9/onvif/PTZ</XAddr></PTZ></Capabilities></GetCapabilitiesResponse>',
      ),
    ),
    GetServices: ok(
      soap(
        '<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver20/ptz/wsdl</Namespace><XAddr>http://10.9.9.9/onvif/PTZ</XAddr></Service>' +
          '<Service><Namespace>http://www.onvif.org/ver20/media/wsdl</Namespace><XAddr>http://10.9.9.9:80/onvif/Media2</XAddr></Service></GetServicesResponse>',
      ),
    ),
    GetProfiles: ok(
      soap(
        '<tr2:GetProfilesResponse><tr2:Profiles token="Profile_1_0" fixed="true"><tr2:Name>Profile_1_0</tr2:Name><tr2:Configurations>' +
          '<tr2:VideoEncoder token="e1" GovLength="40" Profile="Main10"><tt:Encoding>H265</tt:Encoding><tt:Resolution><tt:Width>2592</tt:Width><tt:Height>1944</tt:Height></tt:Resolution>' +
          '<tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>20</tt:FrameRateLimit></tt:RateControl></tr2:VideoEncoder>' +
          '<tr2:PTZ token="z1"><tt:NodeToken>z1</tt:NodeToken></tr2:PTZ></tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>',
      ),
    ),
    GetStreamUri: ok(
      soap(
        '<tr2:GetStreamUriResponse><tr2:Uri>rtsp://10.9.9.9:554/chID=1&amp;streamType=main</tr2:Uri></tr2:GetStreamUriResponse>',
      ),
    ),
    GetPresets: vendor.GetPresets as string,
  }
  const called = (asked: Asked) => /<(?:\w+:)?(Get\w+)/.exec(asked.body)![1]!

  test('a device that has dropped media version 1 is read in version 2', async () => {
    await using camera = await fakeCamera((asked) => recorder[called(asked)]!)
    expect((await identify(sessionWith(camera, { credential }))).said).toMatchObject({
      profile: 'Profile_1_0',
      codec: 'H265',
      width: 2592,
      height: 1944,
      fps: 20,
      streamUri: 'rtsp://127.0.0.1:554/chID=1&streamType=main',
      ptz: true,
    })
    expect(camera.asked.map((asked) => [called(asked), asked.path])).toEqual([
      ['GetDeviceInformation', '/onvif/device_service'],
      ['GetCapabilities', '/onvif/device_service'],
      ['GetServices', '/onvif/device_service'],
      ['GetProfiles', '/onvif/Media2'],
      ['GetStreamUri', '/onvif/Media2'],
    ])
    const session = sessionWith(camera, { credential })
    const until = Date.now() + 2_000
    expect(await findPtz(session, until)).toEqual({ path: '/onvif/PTZ', profile: 'Profile_1_0' })
  })

  test.each<[string, Answer, string, string | undefined]>([
    ['has profiles there', vendor.GetProfiles!, 'media_profile1', undefined],
    ['has none there', ok(soap('<GetProfilesResponse/>')), 'Profile_1_0', undefined],
    ['does not know it', fixture('soap11-fault'), 'Profile_1_0', undefined],
    ['fails, and has no version 2', fixture('soap11-fault'), '', 'not implemented'],
  ])('a camera that states media version 1 and %s', async (_, profiles, profile, error) => {
    await using camera = await fakeCamera((asked) => {
      const name = called(asked)
      if (name === 'GetCapabilities') return vendor.GetCapabilities!
      if (name === 'GetServices' && error) return fixture('soap11-fault')
      return name === 'GetProfiles' && asked.path !== '/onvif/Media2' ? profiles : recorder[name]!
    })
    const session = sessionWith(camera, { credential })
    const found = findPtz(session, Date.now() + 2_000)
    if (error) await expect(found).rejects.toThrow(error)
    else expect((await found).profile.split('&')[0]).toBe(profile)
    const { said: identity } = await identify(session)
    expect(identity.profile).toBe(error ? undefined : profile)
    expect(identity.manufacturer).toBe('HIKVISION')
  })

  // Bosch FLEXIDOME panoramic 5100i 9.00.0210, to calls that it does not know: the header that it was sent, and no word more.
  test('an HTTP error around an empty envelope is that error, and not an answer', async () => {
    const empty =
      '<SOAP-ENV:Envelope><SOAP-ENV:Header><wsse:Security SOAP-ENV:mustUnderstand="1"/></SOAP-ENV:Header><SOAP-ENV:Body></SOAP-ENV:Body></SOAP-ENV:Envelope>'
    await using camera = await fakeCamera((_, index) =>
      index === 0 ? ok(empty).replace('200 OK', '500 Internal Server Error') : ok(empty),
    )
    const session = sessionWith(camera, { credential })
    await expect(session.call(soap('<Renew/>'))).rejects.toMatchObject({ reason: 'http-status', message: 'HTTP 500' })
    expect((await session.call(soap('<Renew/>'))).body.children).toEqual([])
  })

  test('presets are listed over one connection that the camera keeps open', async () => {
    const keep = (asked: Asked) =>
      answer(asked)
        .toString()
        .replace('Connection: close', 'Connection: keep-alive')
        .replace('xml\r\nContent', 'xml\r\nConnection: keep-alive\r\nContent')
    await using camera = await fakeCamera(keep)
    const session = sessionWith(camera, { credential })
    const until = Date.now() + 2_000
    expect(await listPresets(session, await findPtz(session, until), until)).toEqual([
      { token: '1', name: '校门口' },
      { token: '2', name: '' },
    ])
    session.close()
    expect([camera.asked.length, camera.connections]).toEqual([3, 1])
  })

  test('a kept connection that the camera has dropped is replaced', async () => {
    const dropped = Promise.withResolvers<void>()
    await using camera = await fakeCamera((_, index) =>
      index === 0
        ? (socket) => {
            socket.write(information.replace('xml\r\n', 'xml\r\nConnection: keep-alive\r\n'))
            socket.once('close', () => dropped.resolve())
            setTimeout(() => socket.destroy(), 20)
          }
        : information,
    )
    const session = sessionWith(camera, { credential })
    await commandsOf(session).deviceInformation()
    await dropped.promise
    // Until its end has come to this side.
    await new Promise((resolve) => setTimeout(resolve, 60))
    await commandsOf(session).deviceInformation()
    expect(camera.connections).toBe(2)
    session.close()
  })

  test('node-onvif holds no login, and cannot send beside the transport', async () => {
    const { default: Device } = await import('node-onvif/lib/modules/service-device.js')
    await expect(new Device({ xaddr: 'http://127.0.0.1:9/' }).getDeviceInformation()).rejects.toThrow(
      'belongs to no session',
    )
  })
})

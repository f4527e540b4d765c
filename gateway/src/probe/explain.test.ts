/** "Explain this device": what it tells, and that no secret is in it, whatever the camera repeats of what it was sent. */
import { Explanation } from '@hub/contracts'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterEach, expect, test } from 'vitest'
import { type Answer, type Asked, type FakeCamera, fakeCamera, fixture, ok, soap } from '../onvif/fake-camera.ts'
import { createProber, type Prober } from './prober.ts'

const id = '43040500001320000001'
const password = 'canary&Pä"ss<1'
const clockAnswer = fixture('dahua-clock')
let prober: Prober
let camera: FakeCamera
afterEach(async () => {
  await prober.stop()
  await camera[Symbol.asyncDispose]()
})

async function start(answer: (asked: Asked) => Answer) {
  camera = await fakeCamera(answer)
  prober = createProber({
    clock: createSystemClock(),
    log: silentLog,
    config: { timeoutMs: 2_000, concurrency: 8 },
    credentials: { main: { user: 'admin', password, plainText: true } },
    emit: async () => {},
    onIdentified: () => {},
  })
  const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
  prober.apply({ put: [{ kind: 'camera', id, xaddr, credential: 'main', every: 3_600_000 }], drop: [] })
}
/** Holds it to its schema, as the API does. */
const explain = () => Explanation.parse(JSON.parse(JSON.stringify(prober.explain(id))))
const isClock = ({ body }: Asked) => body.includes('GetSystemDateAndTime')

test('it tells the last exchanges, how long each step took, the policy in force, the tries left and the next probe', async () => {
  await start((asked) => (isClock(asked) ? clockAnswer : fixture('dahua-unauthorised')))
  await prober.probeNow(id)
  const first = explain()
  expect(first).toMatchObject({
    device: id,
    host: '127.0.0.1',
    moved: false,
    blind: false,
    policy: { timeoutMs: 2_000, connectMs: 2_000, authenticateEvery: 10, describeEvery: 20 },
    credential: { name: 'main', configured: true, scheme: 'token', device: { tries: 2, triesLeft: 0 } },
    schedule: { every: 3_600_000, wrong: 1, dead: 0 },
  })
  expect(first.schedule.nextAt).toBeGreaterThan(first.at)
  expect(first.probes[0]).toMatchObject({ verdict: 'degraded', rung: 'authenticated', reason: 'unauthorised' })
  expect(first.rungs[0]).toMatchObject({ rung: 'authenticated', said: 'unauthorised' })
  expect(first.exchanges.map(({ asked, login }) => `${asked} ${login}`)).toEqual([
    'GetDeviceInformation text',
    'GetDeviceInformation token',
    'GetDeviceInformation none',
    'GetSystemDateAndTime none',
  ])
  expect(first.exchanges[0]).not.toHaveProperty('sent')
})

test('texts are kept while somebody reads them, and bounded', async () => {
  await start((asked) => (isClock(asked) ? clockAnswer : ok(soap(`<x>${'y'.repeat(50_000)}</x>`))))
  await prober.probeNow(id)
  expect(explain().exchanges.every(({ sent }) => sent === undefined)).toBe(true)
  for (let n = 0; n < 12; n++) await prober.probeNow(id)
  const { exchanges } = explain()
  expect(exchanges).toHaveLength(12)
  expect(exchanges[0]!.sent).toContain('<tds:GetDeviceInformation/>')
  expect(exchanges[0]!.received).toHaveLength(4_096)
  expect(exchanges[0]!.bytes).toBeGreaterThan(50_000)
})

test('a camera that cannot be reached says at which step, and how long that took', async () => {
  await start(() => (socket) => socket.destroy())
  await prober.probeNow(id)
  expect(explain().exchanges[0]).toMatchObject({ asked: 'GetSystemDateAndTime', status: null, reason: 'reset' })
})

/** A camera that repeats all it was sent, in a fault and in plain text, with the password besides. */
const echo = ({ head, body }: Asked): string => {
  const text = `${head} ${body} ${password}`.replace(/[&<]/g, (c) => (c === '&' ? '&amp;' : '&lt;'))
  return soap(
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>${text}</s:Text></s:Reason></s:Fault>`,
  )
}
const nonce = 'c2VydmVyLW5vbmNlLWNhbmFyeQ=='
const challenge = `WWW-Authenticate: Digest realm="cam", nonce="${nonce}", opaque="0paqueCanary", qop="auth", algorithm=MD5\r\n`
const framed = (status: string, body: string, extra = '') =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/soap+xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${extra}\r\n${body}`

test.each<[string, (asked: Asked) => Answer]>([
  ['HTTP Digest', (asked) => (isClock(asked) ? clockAnswer : framed('401 Unauthorized', echo(asked), challenge))],
  [
    'HTTP Digest that is accepted',
    (asked) =>
      isClock(asked)
        ? clockAnswer
        : asked.authorization
          ? framed('400 Bad', echo(asked))
          : framed('401 No', '', challenge),
  ],
  [
    'WS-UsernameToken and the password itself',
    (asked) => (isClock(asked) ? clockAnswer : framed('500 Fault', echo(asked))),
  ],
  [
    'a refusal of both tokens',
    (asked) =>
      isClock(asked)
        ? clockAnswer
        : asked.body.includes('Security')
          ? framed(
              '500 Fault',
              echo(asked).replace(
                's:Sender</s:Value>',
                's:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>',
              ),
            )
          : fixture('dahua-unauthorised'),
  ],
  [
    'no SOAP at all',
    (asked) => (isClock(asked) ? clockAnswer : framed('200 OK', `${asked.head}\r\n${asked.body} ${password}`)),
  ],
])('no secret is in it: %s', async (_, answer) => {
  await start(answer)
  explain()
  for (let n = 0; n < 2; n++) await prober.probeNow(id)
  await prober.identify(id).catch(() => {})
  const said = JSON.stringify(explain())
  const sent = camera.asked.map(({ head, body }) => `${head}\r\n\r\n${body}`).join('\n')
  const secrets = [
    password,
    JSON.stringify(password).slice(1, -1),
    'canary&amp;P',
    'canary&P',
    encodeURIComponent(password),
    Buffer.from(password).toString('base64'),
    nonce,
    '0paqueCanary',
    ...[...sent.matchAll(/(?:response|cnonce)="?([\da-f]{8,})/g)].map((m) => m[1]!),
    ...[...sent.matchAll(/<(?:Password|Nonce|Created)[^>]*>([^<]+)</g)].map((m) => m[1]!),
  ]
  expect(explain().exchanges.some(({ sent }) => sent !== undefined)).toBe(true)
  for (const secret of secrets) expect(said, secret).not.toContain(secret)
  // The test sees what it must: a login was sent.
  if (!camera.asked.some(({ body }) => body.includes('GetDeviceInformation')))
    throw new Error('the camera was not asked')
})

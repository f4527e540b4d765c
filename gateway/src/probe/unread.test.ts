/** What a camera says and what cannot be read of it: neither silence nor health. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceIdentity, Observation } from '@hub/contracts'
import { createManualClock, silentLog } from '@hub/platform'
import { afterEach, expect, test } from 'vitest'
import { createCertificates } from '../onvif/certificates.ts'
import { type Answer, type Asked, fakeCamera, fixture, ok, soap } from '../onvif/fake-camera.ts'
import { createProber } from './prober.ts'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

const id = '43040500001310000001'
const good: Record<string, Answer> = {
  GetSystemDateAndTime: fixture('dahua-clock'),
  GetDeviceInformation: ok(soap('<GetDeviceInformationResponse><Model>X</Model></GetDeviceInformationResponse>')),
  GetProfiles: ok(soap('<GetProfilesResponse><Profiles token="p"><Name>main</Name></Profiles></GetProfilesResponse>')),
}

async function bench(say: Record<string, Answer>, tls?: { key: Buffer; cert: Buffer }) {
  const clock = createManualClock()
  const observations: Observation[] = []
  const identities: DeviceIdentity[] = []
  const remarks: DeviceIdentity[] = []
  const answer = ({ body }: Asked): Answer => {
    const name = /<(?:\w+:)?(Get\w+)/.exec(body)?.[1] ?? ''
    return say[name] ?? good[name] ?? fixture('soap11-fault')
  }
  const camera = await fakeCamera(answer, tls)
  const prober = createProber({
    clock,
    log: silentLog,
    config: { timeoutMs: 5_000, concurrency: 8 },
    credentials: { main: { user: 'u', password: 'p' } },
    emit: async (observation) => void observations.push(observation),
    onIdentified: (identity) => identities.push(identity),
    onUnidentified: (known) => remarks.push(known),
    certificates: createCertificates({ clock, log: silentLog }),
    policy: { clockMs: Number.POSITIVE_INFINITY },
  })
  cleanUp.push(async () => camera[Symbol.asyncDispose](), prober.stop)
  const xaddr = `${tls ? 'https' : 'http'}://127.0.0.1:${camera.port}/onvif/device_service`
  prober.apply({ put: [{ kind: 'camera', id, xaddr, credential: 'main', every: 10_000 }], drop: [] })
  const last = () =>
    [observations.at(-1)?.verdict, observations.at(-1)?.rung, observations.at(-1)?.reason].join(' ').trim()
  const until = async (true_: () => boolean) => {
    for (let n = 0; n < 1_500 && !true_(); n++) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await clock.advanceAsync(100)
    }
    expect(true_()).toBe(true)
  }
  return { observations, identities, remarks, prober, camera, last, until }
}

test('an identification that cannot be read leaves its reason, once, and shows; then it is read after all', async () => {
  const say: Record<string, Answer> = { GetDeviceInformation: ok('<a><b></a>') }
  const { remarks, identities, observations, last, until } = await bench(say)
  await until(() => last() === 'degraded authenticated malformed')
  expect(remarks).toMatchObject([{ device: id, failure: { reason: 'malformed', detail: '</a> at 6 closes <b>' } }])
  const from = observations.length
  await until(() => observations.length > from + 12)
  expect(remarks).toHaveLength(1)
  delete say.GetDeviceInformation
  await until(() => last() === 'pass authenticated' && identities.length > 0)
  expect(identities[0]).not.toHaveProperty('failure')
})

test('a stream address that cannot be read is not one that is absent: the rung says so until it can be', async () => {
  const say: Record<string, Answer> = {
    GetStreamUri: ok(soap('<GetStreamUriResponse><Uri>rtsp//nowhere</Uri></GetStreamUriResponse>')),
  }
  const { identities, last, until } = await bench(say)
  await until(() => last() === 'degraded describes malformed')
  expect(identities[0]).toMatchObject({ failure: { reason: 'malformed' }, profile: 'main' })
  delete say.GetStreamUri
  await until(() => last() === 'pass authenticated')
  expect(identities.at(-1)).not.toHaveProperty('failure')
})

test.each([
  ['the thirteenth month', '<Month>7<', '<Month>13<'],
  ['the hour 25', '<Hour>5<', '<Hour>25<'],
  ['no date', /<(?:tt:)?Date>.*?<\/(?:tt:)?Date>/, ''],
])('a clock with %s leaves the camera up, and its clock unknown', async (_, what, instead) => {
  const text = fixture('dahua-clock')
    .toString()
    .replaceAll('tt:', '')
    .replace(/xmlns:tt=/, 'xmlns:tt=')
  const body = text.slice(text.indexOf('\r\n\r\n') + 4).replace(what, instead)
  const { observations, last, until } = await bench({ GetSystemDateAndTime: ok(body) })
  await until(() => last() === 'pass authenticated')
  for (const { values } of observations) expect(values).toBeUndefined()
})

test('a certificate that has changed is told, and refused until it is accepted', async () => {
  const [before, after] = [certificate(), certificate()]
  const first = await bench({}, before)
  await first.until(() => first.last() === 'pass authenticated')
  // The camera is set up anew: the same process serves another certificate from now on.
  const { prober, last, until, remarks, camera } = first
  camera.useCertificate(after)
  await until(() => last() === 'fail answers certificate')
  const told = remarks.findLast(({ certificate }) => certificate)!.certificate!
  expect(told.offered).not.toBe(told.trusted)
  const asked = camera.asked.length
  await expect(prober.identify(id)).rejects.toThrow('is not the one that is trusted')
  await expect(prober.acceptCertificate(id, told.trusted)).rejects.toThrow('does not show this certificate')
  expect(camera.asked).toHaveLength(asked)
  await prober.acceptCertificate(id, told.offered)
  await until(() => last() === 'pass authenticated')
  expect(remarks.at(-1)).not.toHaveProperty('certificate')
})

function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'camera-'))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=camera']
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const pair = { key: readFileSync(key), cert: readFileSync(cert) }
  rmSync(folder, { recursive: true })
  return pair
}

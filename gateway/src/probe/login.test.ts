/** One login budget for all paths to a camera: probes, events, the stream, pictures, PTZ; and over a restart of the gateway. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observation } from '@hub/contracts'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterEach, expect, test } from 'vitest'
import { createLoginBudgets, openLoginStore } from '../login/index.ts'
import { type Answer, type Asked, type FakeCamera, fakeCamera, fixture, ok, soap } from '../onvif/fake-camera.ts'
import { envelope } from '../onvif/soap.ts'
import { createPictures, picturePolicy } from './picture/pictures.ts'
import { createProber } from './prober.ts'

const id = '43040500001320000001'
const clock = createSystemClock()
const login = { user: 'admin', password: 'secret' }
const limits = { deadlineMs: 2_000, connectMs: 1_000, maxBytes: 65_536 }
const call = envelope('<GetEventProperties/>')

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

/** Refuses every login, over ONVIF and over RTSP, and counts them. Tells the time to everybody. */
async function refusingCamera() {
  const answer = ({ body, head }: Asked): Answer => {
    if (head.startsWith('DESCRIBE '))
      return (socket) =>
        void socket.write('RTSP/1.0 401 No\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\n\r\n')
    return body.includes('GetSystemDateAndTime') ? fixture('dahua-clock') : fixture('dahua-unauthorised')
  }
  const camera = await fakeCamera(answer)
  cleanUp.push(async () => camera[Symbol.asyncDispose]())
  return camera
}
const loginsAt = ({ asked }: FakeCamera) =>
  asked.filter(({ authorization, body }) => authorization !== undefined || body.includes('Security')).length

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'logins-'))
  cleanUp.push(() => rmSync(folder, { recursive: true }))
  return join(folder, 'logins.sqlite')
}

/** A gateway's prober, from start to stop, on a store. */
function start(camera: FakeCamera, path: string, credential = login) {
  const observations: Observation[] = []
  const budgets = createLoginBudgets({ clock, store: openLoginStore({ path, clock, log: silentLog }) })
  const prober = createProber({
    clock,
    log: silentLog,
    config: { timeoutMs: 2_000, concurrency: 8 },
    credentials: { main: credential },
    budgets,
    emit: async (observation) => void observations.push(observation),
    onIdentified: () => {},
  })
  const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
  prober.apply({ put: [{ kind: 'camera', id, xaddr, credential: 'main', every: 100 }], drop: [] })
  let running = true
  const stop = async () => {
    if (!running) return
    running = false
    await prober.stop()
    budgets.close()
  }
  cleanUp.push(stop)
  const stream = { host: '127.0.0.1', streamUri: `rtsp://127.0.0.1:${camera.port}/1`, credential }
  const picture = () => pictures.judge({ ...stream, budget: budgets.of('127.0.0.1', credential) })
  const event = () => prober.openSession(id, limits)!.call(call)
  return { prober, observations, budgets, picture, event, stop }
}
const pictures = createPictures({ clock, log: silentLog, policy: picturePolicy({ everyMinutes: 60, concurrency: 4 }) })
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const attempts = (...paths: (() => Promise<unknown>)[]) => Promise.all(paths.map((path) => path().catch(() => {})))

test('probes, events, pictures and PTZ that try at the same moment spend two logins, and none later', async () => {
  const camera = await refusingCamera()
  const { prober, picture, event } = start(camera, scratch())
  const identified = () => prober.ptzPresets(id)
  await attempts(event, picture, identified, event, picture)
  expect(loginsAt(camera)).toBe(2)
  await attempts(event, picture, identified)
  await pause(500)
  expect(loginsAt(camera)).toBe(2)
  expect(prober.explain(id).credential).toMatchObject({ device: { triesLeft: 0 }, stream: { triesLeft: 0 } })
})

test('a picture alone is refused twice, and then the stream is not asked any more', async () => {
  const camera = await refusingCamera()
  const budget = createLoginBudgets({ clock }).of('127.0.0.1', login)
  const subject = { host: '127.0.0.1', streamUri: `rtsp://127.0.0.1:${camera.port}/1`, credential: login, budget }
  const refused = { said: 'unauthorised', detail: 'the stream refuses the credential', doubts: ['authenticated'] }
  expect([await pictures.judge(subject), await pictures.judge(subject)]).toEqual([refused, refused])
  expect(await pictures.judge(subject)).toEqual({
    said: 'unauthorised',
    detail: 'the stream refused the credential twice: it is tried again when an operator asks (probe or identify)',
  })
  expect(loginsAt(camera)).toBe(2)
})

test('a restart spends no login, and shows the camera as refused from its first probe on', async () => {
  const camera = await refusingCamera()
  const path = scratch()
  const before = start(camera, path)
  await attempts(before.event, before.event)
  expect(loginsAt(camera)).toBe(2)
  await before.stop()

  const { observations, prober, event } = start(camera, path)
  while (observations.length < 3) await pause(20)
  await attempts(event)
  expect(loginsAt(camera)).toBe(2)
  for (const { verdict, rung, reason } of observations.slice(0, 3))
    expect([verdict, rung, reason]).toEqual(['degraded', 'authenticated', 'unauthorised'])
  expect(prober.explain(id).credential.device.triesLeft).toBe(0)
})

test('a password that is changed in the configuration has a fresh budget', async () => {
  const camera = await refusingCamera()
  const path = scratch()
  const before = start(camera, path)
  await attempts(before.event, before.event)
  await before.stop()
  const after = start(camera, path, { ...login, password: 'changed' })
  await attempts(after.event, after.event, after.event)
  await pause(300)
  expect(loginsAt(camera)).toBe(4)
})

test('a success of one path gives back what another has spent', async () => {
  const information = ok(soap('<GetDeviceInformationResponse><Model>X</Model></GetDeviceInformationResponse>'))
  const camera = await fakeCamera(({ body }) => {
    if (body.includes('GetSystemDateAndTime')) return fixture('dahua-clock')
    if (body.includes('GetEventProperties') || !body.includes('Security')) return fixture('dahua-unauthorised')
    return information
  })
  cleanUp.push(async () => camera[Symbol.asyncDispose]())
  const { prober, observations, event, budgets } = start(camera, scratch())
  const budget = budgets.of('127.0.0.1', login)
  // Of a clock that is known, and proven by what is taken next, no second token is made.
  while (observations.length === 0) await pause(20)
  await prober.identify(id)
  await attempts(event)
  expect(budget.left(`onvif:${camera.port}`)).toBe(1)
  await prober.identify(id)
  expect(budget.left(`onvif:${camera.port}`)).toBe(2)
})

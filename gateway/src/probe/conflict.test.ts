/** Two cameras that are given each other's address: neither is credited with what answers there, and neither gets the other's login. */
import type { AssignedCamera, FoundDevice, Observation } from '@hub/contracts'
import { createManualClock, silentLog } from '@hub/platform'
import { afterEach, expect, test } from 'vitest'
import { type Asked, type FakeCamera, fakeCamera, fixture, ok, soap } from '../onvif/fake-camera.ts'
import { createProber } from './prober.ts'

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

const [one, two] = ['43040500001310000001', '43040500001310000002'] as const
const endpoints = { [one]: 'urn:uuid:1', [two]: 'urn:uuid:2' }
const hosts = { [one]: '127.0.0.1', [two]: '127.0.0.2' }
type Id = typeof one | typeof two

/** Two cameras, each at its own address and with its own login. */
async function bench() {
  const clock = createManualClock()
  const observations: Observation[] = []
  const conflicts: string[] = []
  const serials = { [one]: 'S1', [two]: 'S2' }
  const answer =
    (id: Id) =>
    ({ body }: Asked) => {
      if (body.includes('GetSystemDateAndTime')) return fixture('dahua-clock')
      if (!body.includes('GetDeviceInformation')) return fixture('soap11-fault')
      if (!body.includes('Security')) return fixture('dahua-unauthorised')
      return ok(
        soap(
          `<GetDeviceInformationResponse><Model>X</Model><SerialNumber>${serials[id]}</SerialNumber></GetDeviceInformationResponse>`,
        ),
      )
    }
  const cameras = {
    [one]: await fakeCamera(answer(one), undefined, hosts[one]),
    [two]: await fakeCamera(answer(two), undefined, hosts[two]),
  }
  const prober = createProber({
    clock,
    log: silentLog,
    config: { timeoutMs: 5_000, concurrency: 8 },
    credentials: { [one]: { user: 'u1', password: 'p1' }, [two]: { user: 'u2', password: 'p2' } },
    emit: async (observation) => void observations.push(observation),
    onIdentified: () => {},
    onConflict: (id) => conflicts.push(id),
    policy: { clockMs: Number.POSITIVE_INFINITY },
  })
  const assigned = (id: Id): AssignedCamera => ({
    kind: 'camera',
    id,
    endpoint: endpoints[id],
    xaddr: `http://${hosts[id]}:${cameras[id].port}/onvif/device_service`,
    credential: id,
    every: 10_000,
  })
  for (const id of [one, two] as const) cleanUp.push(async () => cameras[id][Symbol.asyncDispose]())
  cleanUp.push(prober.stop)
  prober.apply({ put: [assigned(one), assigned(two)], drop: [] })

  const heard = (id: Id, at: Id, more: Partial<FoundDevice> = {}) =>
    prober.heard({
      endpoint: endpoints[id],
      address: hosts[at],
      xaddrs: [assigned(at).xaddr],
      quarantine: 'new',
      seenAt: clock.now(),
      ...more,
    })
  /** The latest of each, in words. */
  const last = (id: Id) => {
    const found = observations.findLast(({ device }) => device === id)
    return found && [found.verdict, found.reason].filter(Boolean).join(' ')
  }
  const until = async (true_: () => boolean) => {
    for (let n = 0; n < 400 && !true_(); n++) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await clock.advanceAsync(100)
    }
    expect(true_()).toBe(true)
  }
  const bothPass = () =>
    [one, two].every((id) => last(id as Id) === 'pass' && prober.explain(id).rungs[0]?.said === 'pass')
  await until(bothPass)
  return { clock, observations, conflicts, cameras, prober, heard, last, until, bothPass, serials, assigned }
}
const loginsAt = ({ asked }: FakeCamera) => asked.filter(({ body }) => body.includes('Security')).length

test('one that is heard at the address of another makes both unknown at once, and no login is sent to either', async () => {
  const { heard, last, until, cameras, prober, conflicts, bothPass } = await bench()
  const before = [loginsAt(cameras[one]), loginsAt(cameras[two])]
  heard(one, two)
  await until(() => last(one) === 'blind address-conflict' && last(two) === 'blind address-conflict')
  expect(conflicts).toEqual([one, two])
  await expect(prober.ptzPresets(one)).rejects.toThrow()
  expect((await prober.probeNow(two)).reason).toBe('address-conflict')
  await expect(
    prober.openSession(one, { deadlineMs: 100, connectMs: 100, maxBytes: 1_000 })!.call(soap('<GetUsers/>')),
  ).rejects.toThrow()
  expect([loginsAt(cameras[one]), loginsAt(cameras[two])]).toEqual(before)
  // It was not so, or they are back: each is identified anew.
  heard(one, one)
  await until(bothPass)
  expect([loginsAt(cameras[one]) > before[0]!, loginsAt(cameras[two]) > before[1]!]).toEqual([true, true])
})

test('a swap that is told by both stays so until they are assigned anew', async () => {
  const { heard, last, until, prober, assigned, observations, bothPass } = await bench()
  heard(one, two)
  heard(two, one)
  await until(() => last(one) === 'blind address-conflict' && last(two) === 'blind address-conflict')
  const from = observations.length
  await until(() => observations.length > from + 4)
  expect(new Set(observations.slice(from).map(({ reason }) => reason))).toEqual(new Set(['address-conflict']))
  prober.apply({
    put: [
      { ...assigned(one), xaddr: assigned(two).xaddr, credential: two },
      { ...assigned(two), xaddr: assigned(one).xaddr, credential: one },
    ],
    drop: [],
  })
  heard(one, two)
  heard(two, one)
  await until(bothPass)
})

test('a serial of another, where it was not said before, is the same', async () => {
  const { serials, last, until, prober } = await bench()
  serials[one] = 'S2'
  await expect(prober.identify(one)).rejects.toThrow('another device may answer')
  await until(() => last(one) === 'blind address-conflict' && last(two) === 'blind address-conflict')
  serials[one] = 'S1'
  // An operator knows which device stands there.
  await prober.identify(one)
  await prober.identify(two)
  await until(() => last(one) === 'pass' && last(two) === 'pass')
})

test('what is not believed, and an address of nobody, is no conflict; the second of two with one endpoint is itself', async () => {
  const { heard, last, until, prober, assigned, observations } = await bench()
  heard(one, two, { quarantine: 'xaddr-host-differs' })
  heard(one, two, { address: '127.0.0.9' })
  prober.apply({ put: [{ ...assigned(two), endpoint: 'urn:uuid:1#127.0.0.2' }], drop: [] })
  heard(one, two)
  heard(one, one)
  const from = observations.length
  await until(() => observations.length > from + 3)
  expect([last(one), last(two)]).toEqual(['pass', 'pass'])
})

/** The shell over real sockets: a camera on loopback that is scripted to be as bad as cameras get. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssignedCamera, Observation } from '@hub/contracts'
import { Observation as ObservationSchema } from '@hub/contracts'
import { createSystemClock, silentLog } from '@hub/platform'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Answer, type Asked, fakeCamera, ok, sessionWith, soap } from '../onvif/fake-camera.ts'
import { createEvents, type EventsOptions } from './events.ts'
import { createEventMemory } from './memory.ts'
import { defaultPolicy } from './subscription.ts'

const id = '43040500001320000001'
const soon = { timeout: 8_000, interval: 5 }
/** The waits that `subscription.test.ts` holds to their lengths are short here. */
const brisk = { busyGapMs: 5, idleGapMs: 50, missedGapMs: 100, firstBackOffMs: 40 }
const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end()
})

const message = (value: boolean, operation = 'Changed', topic = 'tns1:VideoSource/MotionAlarm', source = 'V1') =>
  `<NotificationMessage><Topic>${topic}</Topic><Message><Message UtcTime="2020-01-01T00:00:00Z" PropertyOperation="${operation}"><Source><SimpleItem Name="Source" Value="${source}"/></Source><Data><SimpleItem Name="State" Value="${value}"/></Data></Message></Message></NotificationMessage>`
const times = (lastsMs: number) =>
  `<CurrentTime>2026-01-01T00:00:00Z</CurrentTime><TerminationTime>${new Date(Date.UTC(2026, 0, 1) + lastsMs).toISOString()}</TerminationTime>`
const pulled = (inner = '', lastsMs = 180_000) =>
  ok(soap(`<PullMessagesResponse>${times(lastsMs)}${inner}</PullMessagesResponse>`))
const fault = (subcode: string, status = '400 Bad Request') => {
  const body = soap(
    `<Fault><Code><Value>s:Sender</Value><Subcode><Value>ter:${subcode}</Value></Subcode></Code><Reason><Text>${subcode}</Text></Reason></Fault>`,
  )
  return `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
const page = 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nno!'
const reset = (socket: Socket) => socket.resetAndDestroy()
/** Says nothing. */
const silence = () => {}
const drip = (socket: Socket) => {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
  const timer = setInterval(() => socket.write(' '), 20)
  socket.on('close', () => clearInterval(timer))
}

const nameOf = ({ body }: Asked) =>
  /<(GetCapabilities|CreatePullPointSubscription|SetSynchronizationPoint|PullMessages|Renew|Unsubscribe)\b/.exec(
    body,
  )?.[1] ?? '?'

type Say = Partial<Record<string, (asked: Asked, n: number) => Answer | undefined>>

/** A camera that behaves, but for what the test has it say. `n` counts its calls of that name. */
async function bench(say: Say, options: Partial<EventsOptions> & { lastsMs?: number } = {}) {
  const count: Record<string, number> = {}
  const usual: Record<string, Answer> = {
    GetCapabilities: ok(
      soap(
        '<GetCapabilitiesResponse><Capabilities><Events><XAddr>http://192.168.1.64/onvif/Events</XAddr></Events></Capabilities></GetCapabilitiesResponse>',
      ),
    ),
    CreatePullPointSubscription: ok(
      soap(
        `<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>http://192.168.1.64:81/sub/1</Address></SubscriptionReference>${times(options.lastsMs ?? 180_000)}</CreatePullPointSubscriptionResponse>`,
      ),
    ),
    SetSynchronizationPoint: ok(soap('<SetSynchronizationPointResponse/>')),
    PullMessages: silence,
    Renew: ok(soap(`<RenewResponse>${times(180_000)}</RenewResponse>`)),
    Unsubscribe: ok(soap('<UnsubscribeResponse/>')),
  }
  const camera = await fakeCamera((asked) => {
    const name = nameOf(asked)
    count[name] = (count[name] ?? 0) + 1
    return say[name]?.(asked, count[name]) ?? usual[name] ?? fault('ActionNotSupported')
  })
  const observations: Observation[] = []
  const session = sessionWith(camera, { credential: { user: 'admin', password: 'secret' } })
  const events = createEvents({
    clock: createSystemClock(),
    log: silentLog,
    config: { enabled: true, maxSubscriptions: 10 },
    openSession: (_, limits) => session.secondSession(limits),
    emit: async (observation) => void observations.push(ObservationSchema.parse(observation)),
    random: () => 0,
    ...options,
    policy: { ...brisk, ...options.policy },
  })
  const assigned = (n = 1): AssignedCamera => ({
    kind: 'camera',
    id: `4304050000132000000${n}`,
    endpoint: `urn:uuid:${n}`,
    xaddr: `http://127.0.0.1:${camera.port}/onvif/device_service`,
    credential: 'main',
    every: 30_000,
  })
  let running = true
  const stop = async () => {
    if (running) await events.stop()
    running = false
  }
  cleanUp.push(async () => camera[Symbol.asyncDispose](), stop)
  events.apply({ put: [assigned()], drop: [] })
  return {
    camera,
    events,
    observations,
    session,
    count,
    assigned,
    stop,
    did: () => camera.asked.map(nameOf),
    told: () => observations.map(({ event }) => `${event!.topic} ${event!.active ? 'on' : 'off'}`),
  }
}
/** Each pull answers with the next of these, and then nothing more comes. */
const script =
  (...answers: Answer[]) =>
  (_: Asked, n: number) =>
    answers[n - 1] ?? silence

describe('a subscription', () => {
  it('asks nothing before the login is accepted; then tells changes as observations', async () => {
    const b = await bench({
      PullMessages: script(pulled(message(false, 'Initialized')), pulled(message(true)), pulled(message(false))),
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(b.camera.asked).toHaveLength(0)
    b.events.ready(id)
    await vi.waitFor(() => expect(b.told()).toEqual(['motion on', 'motion off']), soon)
    expect(b.observations[0]).toMatchObject({
      device: id,
      kind: 'event',
      every: 30_000,
      event: { topic: 'motion', active: true, source: 'V1' },
    })
    expect(Math.abs(b.observations[0]!.at - Date.now())).toBeLessThan(5_000)
    expect(b.did().slice(0, 4)).toEqual([
      'GetCapabilities',
      'CreatePullPointSubscription',
      'SetSynchronizationPoint',
      'PullMessages',
    ])
    expect(b.camera.asked.at(-1)!.path).toBe('/sub/1')
    expect(b.events.stats()).toMatchObject({ subscriptions: 1, events: 2, same: 1, faults: 0 })
  })
  it('two notifications in one answer, repetitions, and empty answers', async () => {
    const both =
      message(true) + message(true, 'Changed', 'tns1:RuleEngine/TamperDetector/Tamper').replace('"State"', '"IsTamper"')
    const b = await bench({ PullMessages: script(pulled(both), pulled(both), pulled(), pulled(message(false))) })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.told()).toEqual(['motion on', 'tamper on', 'motion off']), soon)
    expect(new Set(b.observations.map(({ at }) => at)).size).toBe(3)
  })
  it('is ended at the camera when the camera is taken away, and when all stops', async () => {
    const b = await bench({})
    b.events.ready(id)
    await vi.waitFor(() => expect(b.count.PullMessages).toBe(1), soon)
    b.events.apply({ put: [], drop: [id] })
    await vi.waitFor(() => expect(b.count.Unsubscribe).toBe(1), soon)
    expect(b.events.stats()).toMatchObject({ subscriptions: 0 })
    b.events.apply({ put: [b.assigned()], drop: [] })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.count.PullMessages).toBe(2), soon)
    await b.stop()
    expect(b.count.Unsubscribe).toBe(2)
  })
  it('does not hold up the end when the camera does not answer goodbye', async () => {
    const b = await bench({ Unsubscribe: () => silence }, { goodbyeMs: 200 })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.count.PullMessages).toBe(1), soon)
    const began = Date.now()
    await b.stop()
    // The call itself would wait ten seconds for its answer.
    expect(Date.now() - began).toBeLessThan(8_000)
    expect(b.count.Unsubscribe).toBe(1)
  })
})

describe('it survives', () => {
  it('its own restart: an end that it slept through is told, a beginning that it told is not told again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-events-'))
    cleanUp.push(async () => rmSync(folder, { recursive: true }))
    const memory = () => createEventMemory(join(folder, 'events.json'), silentLog)
    const both = (a: boolean, b: boolean) =>
      pulled(message(a, 'Initialized') + message(b, 'Initialized', undefined, 'V2'))
    const before = await bench({ PullMessages: script(both(true, true)) }, { memory: memory() })
    before.events.ready(id)
    await vi.waitFor(() => expect(before.told()).toEqual(['motion on', 'motion on']), soon)
    await before.stop()
    const after = await bench({ PullMessages: script(both(true, false)) }, { memory: memory() })
    after.events.ready(id)
    await vi.waitFor(() => expect(after.events.stats().same).toBe(1), soon)
    await vi.waitFor(() => expect(after.told()).toEqual(['motion off']), soon)
    expect(after.observations[0]!.event!.source).toBe('V2')
    await after.stop()
    writeFileSync(join(folder, 'events.json'), '{"cut')
    expect(memory().load()).toEqual({})
  })
  it.each<[string, Answer]>([
    ['a reboot in the middle of a pull', reset],
    ['a subscription that is over', fault('ResourceUnknownFault')],
    ['HTTP 400 with a page', page],
    ['an answer that is cut off', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<s:Env')],
    ['an answer to something else', ok(soap('<GetSystemDateAndTimeResponse/>'))],
    ['a DOCTYPE', ok('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')],
    ['a flood of bytes', (socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n`)],
  ])('%s: what is so now is told after it', async (_, bad) => {
    const b = await bench({
      PullMessages: script(pulled(message(false, 'Initialized')), bad, pulled(message(true, 'Initialized'))),
    })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.told()).toEqual(['motion on']), soon)
    const later = b.did().slice(b.did().indexOf('PullMessages') + 2)
    expect(later.some((name) => name === 'SetSynchronizationPoint')).toBe(true)
    expect(b.events.stats()).toMatchObject({ faults: 1, subscriptions: 1 })
  })
  it('an answer that drips for ever: the deadline ends it', async () => {
    const b = await bench(
      { PullMessages: script(drip, pulled(message(true, 'Initialized'))) },
      // A pull of 1 s, and 0.1 s for its answer.
      { lastsMs: 2_000, policy: { waitMs: 1_000, callMs: 100 } },
    )
    b.events.ready(id)
    await vi.waitFor(() => expect(b.count.PullMessages).toBe(1), soon)
    const began = performance.now()
    await vi.waitFor(() => expect(b.told()).toEqual(['motion on']), soon)
    expect(performance.now() - began).toBeGreaterThan(900)
  })
  it('renewals that are refused', async () => {
    const b = await bench(
      {
        Renew: () => fault('InvalidArgVal'),
        PullMessages: (_, n) => (n < 3 ? pulled(message(n === 2), 1_000) : silence),
      },
      { lastsMs: 1_000 },
    )
    b.events.ready(id)
    await vi.waitFor(() => expect(b.count.PullMessages).toBe(3), soon)
    expect(b.count.Renew).toBe(1)
    expect(b.told()).toEqual(['motion off', 'motion on'])
  })
  it('a filter that is refused, and one that lets nothing pass', async () => {
    const refused = await bench({
      CreatePullPointSubscription: ({ body }) => (body.includes('<Filter>') ? fault('InvalidFilterFault') : undefined),
      PullMessages: script(pulled(message(true))),
    })
    refused.events.ready(id)
    await vi.waitFor(() => expect(refused.told()).toEqual(['motion on']), soon)
    const deaf = await bench({
      PullMessages: (_, n) => (n === 1 ? pulled() : n === 2 ? pulled(message(true, 'Initialized')) : silence),
    })
    deaf.events.ready(id)
    await vi.waitFor(() => expect(deaf.told()).toEqual(['motion on']), soon)
    expect(deaf.count.Unsubscribe).toBe(1)
  })
  it('a spool that refuses: the camera is asked again for what was not stored', async () => {
    let full = true
    const stored: Observation[] = []
    const b = await bench(
      { PullMessages: (_, n) => (n < 3 ? pulled(message(true, n === 1 ? 'Changed' : 'Initialized')) : silence) },
      {
        async emit(observation) {
          if (full) {
            full = false
            throw new Error('disk full')
          }
          stored.push(observation)
        },
      },
    )
    b.events.ready(id)
    await vi.waitFor(() => expect(stored).toHaveLength(1), soon)
    expect(b.count.SetSynchronizationPoint).toBe(2)
    expect(b.events.stats()).toMatchObject({ notStored: 1, events: 1 })
  })
  it('a Hello in the middle of a pull: it asks at once what is so', async () => {
    const b = await bench({
      PullMessages: script(pulled(message(false, 'Initialized')), silence, pulled(message(true, 'Initialized'))),
    })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.count.PullMessages).toBe(2), soon)
    b.events.hello('urn:uuid:unknown')
    b.events.hello('urn:uuid:1')
    await vi.waitFor(() => expect(b.told()).toEqual(['motion on']), soon)
    expect(b.events.stats().faults).toBe(0)
  })
})

describe('it spares the camera', () => {
  it('a wrong login is tried twice, together with the probes', async () => {
    const b = await bench({ CreatePullPointSubscription: () => fault('NotAuthorized') })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.events.stats().faults).toBe(1), soon)
    for (let n = 0; n < 3; n++) {
      b.events.ready(id)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const tries = b.camera.asked.filter(({ body }) => body.includes('Security'))
    expect(tries).toHaveLength(2)
    await expect(b.session.call(soap('<CreatePullPointSubscription/>'))).rejects.toMatchObject({
      reason: 'unauthorised',
    })
    expect(b.camera.asked.filter(({ body }) => body.includes('Security'))).toHaveLength(2)
  })
  it('rests after a refusal only until a probe finds the login taken again', async () => {
    let right = false
    const b = await bench({ CreatePullPointSubscription: () => (right ? undefined : fault('NotAuthorized')) })
    b.events.ready(id)
    await vi.waitFor(() => expect(b.events.stats().faults).toBe(1), soon)
    const probed = (verdict: 'pass' | 'degraded', reason?: 'unauthorised') =>
      b.events.probed({
        device: id,
        at: 1,
        kind: 'probe',
        verdict,
        rung: 'authenticated',
        every: 1_000,
        ...(reason && { reason }),
      })
    probed('pass')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(b.events.stats().subscriptions).toBe(0)
    probed('degraded', 'unauthorised')
    right = true
    b.session.allowAnotherTry()
    probed('pass')
    await vi.waitFor(() => expect(b.events.stats().subscriptions).toBe(1), soon)
  })
  it('one without pull points is asked once, and its place goes to the next', async () => {
    const without = ok(soap('<GetCapabilitiesResponse><Capabilities><Media/></Capabilities></GetCapabilitiesResponse>'))
    const b = await bench(
      { GetCapabilities: (_, n) => (n === 1 ? without : undefined) },
      { config: { enabled: true, maxSubscriptions: 1 } },
    )
    b.events.apply({ put: [b.assigned(1), b.assigned(2), b.assigned(3)], drop: [] })
    for (const n of [1, 2, 3]) b.events.ready(b.assigned(n).id)
    await vi.waitFor(
      () => expect(b.events.stats()).toMatchObject({ unsupported: 1, subscriptions: 1, waiting: 1 }),
      soon,
    )
    b.events.apply({ put: [], drop: [b.assigned(2).id] })
    await vi.waitFor(() => expect(b.events.stats()).toMatchObject({ subscriptions: 1, waiting: 0 }), soon)
    expect(b.count.CreatePullPointSubscription).toBe(2)
  })
  it('nothing at all is asked when events are off', async () => {
    const b = await bench({}, { config: { enabled: false, maxSubscriptions: 10 } })
    b.events.ready(id)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(b.camera.asked).toHaveLength(0)
  })
  it('a camera that was dead is subscribed again when a probe finds it alive', async () => {
    const probe = (verdict: Observation['verdict']): Observation => ({
      device: id,
      at: Date.now(),
      kind: 'probe',
      verdict,
      rung: 'answers',
      every: 30_000,
    })
    const policy = { firstBackOffMs: defaultPolicy.firstBackOffMs }
    const b = await bench({ CreatePullPointSubscription: (_, n) => (n < 6 ? reset : undefined) }, { policy })
    b.events.ready(id)
    // 0.5, 1, 2, 4 s of back-off come; each probe that finds it back cuts one short.
    await vi.waitFor(
      () => {
        b.events.probed(probe('fail'))
        b.events.probed(probe('pass'))
        expect(b.count.PullMessages).toBe(1)
      },
      { timeout: 3_000, interval: 20 },
    )
  })
})

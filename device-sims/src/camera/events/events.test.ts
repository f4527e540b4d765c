import { beforeEach, describe, expect, it } from 'vitest'
import { manualClock } from '../../clock.ts'
import { cameraEffects } from '../../faults/camera-effects.ts'
import { createTruthLog } from '../../faults/truth.ts'
import { generateFleet } from '../../fleet/generate.ts'
import { answerSoap } from '../answer.ts'
import { type Camera, createCamera } from '../camera.ts'
import { ns } from '../namespaces.ts'
import { profileNamed } from '../profiles/index.ts'
import { passwordDigest } from '../token.ts'
import { child, readXml, textAt } from '../xml.ts'
import { createEvents } from './raise.ts'

const fleet = generateFleet({ seed: 5, cameras: 4, sensors: 0 })
const ports = { http: 8000, https: 8443, rtsp: 8554, discovery: 3702 }
const start = Date.UTC(2026, 4, 6, 7, 8, 9)
let clock = manualClock(start)
let cameras: Camera[]
let truth = createTruthLog()
let events = createEvents([], clock, truth)

beforeEach(() => {
  clock = manualClock(start)
  cameras = fleet.cameras.map((spec) => createCamera(spec, profileNamed('plain'), fleet.login))
  truth = createTruthLog()
  events = createEvents(cameras, clock, truth)
})

function ask(n: number, namespace: string, name: string, inner = '', target = '/onvif/event_service') {
  const created = new Date(clock.now()).toISOString()
  const token = `<s:Header><w:Security xmlns:w="${ns.security}"><w:UsernameToken><w:Username>admin</w:Username><w:Password Type="x#PasswordDigest">${passwordDigest('AAAA', created, fleet.login.password)}</w:Password><w:Nonce>AAAA</w:Nonce><Created>${created}</Created></w:UsernameToken></w:Security></s:Header>`
  const text = `<s:Envelope xmlns:s="${ns.soap}">${token}<s:Body><${name} xmlns="${namespace}">${inner}</${name}></s:Body></s:Envelope>`
  const answer = answerSoap(cameras[n]!, ports, { text, authorization: undefined, target }, clock.now(), () => false)
  return { status: answer.status, later: answer.later, body: answer.body.toString() }
}
const subscribe = (n: number, inner = '<InitialTerminationTime>PT1M</InitialTerminationTime>') => {
  const { body } = ask(n, ns.events, 'CreatePullPointSubscription', inner)
  const url = new URL(
    textAt(
      child(child(readXml(body), 'Body'), 'CreatePullPointSubscriptionResponse'),
      'SubscriptionReference',
      'Address',
    )!,
  )
  return url.pathname + url.search
}
const pull = (n: number, target: string, timeout = 'PT20S', limit = 10) =>
  ask(n, ns.events, 'PullMessages', `<Timeout>${timeout}</Timeout><MessageLimit>${limit}</MessageLimit>`, target)
const told = (body: string) =>
  [
    ...body.matchAll(
      /tns1:([\w/]+)<.*?PropertyOperation="(\w+)".*?<tt:Data><tt:SimpleItem Name="(\w+)" Value="(\w+)"/g,
    ),
  ].map(([, topic, operation, item, value]) => `${operation} ${topic} ${item}=${value}`)
const id = () => fleet.cameras[0]!.id

describe('a pull point', () => {
  it('tells every state first, and then only what changes', () => {
    events.raise({ match: { id: id() }, topic: 'tamper', active: true })
    const point = subscribe(0)
    expect(told(pull(0, point).body)).toEqual([
      'Initialized RuleEngine/CellMotionDetector/Motion IsMotion=false',
      'Initialized VideoSource/GlobalSceneChange/ImagingService State=true',
      'Initialized VideoSource/SignalLoss State=false',
      'Initialized Device/Trigger/DigitalInput LogicalState=false',
    ])
    expect(events.raise({ match: { id: id() }, topic: 'motion', active: true })).toBe(1)
    expect(events.raise({ match: { id: id() }, topic: 'motion', active: true })).toBe(0)
    expect(told(pull(0, point).body)).toEqual(['Changed RuleEngine/CellMotionDetector/Motion IsMotion=true'])
  })
  it('holds a pull until something happens, and asks for as many messages as are wanted', () => {
    const point = subscribe(0)
    expect(told(pull(0, point, 'PT20S', 3).body)).toHaveLength(3)
    expect(told(pull(0, point).body)).toHaveLength(1)
    const { later } = pull(0, point)
    expect(later?.ms).toBe(20_000)
    let woken = 0
    later!.when(() => woken++)
    events.raise({ match: {}, topic: 'motion', active: true })
    expect(woken).toBe(1)
    expect(told(later!.answer(clock.now()).body.toString())).toHaveLength(1)
    expect(pull(0, point, 'PT0S').later).toBeUndefined()
  })
  it('ends at its time unless it is renewed, and when it is told to', () => {
    const point = subscribe(0)
    clock.moveTo(start + 50_000)
    expect(ask(0, ns.notification, 'Renew', '<TerminationTime>PT30S</TerminationTime>', point).body).toContain(
      '07:09:29',
    )
    clock.moveTo(start + 79_000)
    expect(pull(0, point).status).toBe(200)
    clock.moveTo(start + 80_001)
    expect(pull(0, point)).toMatchObject({ status: 400, body: expect.stringContaining('ResourceUnknownFault') })
    const other = subscribe(0)
    expect(ask(0, ns.notification, 'Unsubscribe', '', other).status).toBe(200)
    expect(pull(0, other).status).toBe(400)
  })
  it('is forgotten when the power goes; what is so then is told to the next one', () => {
    const point = subscribe(0)
    const effects = cameraEffects(cameras, fleet.login, {
      reset() {},
      restarted: () => [],
      hello() {},
      changed() {},
    })
    effects.begin(fleet.cameras[0]!, 'power-off', undefined)
    events.raise({ match: { id: id() }, topic: 'motion', active: true })
    effects.end(fleet.cameras[0]!, 'power-off')
    expect(pull(0, point).status).toBe(400)
    expect(told(pull(0, subscribe(0)).body)[0]).toBe('Initialized RuleEngine/CellMotionDetector/Motion IsMotion=true')
  })
  it('takes a filter', () => {
    const filter = (text: string) =>
      subscribe(0, `<Filter><t:TopicExpression xmlns:t="${ns.notification}">${text}</t:TopicExpression></Filter>`)
    expect(
      told(pull(0, filter('tns1:VideoSource//.|tns1:Device/Trigger//.')).body).map((line) => line.split(' ')[1]),
    ).toEqual(['VideoSource/GlobalSceneChange/ImagingService', 'VideoSource/SignalLoss', 'Device/Trigger/DigitalInput'])
    expect(pull(0, filter('tns1:AudioAnalytics//.')).later).toBeDefined()
  })
  it('a camera allows ten, and wants a login for each', () => {
    for (let n = 0; n < 10; n++) subscribe(0)
    expect(ask(0, ns.events, 'CreatePullPointSubscription').body).toContain('SubscribeCreationFailedFault')
    const bare = `<s:Envelope xmlns:s="${ns.soap}"><s:Body><CreatePullPointSubscription xmlns="${ns.events}"/></s:Body></s:Envelope>`
    expect(answerSoap(cameras[1]!, ports, { text: bare, authorization: undefined }, start, () => false)).toMatchObject({
      status: 400,
      body: expect.stringContaining('NotAuthorized'),
    })
  })
})

describe('what happens', () => {
  it('costs only the cameras that it happens to, and is in the ground truth', () => {
    events.raise({ match: { id: id() }, topic: 'video-loss', active: true })
    clock.moveTo(start + 5)
    events.raise({ match: {}, topic: 'video-loss', active: false })
    expect(truth.entries).toEqual([
      { at: start, device: id(), what: 'video-loss', phase: 'began' },
      { at: start + 5, device: id(), what: 'video-loss', phase: 'ended' },
    ])
    expect(cameras.map((camera) => camera.events !== undefined)).toEqual([true, false, false, false])
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readEnvelope } from '../onvif/soap.ts'
import { parseXml } from '../onvif/xml.ts'
import { pullRequest, readLasting, readPullPoint, readServicePath } from './calls.ts'
import { messageLimit, type Notification, readPulled } from './notification.ts'
import { Properties } from './properties.ts'
import { meaningOf } from './topics.ts'

const text = (name: string) => readFileSync(new URL(`./fixtures/${name}.xml`, import.meta.url), 'utf8')
const bodyOf = (name: string) => readEnvelope(text(name)).body

describe('what cameras call it', () => {
  it.each([
    ['tns1:RuleEngine/CellMotionDetector/Motion', 'motion'],
    ['tns1:RuleEngine/MotionRegionDetector/Motion', 'motion'],
    ['tns1:VideoSource/MotionAlarm', 'motion'],
    ['tns1:VideoAnalytics/tnsaxis:MotionDetection', 'motion'],
    ['tns1:VideoSource/GlobalSceneChange/ImagingService', 'tamper'],
    ['tns1:VideoSource/GlobalSceneChange', 'tamper'],
    ['tns1:RuleEngine/TamperDetector/Tamper', 'tamper'],
    ['tns1:VideoSource/ImageTooDark/AnalyticsService', 'tamper'],
    ['tns1:VideoSource/tnsaxis:Tampering', 'tamper'],
    ['tns1:VideoSource/SignalLoss', 'video-loss'],
    // Bosch FLEXIDOME IP starlight 8000i 7.70.0126, in GetEventProperties.
    ['tns1:VideoSource/SignalLoss/AnalyticsService', 'video-loss'],
    ['tns1:VideoSource/ImageTooBlurry/RecordingService', 'tamper'],
    ['tns1:VideoSource/SignalLoss/Other', undefined],
    ['tns1:Device/Trigger/DigitalInput/AnalyticsService', undefined],
    ['tns1:VideoSource/VideoLoss', 'video-loss'],
    ['tns1:Device/Trigger/DigitalInput', 'digital-input'],
    [' tns1:Device / tns1:Trigger / tns1:DigitalInput ', 'digital-input'],
    ['tns1:Device/Trigger/Relay', undefined],
    ['tns1:RuleEngine/CounterDetector/Counter', undefined],
    ['tns1:VideoSource/ImageTooDark/AnalyticsService/More', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s', (path, topic) => expect(meaningOf(path)?.topic).toBe(topic))
})

describe('what they tell', () => {
  it('a source, without what nobody can see', () => {
    const hidden = text('hikvision-pulled').replace('Value="VideoSourceToken"', 'Value="\u202e东&#7;门"')
    expect(readPulled(readEnvelope(hidden).body).notifications[0]).toMatchObject({ source: '东门' })
  })
  it('Hikvision: a change, a state, and what is of no concern', () => {
    expect(readPulled(bodyOf('hikvision-pulled'))).toMatchObject({
      messages: 3,
      odd: 0,
      notifications: [
        { topic: 'motion', active: true, source: 'VideoSourceToken', initial: false },
        { topic: 'tamper', active: false, source: 'VideoSourceToken', initial: true },
      ],
    })
  })
  it('Axis: topics of its own, windows apart from inputs', () => {
    expect(readPulled(bodyOf('axis-pulled')).notifications).toMatchObject([
      { topic: 'motion', active: true, source: '0' },
      { topic: 'digital-input', active: true, source: '3' },
    ])
  })
  it('odd prefixes, attributes in any order, no operation, one deleted, one that says neither yes nor no', () => {
    expect(readPulled(bodyOf('odd-prefixes-pulled'))).toMatchObject({
      messages: 3,
      odd: 1,
      notifications: [
        { topic: 'motion', active: true, initial: false },
        { topic: 'video-loss', active: false },
      ],
    })
  })
  it('no more than was asked for is read', () => {
    const one = /<wsnt:NotificationMessage>.*?Motion.*?<\/wsnt:NotificationMessage>/s.exec(text('hikvision-pulled'))![0]
    const many = parseXml(`<Body><PullMessagesResponse>${one.repeat(messageLimit + 50)}</PullMessagesResponse></Body>`)
    expect(readPulled(many)).toMatchObject({ messages: messageLimit + 50, notifications: { length: messageLimit } })
  })
})

describe('a subscription’s address', () => {
  it('Axis: its reference parameter is said back with its namespace', () => {
    const point = readPullPoint(bodyOf('axis-created'), text('axis-created'), '/fallback')
    expect(point).toEqual({
      path: '/onvif/services',
      address: 'http://192.168.1.24/onvif/services',
      parameters:
        '<p:SubscriptionId xmlns:p="http://www.axis.com/2009/event" xmlns:wsa="http://www.w3.org/2005/08/addressing" wsa:IsReferenceParameter="true">297</p:SubscriptionId>',
    })
    const header = parseXml(pullRequest(point, 55_000)).children[0]!
    expect(header.children.map(({ name, text }) => `${name}: ${text}`)).toEqual([
      'Action: http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest',
      'To: http://192.168.1.24/onvif/services',
      'SubscriptionId: 297',
    ])
  })
  it('behind NAT: only its path is used, whatever host it names', () => {
    const point = readPullPoint(bodyOf('nat-created'), text('nat-created'), '/fallback')
    expect(point.path).toBe('/onvif/Events/PullSubManager_2026?Idx=7&x=1')
  })
  it.each([
    ['/only/a/path', '/only/a/path'],
    ['javascript:alert(1)', '/fallback'],
    ['http://[bad', '/fallback'],
    ['http://a/x\r\nHost: evil', '/xHost:%20evil'],
    ['', '/fallback'],
    // EZVIZ DS-2DE2C400IG-W-W V5.3.8: a percent sign that escapes nothing.
    [
      'http://10.9.9.9/onvif/Events/PullSubManager_2026-10-07%17:46:23_0',
      '/onvif/Events/PullSubManager_2026-10-07%17:46:23_0',
    ],
  ])('%j → %s', (address, path) => {
    const xml = `<Body><CreatePullPointSubscriptionResponse><SubscriptionReference><Address>${address}</Address></SubscriptionReference></CreatePullPointSubscriptionResponse></Body>`
    expect(readPullPoint(parseXml(xml), xml, '/fallback').path).toBe(path)
  })
  it('lasts as long as its times say, and is asked again when they say nothing', () => {
    expect(readLasting(bodyOf('axis-created').children[0])).toBe(180_000)
    expect(readLasting(bodyOf('odd-prefixes-pulled').children[0])).toBe(60_000)
    expect(readLasting(bodyOf('nat-created').children[0])).toBeUndefined()
    expect(readLasting(undefined)).toBeUndefined()
  })
  it('the event service is where the camera has it, or nowhere', () => {
    const capabilities = (inner: string) =>
      readServicePath(
        parseXml(
          `<Body><GetCapabilitiesResponse><Capabilities>${inner}</Capabilities></GetCapabilitiesResponse></Body>`,
        ),
      )
    expect(capabilities('<Events><XAddr>http://10.9.9.9/onvif/Events</XAddr></Events>')).toBe('/onvif/Events')
    // Bosch FLEXIDOME IP starlight 8000i 7.70, Autodome IP starlight 5000i 7.80, FLEXIDOME indoor 5100i IR 8.71, panoramic 5100i 9.00.
    const denied = '<Events><XAddr>http://a/e</XAddr><WSPullPointSupport>false</WSPullPointSupport></Events>'
    expect(capabilities(denied)).toBe('/e')
    expect(capabilities('<Media/>')).toBeNull()
    expect(readServicePath(parseXml('<Body><Other/></Body>'))).toBeUndefined()
  })
})

describe('what is known of a camera’s properties', () => {
  const now = 1_800_000_000_000
  const said = (active: boolean, initial = false, property = 'p'): Notification => ({
    topic: 'motion',
    source: undefined,
    active,
    initial,
    property,
  })
  const weigh = (properties: Properties, n: Notification, at = now) => {
    const verdict = properties.weigh(n, at)
    if (verdict === 'new') properties.reported(properties.dated(n, at))
    return verdict
  }
  it('reports changes once, and a first state only when something is the matter', () => {
    const p = new Properties()
    expect(weigh(p, said(false, true))).toBe('same')
    expect(weigh(p, said(true))).toBe('new')
    expect(weigh(p, said(true, true))).toBe('same')
    expect(weigh(p, said(false, true))).toBe('new')
    expect(weigh(p, said(false))).toBe('same')
    expect(weigh(p, said(true, true, 'other'))).toBe('new')
    expect(weigh(p, said(false, false, 'third'))).toBe('new')
  })
  it('gives each event an instant of its own', () => {
    const p = new Properties()
    const times = [true, false, true].map((active) => {
      const change = p.dated(said(active), now)
      p.reported(change)
      return change.at - now
    })
    expect(times).toEqual([0, 1, 2])
  })
  it('holds a camera that flickers or invents properties to a bound, and hears it again after', () => {
    const p = new Properties()
    const verdicts = Array.from({ length: 1_000 }, (_, n) => weigh(p, said(n % 2 === 0)))
    expect(verdicts.filter((v) => v === 'new')).toHaveLength(600)
    expect(weigh(p, said(true), now + 60_000)).toBe('new')
    const inventive = new Properties()
    const seen = Array.from({ length: 1_000 }, (_, n) => weigh(inventive, said(true, false, `p${n}`), now + n * 1_000))
    expect(seen.filter((v) => v === 'new')).toHaveLength(256)
  })
  it('does not take for known what could not be reported', () => {
    const p = new Properties()
    expect(p.weigh(said(true), now)).toBe('new')
    expect(p.weigh(said(true), now)).toBe('new')
  })
})

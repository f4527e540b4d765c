/** Alerts of CAP 1.2: what no schema holds is named exactly; what is made of an incident keeps to all of it. */
import { type CapAlert, districtCodes, errorMessage, incidentTypeNames } from '@hub/contracts'
import { describe, expect, it, test } from 'vitest'
import { capFaults, capTime } from './cap.ts'
import { capPlace, doubtfulPlaces } from './cap-area.ts'
import { type CapOptions, capIdentifier, capOf, type WarnedIncident } from './cap-of.ts'
import { capChains, nextCap } from './cap-standing.ts'
import { capColourOf, capTypeOf } from './cap-words.ts'

const square = '26.8,112.5 26.8,112.7 27.0,112.7 27.0,112.5 26.8,112.5'
const info = (area: object = {}, more: object = {}) => ({
  category: ['Met' as const],
  event: '暴雨',
  urgency: 'Immediate' as const,
  severity: 'Severe' as const,
  certainty: 'Observed' as const,
  area: [{ areaDesc: '珠晖区', ...area }],
  ...more,
})
const alert = (more: Partial<CapAlert> = {}): CapAlert => ({
  identifier: 'one',
  sender: 'met.example',
  sent: '2027-01-15T08:00:00+08:00',
  status: 'Actual',
  msgType: 'Alert',
  scope: 'Public',
  info: [info({ polygon: [square] })],
  ...more,
})
const said = (one: CapAlert) => capFaults(one).map((fault) => errorMessage('request.invalid', fault))
const inArea = (area: object) => alert({ info: [info(area)] })
const polygon = (text: string) => inArea({ polygon: [text] })
const circle = (text: string) => inArea({ circle: [text] })

test('an alert that keeps to the rules has no fault', () => {
  expect(said(alert())).toEqual([])
  expect(said(circle('26.8946,112.6206 2.5'))).toEqual([])
  expect(said(circle('26.8946,112.6206 0'))).toEqual([])
  expect(said(alert({ sent: '2027-01-15T00:00:00-00:00' }))).toEqual([])
  expect(said(alert({ scope: 'Restricted', restriction: '内部' }))).toEqual([])
  expect(said(inArea({ altitude: '10', ceiling: '20' }))).toEqual([])
  expect(said(alert({ msgType: 'Update', references: 'met.example,zero,2027-01-15T07:59:59+08:00' }))).toEqual([])
})

describe('is named exactly:', () => {
  const zulu = 'must have a numeric offset (+08:00), not Z'
  const pairs = 'must be pairs latitude,longitude parted by spaces'
  const swapped = 'latitude comes first and is -90 to 90: the two are swapped'
  const name = 'must be 1 to 128 characters without space, comma, < and &'
  const triple = 'must be sender,identifier,sent, several parted by spaces'
  const time = 'must be YYYY-MM-DDThh:mm:ss+hh:mm'
  const crosses = 'crosses or touches itself'
  const bow = '26.8,112.5 27.0,112.7 26.8,112.7 27.0,112.5 26.8,112.5'
  const area = 'info[1].area[1]'
  it.each<[string, CapAlert, string]>([
    ['an identifier with a space', alert({ identifier: 'a b' }), `identifier is a b: ${name}`],
    ['an identifier with a comma', alert({ identifier: 'a,b' }), `identifier is a,b: ${name}`],
    ['a sender with <', alert({ sender: 'a<b' }), `sender is a<b: ${name}`],
    ['a sender with &', alert({ sender: 'a&b' }), `sender is a&b: ${name}`],
    ['Z', alert({ sent: '2027-01-15T00:00:00Z' }), `sent is 2027-01-15T00:00:00Z: ${zulu}`],
    ['toISOString', alert({ sent: '2027-01-15T00:00:00.000Z' }), `sent is 2027-01-15T00:00:00.000Z: ${zulu}`],
    [
      'a fraction',
      alert({ sent: '2027-01-15T08:00:00.5+08:00' }),
      'sent is 2027-01-15T08:00:00.5+08:00: must have no fraction of a second',
    ],
    ['no offset', alert({ sent: '2027-01-15T08:00:00' }), `sent is 2027-01-15T08:00:00: ${time}`],
    ['30 February', alert({ sent: '2027-02-30T08:00:00+08:00' }), `sent is 2027-02-30T08:00:00+08:00: ${time}`],
    [
      'a restriction of a public one',
      alert({ restriction: '内部' }),
      'restriction is 内部: goes with scope Restricted, and only with it',
    ],
    [
      'a private one without addresses',
      alert({ scope: 'Private' }),
      'addresses is missing: is needed with scope Private',
    ],
    ['a Cancel of nothing', alert({ msgType: 'Cancel' }), 'references is missing: is needed with msgType Cancel'],
    [
      'a reference of two parts',
      alert({ references: 'met.example,zero' }),
      `references is met.example,zero: ${triple}`,
    ],
    [
      'a reference to itself',
      alert({ references: 'met.example,one,2027-01-15T08:00:00+08:00' }),
      'references is met.example,one,2027-01-15T08:00:00+08:00: must not be the message itself',
    ],
    [
      'a reference that is later, by another offset',
      alert({ references: 'met.example,zero,2027-01-15T00:00:01+00:00' }),
      'references is met.example,zero,2027-01-15T00:00:01+00:00: must not be later than sent (2027-01-15T08:00:00+08:00)',
    ],
    ['a polygon of a fruit', polygon('banana'), `${area}.polygon[1] is banana: ${pairs}`],
    [
      'a polygon of three pairs',
      polygon('26.8,112.5 26.8,112.7 26.8,112.5'),
      `${area}.polygon[1] is 26.8,112.5 26.8,112.7 26.8,112.5: must have at least four pairs`,
    ],
    [
      'a polygon without its last pair',
      polygon('26.8,112.5 26.8,112.7 27.0,112.7 27.0,112.5'),
      `${area}.polygon[1] is 26.8,112.5 26.8,112.7 27.0,112.7 27.0,112.5: must end with the pair that it begins with`,
    ],
    ['a bow', polygon(bow), `${area}.polygon[1] is ${bow}: ${crosses}`],
    [
      'a line there and back',
      polygon('26.8,112.5 26.9,112.5 27.0,112.5 26.8,112.5'),
      `${area}.polygon[1] is 26.8,112.5 26.9,112.5 27.0,112.5 26.8,112.5: ${crosses}`,
    ],
    [
      'a swapped circle, whose longitude would be one of latitude',
      circle('112.6206,26.8946 2'),
      `${area}.circle[1] is 112.6206,26.8946 2: ${swapped}`,
    ],
    [
      'a circle far too far east',
      circle('26.9,212.6 2'),
      `${area}.circle[1] is 26.9,212.6 2: the longitude must be -180 to 180`,
    ],
    [
      'a circle without a radius',
      circle('26.8946,112.6206'),
      `${area}.circle[1] is 26.8946,112.6206: must be latitude,longitude and a radius in km`,
    ],
    [
      'a radius around the globe',
      circle('26.9,112.6 20101'),
      `${area}.circle[1] is 26.9,112.6 20101: the radius must be 0 to 20,100 km`,
    ],
    ['a ceiling by itself', inArea({ ceiling: '100' }), `${area}.ceiling is 100: needs altitude`],
    [
      'an onset with Z',
      alert({ info: [info({}, { onset: '2027-01-15T00:00:00Z' })] }),
      `info[1].onset is 2027-01-15T00:00:00Z: ${zulu}`,
    ],
  ])('%s', (_, one, message) => expect(said(one)).toEqual([message]))

  it('a swapped polygon', () => {
    const back = square.replace(/(\S+),(\S+)/g, '$2,$1')
    expect(capFaults(polygon(back))[0]?.limit).toBe('limit:cap-swapped')
  })
})

test('what may be either way round is a hint, and only that', () => {
  // 80° north, 40° east lies in the Arctic; 40° north, 80° east in Xinjiang.
  expect(said(circle('80,40 5'))).toEqual([])
  expect(doubtfulPlaces(circle('80,40 5'))).toEqual(['80,40 5'])
  expect(doubtfulPlaces(circle('40,80 5'))).toEqual([])
})

test('the place is in the city where the alert touches it, and only there', () => {
  expect(capPlace(circle('26.8946,112.6206 2'))).toEqual({
    district: '430405',
    point: { latitude: 26.8946, longitude: 112.6206 },
  })
  expect(capPlace(circle('28.2,112.98 200'))).toMatchObject({ point: null })
  expect(capPlace(circle('39.9,116.4 50'))).toBeUndefined()
  expect(capPlace(inArea({ geocode: [{ valueName: 'GB/T 2260', value: '430426' }] }))).toEqual({
    district: '430426',
    point: null,
  })
})

const incident: WarnedIncident = {
  number: 'YJ-20270115-0001',
  drill: false,
  title: '解放路 <积水> & 倒灌',
  type: 'flood',
  level: 3,
  warning: 'orange',
  status: 'verified',
  district: '430405',
  address: '解放路 1 号',
  point: { longitude: 112.6206, latitude: 26.8946 },
}
const options: CapOptions = {
  msgType: 'Alert',
  sender: 'emergency.hengyang.example',
  senderName: '衡阳市应急指挥中心',
  identifier: 'x',
  sent: Date.parse('2027-01-15T08:00:00+08:00'),
  references: [],
  radiusMetres: 1_500,
  expiresHours: 24,
}

test('an alert of an incident says what it is, in both languages', () => {
  const made = capOf(incident, options)
  expect(made).toMatchObject({
    sent: '2027-01-15T08:00:00+08:00',
    status: 'Actual',
    info: [
      {
        language: 'zh-CN',
        event: '洪涝',
        severity: 'Moderate',
        certainty: 'Observed',
        expires: '2027-01-16T08:00:00+08:00',
      },
      { language: 'en-US', headline: 'Warning: Flood, Zhuhui', area: [{ circle: ['26.894600,112.620600 1.5'] }] },
    ],
  })
  expect(capColourOf(made)).toBe('orange')
  expect(capTypeOf(made)).toBe('flood')
  expect(capOf({ ...incident, drill: true }, options)).toMatchObject({
    status: 'Exercise',
    info: [{ headline: '【演练】预警：解放路 <积水> & 倒灌' }, { headline: '[Exercise] Warning: Flood, Zhuhui' }],
  })
  const references = [{ sender: made.sender, identifier: made.identifier, sent: made.sent }]
  const cancel = capOf(incident, { ...options, identifier: 'y', msgType: 'Cancel', references })
  expect(cancel).toMatchObject({
    references: 'emergency.hengyang.example,x,2027-01-15T08:00:00+08:00',
    info: [{ responseType: ['AllClear'], urgency: 'Past' }, {}],
  })
  expect(capFaults(cancel)).toEqual([])
})

test('whatever the type, the level and the district, with a point or without: no fault', () => {
  for (const type of incidentTypeNames)
    for (const district of districtCodes)
      for (const level of [null, 1, 4])
        for (const point of [incident.point, null])
          expect(said(capOf({ ...incident, type, district, level, point }, options))).toEqual([])
})

test('an identifier is of GB/T 35965.1, and no two of a second are one', () => {
  const taken = new Set<string>()
  for (;;) {
    const one = capIdentifier('43040012345678', options.sent, (id) => taken.has(id))
    if (!one) break
    expect(one).toMatch(/^\d{6}[0-9A-Z]{8}_20270115080000_[1-9A-Z]$/)
    expect(one).toHaveLength(31)
    taken.add(one)
  }
  expect(taken.size).toBe(35)
  expect(capTime(options.sent)).toBe('2027-01-15T08:00:00+08:00')
})

test('an alert stands until its latest is a Cancel, in whatever order they come', () => {
  const link = (name: string, msgType: 'Alert' | 'Update' | 'Cancel', sentAt: number, ...references: string[]) => ({
    name,
    msgType,
    sentAt,
    seq: sentAt,
    references,
  })
  const [a, u, c] = [link('a', 'Alert', 1), link('u', 'Update', 2, 'a'), link('c', 'Cancel', 3, 'a')]
  const other = link('b', 'Alert', 1)
  const stands = (...all: (typeof a)[]) => capChains(all).map((chain) => chain.stands)
  expect(stands(a)).toEqual([true])
  for (const order of [
    [a, u, c],
    [c, u, a],
    [u, a, c],
    [a, c, u],
  ])
    expect(stands(...order)).toEqual([false])
  expect(stands(a, c, other).sort()).toEqual([false, true])
  expect(nextCap([], false)).toEqual(['Alert'])
  expect(nextCap(capChains([a]), false)).toEqual(['Update', 'Cancel'])
  expect(nextCap(capChains([a]), true)).toEqual(['Cancel'])
  expect(nextCap(capChains([a, c]), false)).toEqual(['Alert'])
  expect(nextCap(capChains([a, c]), true)).toEqual([])
})

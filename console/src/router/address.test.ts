import { expect, test } from 'vitest'
import { type Address, changed, formatAddress, fresh, parseAddress, someOf } from './address.ts'

const parse = (path: string) => parseAddress(new URL(path, 'http://hub'))
const device = '43040500001320000001'

test.each<[string, Partial<Address>]>([
  ['/', { page: 'overview' }],
  ['/?district=430426', { page: 'overview', district: '430426' }],
  ['/devices', { page: 'devices' }],
  [`/devices?device=${device}`, { page: 'devices', device }],
  [`/devices?device=${device}&span=1000-2000`, { page: 'devices', device, span: { from: 1_000, to: 2_000 } }],
  ['/settings/registry', { page: 'settings', below: 'registry' }],
  ['/outages/o-17', { page: 'outages', below: 'o-17' }],
  ['/nowhere', { page: 'nowhere' }],
])('%s is read and written back', (url, expected) => {
  const { query, ...address } = parse(url)
  expect(address).toEqual({ below: '', district: null, device: null, span: null, ...expected })
  expect(query.size).toBe(0)
  expect(formatAddress({ ...address, query })).toBe(url)
})

test("a page's own part of the query is kept as it is, between the district and the drawer", () => {
  const url = `/map?district=430426&state=down&state=degraded&at=112.6000%2C26.8900%2C13.00&device=${device}`
  expect(parse(url).query.getAll('state')).toEqual(['down', 'degraded'])
  expect(formatAddress(parse(url))).toBe(url)
})

test('what is malformed is left out', () => {
  expect(parse('/devices?district=110000&device=7')).toMatchObject({ district: null, device: null })
  expect(parse('/map?span=1000-2000').span).toBeNull()
  expect(parse(`/map?device=${device}&span=2000-1000`).span).toBeNull()
  expect(parse('/outages/%zz').below).toBe('%zz')
})

test('what is adjusted on a page leaves the rest of its query; null takes a name out', () => {
  const before = parse('/devices?district=430426&state=down&search=x')
  expect(formatAddress(changed(before, { query: { search: null, order: 'code' } }))).toBe(
    '/devices?district=430426&state=down&order=code',
  )
  expect(formatAddress(changed(before, { device }))).toBe(
    `/devices?district=430426&state=down&search=x&device=${device}`,
  )
})

test('another page, another tab and another thing begin with an empty query', () => {
  const before = parse('/devices?district=430426&state=down')
  expect(formatAddress(changed(before, { page: 'map', device }))).toBe(`/map?district=430426&device=${device}`)
  expect(formatAddress(changed(parse('/outages?view=closed'), { below: 'o-17' }))).toBe('/outages/o-17')
  expect(formatAddress(changed(parse('/outages/o-17'), { page: 'orders' }))).toBe('/orders')
})

test('a link leads to another page in the same district, with the drawer shut', () => {
  const at = parse(`/devices?district=430426&state=down&device=${device}`)
  expect(formatAddress(fresh(at, { page: 'settings', below: 'registry' }))).toBe('/settings/registry?district=430426')
  expect(formatAddress(fresh(at, { page: 'devices' }))).toBe('/devices?district=430426')
  expect(formatAddress(fresh(at, { page: 'overview', district: null }))).toBe('/')
})

test('of what is asked for, what is allowed counts, in the order of the allowed', () =>
  expect(someOf(new URLSearchParams('c=x&c=b&c=a'), 'c', ['a', 'b'])).toEqual(['a', 'b']))

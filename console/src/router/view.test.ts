import { describe, expect, test } from 'vitest'
import { noOutages } from '../outages/query.ts'
import { noRates } from '../rates/query.ts'
import { formatView, home, noFilter, parseView, type View } from './view.ts'

const parse = (path: string) => parseView(new URL(path, 'http://hub'))
const device = '43040500001320000001'

describe('a view and its address', () => {
  test.each<[string, Partial<View>]>([
    ['/', {}],
    ['/?district=430426', { district: '430426' }],
    [
      '/devices?state=degraded&state=down&application=traffic&carrier=mobile&kind=camera&stage=in-service&search=%E7%90%83%E6%9C%BA&order=code',
      {
        page: 'devices',
        problems: false,
        filter: {
          state: ['degraded', 'down'],
          application: ['traffic'],
          carrier: ['mobile'],
          kind: ['camera'],
          stage: ['in-service'],
          search: '球机',
        },
      },
    ],
    [`/devices?device=${device}`, { page: 'devices', device }],
    ['/map?at=112.6000%2C26.8900%2C13.00', { page: 'map', camera: { longitude: 112.6, latitude: 26.89, zoom: 13 } }],
    [`/devices?device=${device}&span=1000-2000`, { page: 'devices', device, span: { from: 1_000, to: 2_000 } }],
    ['/?trend=30d', { trend: '30d' }],
    [
      '/reports/rates?district=430426&period=last-month&by=device&carrier=mobile',
      {
        page: 'reports',
        tab: 'rates',
        district: '430426',
        rates: {
          ...noRates,
          period: 'last-month',
          by: 'device',
          filter: { ...noRates.filter, carrier: ['mobile'] },
        },
        filter: { ...noFilter, carrier: ['mobile'] },
      },
    ],
    [
      '/outages?district=430426&view=all&kind=switch&kind=line&lone=no&mine=yes',
      {
        page: 'outages',
        district: '430426',
        outages: { ...noOutages, view: 'all', kind: ['switch', 'line'], lone: false, mine: true },
      },
    ],
    ['/outages/o-17', { page: 'outages', outages: { ...noOutages, id: 'o-17' } }],
    [
      '/orders?view=closed&carrier=mobile',
      {
        page: 'orders',
        filter: { ...noFilter, carrier: ['mobile'] },
        outages: { ...noOutages, view: 'closed', carrier: 'mobile' },
      },
    ],
    [
      '/orders?unit=%E7%94%B2%E5%85%AC%E5%8F%B8&status=received&overtime=red',
      { page: 'orders', outages: { ...noOutages, unit: '甲公司', status: 'received', overtime: 'red' } },
    ],
    ['/work', { page: 'work' }],
    ['/settings/registry', { page: 'settings', tab: 'registry' }],
  ])('%s', (url, view) => {
    expect(parse(url)).toEqual({ ...home, ...view })
    expect(formatView({ ...home, ...view })).toBe(url)
  })

  test('what is malformed is left out', () => {
    const view = parse('/devices?state=burning&district=110000&device=7&at=1,2&order=random&carrier=mobile&carrier=x')
    expect(view).toEqual({ ...home, page: 'devices', filter: { ...noFilter, carrier: ['mobile'] } })
    expect(parse('/map?at=900,26,9').camera).toBeNull()
    expect(parse('/map?span=1000-2000').span).toBeNull()
    expect(parse(`/map?device=${device}&span=2000-1000`).span).toBeNull()
  })

  test('a search is cut to what the hub takes', () =>
    expect(parse(`/devices?search=${'x'.repeat(99)}`).filter.search).toHaveLength(64))

  test('an unknown page is missing, an unknown tab is the first', () => {
    expect(parse('/nowhere').page).toBe('missing')
    expect(parse('/settings/nowhere').tab).toBe('gateways')
    expect(parse('/reports/users').tab).toBe('rates')
    expect(formatView({ ...home, page: 'reports' })).toBe('/reports/rates')
  })

  test('filters of the list do not follow to the overview', () =>
    expect(formatView({ ...home, filter: { ...noFilter, state: ['down'] } })).toBe('/'))
})

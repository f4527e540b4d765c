import { expect, test } from 'vitest'
import { queryText } from '../../../router/address.ts'
import { noRatesFilter, uptimePath } from '../../../shared/rates/uptime-path.ts'
import { crumbsOf, type DrillScope, drill, formatRates, kpiPath, noRates, parseRates } from './query.ts'

const address = ({ rates }: DrillScope) => queryText(formatRates(rates))
const city: DrillScope = { district: null, rates: noRates }

test.each([
  '',
  'period=2026-11-01..2026-11-15&by=device&order=-down&application=traffic&carrier=mobile&carrier=cable&pointType=1&project=%E9%9B%AA%E4%BA%AE%E4%B8%80%E6%9C%9F&zone=430473',
  'by=project&zone=',
])('an address is read back as it was written: %s', (text) =>
  expect(address({ district: null, rates: parseRates(new URLSearchParams(text)) })).toBe(text),
)

test('what is malformed is left out', () =>
  expect(parseRates(new URLSearchParams('period=soon&by=colour&order=-x&carrier=y&zone=1234567'))).toEqual(noRates))

test('a carrier leads to its districts, a district to its devices, and the crumbs lead back', () => {
  const carriers: DrillScope = { district: null, rates: { ...noRates, by: 'carrier' } }
  const mobile = drill(carriers, 'mobile')
  expect(address(mobile)).toBe('carrier=mobile')
  const qidong = drill(mobile, '430426')
  expect([qidong.district, address(qidong)]).toEqual(['430426', 'by=device&carrier=mobile'])
  expect(drill(qidong, '43042600001320000001')).toEqual(qidong)

  const crumbs = crumbsOf(qidong)
  expect(crumbs.map(({ dimension, scope }) => [dimension, scope.district, address(scope)])).toEqual([
    [null, null, ''],
    ['district', '430426', 'by=carrier'],
    ['carrier', '430426', 'by=device&carrier=mobile'],
  ])
})

test('a district leads straight to its devices', () =>
  expect(drill(city, '430426')).toEqual({ district: '430426', rates: { ...noRates, by: 'device' } }))

test('the hub is asked for exactly this scope', () => {
  const scope: DrillScope = { district: '430426', rates: { ...noRates, filter: { ...noRatesFilter, zone: [''] } } }
  expect(
    uptimePath(
      '/uptime',
      { district: scope.district, filter: scope.rates.filter },
      { from: 1, to: 2 },
      { by: 'carrier' },
    ),
  ).toBe('/uptime?from=1&to=2&by=carrier&district=430426&zone=')
  expect(kpiPath(scope, { from: 1, to: 2 })).toEqual({ path: '/kpis?from=1&to=2&district=430426', exact: false })
  const two: DrillScope = { ...city, rates: { ...noRates, filter: { ...noRatesFilter, carrier: ['mobile', 'cable'] } } }
  expect(kpiPath(two, { from: 1, to: 2 })).toEqual({ path: '/kpis?from=1&to=2', exact: false })
})

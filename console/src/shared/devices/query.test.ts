import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { type DeviceFilter, formatFilter, noFilter, parseFilter } from './query.ts'

test.each<[string, Partial<DeviceFilter>]>([
  ['', {}],
  [
    'state=degraded&state=down&application=traffic&carrier=mobile&kind=camera&stage=in-service&search=%E7%90%83%E6%9C%BA',
    {
      state: ['degraded', 'down'],
      application: ['traffic'],
      carrier: ['mobile'],
      kind: ['camera'],
      stage: ['in-service'],
      search: '球机',
    },
  ],
])('a filter is read back as it was written: %s', (text, filter) => {
  expect(parseFilter(new URLSearchParams(text))).toEqual({ ...noFilter, ...filter })
  expect(queryText(formatFilter(filter))).toBe(text)
})

test('what is malformed is left out', () =>
  expect(parseFilter(new URLSearchParams('state=burning&carrier=mobile&carrier=x'))).toEqual({
    ...noFilter,
    carrier: ['mobile'],
  }))

test('a search is cut to what the hub takes', () =>
  expect(parseFilter(new URLSearchParams({ search: 'x'.repeat(99) })).search).toHaveLength(64))

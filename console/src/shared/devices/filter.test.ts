import type { DeviceRow, DeviceState } from '@hub/contracts'
import { expect, test } from 'vitest'
import { listDevices } from './filter.ts'
import { noFilter } from './query.ts'

const row = (serial: number, more: Partial<DeviceRow> = {}): DeviceRow => ({
  id: `4304050000132000000${serial}`,
  name: `解放路 ${serial} 号球机`,
  kind: 'camera',
  district: '430405',
  application: 'safe-city',
  carrier: 'telecom',
  pointType: '3',
  project: null,
  stage: 'in-service',
  longitude: 112.6,
  latitude: 26.9,
  address: '解放路',
  ipAddress: `10.0.0.${serial}`,
  gateway: null,
  state: 'up',
  since: null,
  lastSeenAt: null,
  ...more,
})
const devices = [
  row(1),
  row(2, { state: 'unknown' }),
  row(3, { state: 'down', carrier: 'mobile' }),
  row(4, { district: '430426', state: 'degraded' }),
]
const stateOf = (device: DeviceRow): DeviceState => device.state
const serials = (list: { devices: DeviceRow[] }) => list.devices.map((device) => device.id.at(-1)).join('')

test('problems come before health, down before degraded before unknown', () => {
  expect(serials(listDevices(devices, noFilter, null, true, stateOf))).toBe('3421')
  expect(serials(listDevices(devices, noFilter, null, false, stateOf))).toBe('1234')
})

test('counts are of what the other filters let through, whatever states are chosen', () => {
  const list = listDevices(devices, { ...noFilter, state: ['down'] }, '430405', true, stateOf)
  expect(serials(list)).toBe('3')
  expect(list.counts).toEqual({ up: 1, degraded: 0, down: 1, unknown: 1 })
})

test.each([
  ['mobile by carrier', { carrier: ['mobile' as const] }, '3'],
  ['by name', { search: '4 号' }, '4'],
  ['by IP address', { search: '10.0.0.2' }, '2'],
  ['by code', { search: '0000001' }, '1'],
  ['nothing', { search: '不存在' }, ''],
])('%s', (_, filter, found) =>
  expect(serials(listDevices(devices, { ...noFilter, ...filter }, null, true, stateOf))).toBe(found),
)

test('the state that counts is the live one', () =>
  expect(serials(listDevices(devices, { ...noFilter, state: ['down'] }, null, true, () => 'down'))).toBe('1234'))

import type { DeviceRecord } from '@hub/contracts'
import { limitText } from '@hub/contracts'
import { expect, test } from 'vitest'
import { contradictions } from './contradictions.ts'

const whole = {
  id: '43040500001320000001',
  civilCode: '430405',
  stage: 'in-service',
  installTime: '2024-03-01',
  acceptedAt: '2024-04-01',
  inServiceAt: '2024-05-01',
} as DeviceRecord
const found = (change: Partial<DeviceRecord>) => contradictions({ ...whole, ...change }, '2026-12-01')

test('a record that agrees with itself has none', () => {
  expect(found({})).toEqual([])
  expect(found({ stage: 'retired', retiredAt: '2026-11-05' })).toEqual([])
  expect(found({ civilCode: '43040501' })).toEqual([])
  expect(found({ civilCode: '4304' })).toEqual([])
  expect(found({ retiredAt: '2027-01-01' })).toEqual([])
})

test.each([
  [
    'RetiredAt',
    { stage: 'retired', retiredAt: '2024-04-30' },
    limitText('not-before-field', { field: 'InServiceAt', date: '2024-05-01' }),
  ],
  [
    'InServiceAt',
    { inServiceAt: '2024-03-31' },
    limitText('not-before-field', { field: 'AcceptedAt', date: '2024-04-01' }),
  ],
  [
    'AcceptedAt',
    { acceptedAt: '2024-02-01' },
    limitText('not-before-field', { field: 'InstallTime', date: '2024-03-01' }),
  ],
  ['CivilCode', { civilCode: '430481' }, limitText('be-within', { code: '430405' })],
  ['CivilCode', { civilCode: '43048101' }, limitText('be-within', { code: '430405' })],
  ['RetiredAt', { retiredAt: '2026-11-05' }, limitText('not-with-stage', { stage: 'in-service' })],
] as const)('%s is named with what it contradicts', (field, change, limit) => {
  expect(found(change as Partial<DeviceRecord>)).toMatchObject([{ field, limit }])
})

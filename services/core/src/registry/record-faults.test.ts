import { DeviceRecord, limitText } from '@hub/contracts'
import { expect, test } from 'vitest'
import { recordFaults } from './record-faults.ts'

const complete: DeviceRecord = {
  id: '43040500001321000001',
  name: '解放路与中山路口 1',
  manufacturer: 'Simulated',
  model: 'S-1',
  civilCode: '430405',
  address: '解放路',
  parental: '0',
  parentId: '43040500002000000001',
  registerWay: '1',
  secrecy: '0',
  status: 'ON',
  grassrootsCode: '430405001',
  pointType: '3',
  kind: 'camera',
  application: 'safe-city',
  carrier: 'telecom',
  stage: 'in-service',
}
const fields = (record: Parameters<typeof recordFaults>[0]) => recordFaults(record).map((fault) => fault.field)

test('a complete record of class 3 has no faults', () => {
  expect(DeviceRecord.safeParse(complete).success).toBe(true)
  expect(recordFaults(complete)).toEqual([])
})

test('class 2 must also have a position, class 1 also when it was installed, whom to call and how long it records', () => {
  expect(fields({ ...complete, pointType: '2' })).toEqual(['longitude', 'latitude'])
  expect(fields({ ...complete, pointType: '1' })).toEqual([
    'longitude',
    'latitude',
    'installTime',
    'contactInfo',
    'recordSaveDays',
  ])
  expect(recordFaults({ ...complete, pointType: '2', longitude: 112.6 })).toEqual([
    { field: 'latitude', limit: limitText('required-for-class', { class: '2' }) },
  ])
})

test('an empty field is missing, a blank one is invalid', () => {
  expect(recordFaults({ ...complete, name: '' })).toEqual([
    { field: 'name', limit: limitText('required-for-class', { class: '3' }) },
  ])
  expect(fields({ ...complete, name: '  ' })).toEqual(['name'])
})

test('an invalid field is named with its limit, optional ones too', () => {
  expect(recordFaults({ ...complete, civilCode: '4304050', mac: 'x' })).toEqual([
    { field: 'civilCode', limit: limitText('division-code') },
    { field: 'mac', limit: limitText('hex-pairs') },
  ])
})

test('a record without a point class is held to what every device must have', () => {
  const { pointType, ...rest } = complete
  expect(pointType).toBe('3')
  expect(fields(rest)).toEqual(['pointType'])
  expect(fields({})).toHaveLength(17)
})

test('agrees with the schema on every required field', () => {
  for (const field of Object.keys(complete) as (keyof DeviceRecord)[])
    expect([field, fields({ ...complete, [field]: undefined })]).toEqual([field, [field]])
})

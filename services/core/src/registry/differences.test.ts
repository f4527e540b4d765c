import type { DeviceRecord } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { recordDifferences } from './differences.ts'

describe('the record and the camera', () => {
  const differ = (recorded: object, found: object) =>
    recordDifferences(recorded as DeviceRecord, found).map(({ field }) => field)

  test.each([
    [{ manufacturer: '海康威视' }, { manufacturer: 'HIKVISION' }],
    [{ manufacturer: '浙江大华技术股份有限公司' }, { manufacturer: 'Dahua Technology' }],
    [{ manufacturer: 'Axis' }, { manufacturer: 'AXIS Communications AB' }],
    [{ model: 'DS-2CD2T47' }, { model: 'ds 2cd2t47' }],
    [{ mac: '44-19-b6-00-00-01' }, { mac: '4419B6000001' }],
    [{ resolution: '1280*720' }, { width: 1280, height: 720 }],
    [{ resolution: '5/6' }, { width: 1920, height: 1080 }],
    [{ resolution: '1080P' }, { width: 1920, height: 1080 }],
    [{ encodeType: 'H.265' }, { codec: 'HEVC' }],
    [{ encodeType: '2' }, { codec: 'H264' }],
    [{ serial: 'A-1' }, {}],
    [{}, { serial: 'A-1', mac: '4419B6000001', width: 1, height: 1, codec: 'x' }],
  ])('%j agrees with %j', (recorded, found) => {
    expect(differ(recorded, found)).toEqual([])
  })

  test.each([
    [{ manufacturer: '海康威视' }, { manufacturer: 'Dahua' }, ['manufacturer']],
    [{ model: 'DS-2CD2T47' }, { model: 'DS-2CD2T48' }, ['model']],
    [{ resolution: '5' }, { width: 1920, height: 1080 }, ['resolution']],
    [{ encodeType: 'H.264' }, { codec: 'H265' }, ['encodeType']],
    [{ serial: 'A1', mac: '44:19:b6:00:00:01' }, { serial: 'A2', mac: '4419B6000002' }, ['serial', 'mac']],
  ])('%j differs from %j', (recorded, found, fields) => {
    expect(differ(recorded, found)).toEqual(fields)
  })

  test('both values are shown as they stand', () => {
    expect(recordDifferences({ resolution: '5' } as DeviceRecord, { width: 1920, height: 1080 })).toEqual([
      { field: 'resolution', recorded: '5', found: '1920x1080' },
    ])
  })
})

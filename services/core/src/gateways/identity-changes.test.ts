import { describe, expect, test } from 'vitest'
import { identityChanges, nextIdentity } from './identity-changes.ts'

const device = '43040500001320000001'
const read = (at: number, more: object = {}) => ({
  device,
  at,
  manufacturer: 'Dahua',
  model: 'M1',
  firmware: '1.0',
  serial: 'S1',
  codec: 'H264',
  width: 1280,
  height: 720,
  fps: 25,
  ...more,
})

describe('what a device says of itself', () => {
  test.each([
    ['nothing', {}, []],
    ['firmware', { firmware: '1.1' }, [{ kind: 'firmware', from: '1.0', to: '1.1' }]],
    ['one side of the picture', { height: 960 }, [{ kind: 'resolution', from: '1280x720', to: '1280x960' }]],
    ['frame rate', { fps: 12.5 }, [{ kind: 'fps', from: '25', to: '12.5' }]],
    ['what could not be read this time', { firmware: undefined, width: undefined }, []],
    ['its stream and profile, which nobody counts on', { streamUri: 'rtsp://10.0.0.1/2', profile: 'sub' }, []],
    [
      'everything: another camera hangs there',
      { manufacturer: 'Axis', model: 'P1', serial: 'S2', codec: 'H265' },
      [
        { kind: 'manufacturer', from: 'Dahua', to: 'Axis' },
        { kind: 'model', from: 'M1', to: 'P1' },
        { kind: 'serial', from: 'S1', to: 'S2' },
        { kind: 'codec', from: 'H264', to: 'H265' },
      ],
    ],
  ])('changed: %s', (_, more, changes) => {
    expect(identityChanges(read(1), read(2, more))).toEqual(changes)
  })

  test('what it could not say this time stays known, but not of another camera', () => {
    const { firmware: _, ...silent } = read(2)
    expect(nextIdentity(read(1), silent)).toEqual(read(2))
    expect(nextIdentity(read(1), { ...silent, serial: 'S2' })).not.toHaveProperty('firmware')
  })

  test('a reading that arrives late changes nothing', () => {
    expect(nextIdentity(read(5), read(2, { firmware: '0.9' }))).toEqual(read(5))
  })
})

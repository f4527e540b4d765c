import { describe, expect, it } from 'vitest'
import { readTelemetry } from './telemetry.ts'

const at = 1_800_000_000_000
const bytes = (text: string) => new TextEncoder().encode(text)
const read = (input: unknown) => readTelemetry(bytes(JSON.stringify(input)))

describe('a message of a sensor', () => {
  it('gives its values', () => {
    expect(read({ at, values: { pm25: 35.5, noise: 60 } })).toEqual({
      at,
      values: { pm25: 35.5, noise: 60 },
      faults: [],
    })
  })

  it('keeps the good values beside a bad one, and names field, value and limit', () => {
    expect(read({ at, values: { pm25: 99_999, noise: 60, mood: 1, tilt: 'x' } })).toEqual({
      at,
      values: { noise: 60 },
      faults: [
        { field: 'values.pm25', value: 99_999, limit: 'must be 0 to 2000 µg/m³' },
        { field: 'values.mood', value: 1, limit: 'unknown measure' },
        { field: 'values.tilt', value: 'x', limit: 'must be a number' },
      ],
    })
  })

  it('is not fooled by names that every object has', () => {
    expect(readTelemetry(bytes(`{"at":${at},"values":{"constructor":1,"__proto__":2}}`)).values).toEqual({})
  })

  it.each([
    ['not JSON', bytes('{'), 'telemetry: body: must be JSON'],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe), 'telemetry: body: must be JSON'],
    ['empty', bytes(''), 'telemetry: body: must be JSON'],
    ['a list', bytes('[]'), 'telemetry: body: Invalid input: expected object, received array'],
    [
      'without a time',
      bytes('{"values":{"pm25":1}}'),
      'telemetry: at: Invalid input: expected number, received undefined',
    ],
    ['without values', bytes(`{"at":${at},"values":{}}`), 'telemetry: values: must hold at least one value'],
    ['with an unknown key', bytes(`{"at":${at},"values":{"pm25":1},"x":1}`), 'telemetry: x: unknown key'],
    ['too long', bytes(' '.repeat(4_097)), 'telemetry: body: must be at most 4096 bytes'],
  ])('that is %s is refused whole', (_, payload, message) => {
    expect(() => readTelemetry(payload)).toThrow(message)
  })
})

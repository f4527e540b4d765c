import { describe, expect, it } from 'vitest'
import { readTelemetry } from './telemetry.ts'

const at = 1_800_000_000_000
const bytes = (text: string) => new TextEncoder().encode(text)
const read = (input: unknown) => readTelemetry(bytes(JSON.stringify(input)))
const malformed = (field: string, value: unknown, limit: string) => ({ field, value, limit, reason: 'malformed' })

describe('a message of a sensor', () => {
  it('gives its values', () => {
    expect(read({ at, values: { pm25: 35.5, noise: 60 } })).toEqual({
      at,
      values: { pm25: 35.5, noise: 60 },
      faults: [],
    })
  })

  it('keeps the good values beside a bad one, and names field, value and limit', () => {
    expect(read({ at, values: { pm25: 99_999, noise: 60, mood: 1, tilt: 'x', speed: null } })).toEqual({
      at,
      values: { noise: 60 },
      faults: [
        { field: 'values.pm25', value: 99_999, limit: 'must be 0 to 2000 µg/m³', reason: 'out-of-range' },
        malformed('values.mood', 1, 'unknown measure'),
        malformed('values.tilt', 'x', 'must be a number'),
        malformed('values.speed', null, 'must be a number'),
      ],
    })
  })

  it('is not fooled by names that every object has', () => {
    expect(readTelemetry(bytes(`{"at":${at},"values":{"constructor":1,"__proto__":2}}`)).values).toEqual({})
  })

  const good = { noise: 55 }
  it.each([
    ['NaN', `{"at":${at},"values":{"pm25":NaN,"noise":55}}`, at, ['body', 'values.pm25']],
    ['-inf', `{"at":${at},"values":{"pm25":-inf,"noise":55}}`, at, ['body', 'values.pm25']],
    ['an unknown key', `{"at":${at},"values":{"noise":55},"battery":3.1}`, at, ['battery']],
    ['a fraction of a millisecond', `{"at":${at}.25,"values":{"noise":55}}`, at, ['at']],
    ['no time', '{"values":{"noise":55}}', null, ['at']],
    ['a time in words', '{"at":"noon","values":{"noise":55}}', null, ['at']],
    ['a time before 1970', '{"at":-5,"values":{"noise":55}}', null, ['at']],
  ])('with %s keeps what is good in it', (_, text, time, fields) => {
    const reading = readTelemetry(bytes(text))
    expect([reading.at, reading.values, reading.faults.map(({ field }) => field)]).toEqual([time, good, fields])
    expect(new Set(reading.faults.map(({ reason }) => reason))).toEqual(new Set(['malformed']))
  })

  it.each([
    '-nan(ind)',
    'nan(0x8000000000000)',
    '-nan',
    'inf',
    '+Infinity',
    '-1.#IND00',
    '1.#QNAN',
    'True',
    'None',
    'undefined',
    '0x1F',
    '--',
    'N/A',
    '',
    '1e999',
  ])('whose one value is %s keeps the others', (bad) => {
    const reading = readTelemetry(bytes(`{"at":${at},"values":{"pm25":${bad},"noise":55}}`))
    expect([reading.at, reading.values]).toEqual([at, good])
    expect(reading.faults.map(({ field }) => field)).toContain('values.pm25')
  })

  it.each([
    ['a comma after the last value', `{"at":${at},"values":{"noise":55,},}`],
    ['two commas', `{"at":${at},,"values":{,"noise":55}}`],
    ['a figure in another notation', `{"at":${at},"values":{"noise":+055.0}}`],
    ['quotes of one stroke, as Python prints', `{'at': ${at}, 'values': {'noise': 55}}`],
    ['NUL and what the buffer held before', `{"at":${at},"values":{"noise":55}}\0,"noise":7}}`],
  ])('with %s is read, and is malformed', (_, text) => {
    const { at: time, values, faults } = readTelemetry(bytes(text))
    expect([time, values, faults]).toEqual([at, good, [malformed('body', undefined, 'must be JSON')]])
  })

  it('that ends in NUL, as C ends a text, is no fault', () => {
    expect(readTelemetry(bytes(`{"at":${at},"values":{"noise":55}}\0\0`))).toEqual({ at, values: good, faults: [] })
  })

  it('is read in time that is linear, whatever is in it', () => {
    const began = performance.now()
    for (const text of ['{ '.repeat(2_000), ',\t'.repeat(2_000), "'".repeat(4_000), '[,'.repeat(2_000)])
      readTelemetry(bytes(text))
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('leaves a word alone that stands in a text', () => {
    expect(readTelemetry(bytes(`{"at":${at},"values":{"noise":55},"note":"NaN, \\"inf\\"","x":nan}`))).toMatchObject({
      values: good,
      faults: [malformed('body', undefined, 'must be JSON'), { value: 'NaN, "inf"' }, { field: 'x', value: null }],
    })
  })

  it.each([
    ['not JSON', bytes('{'), malformed('body', undefined, 'must be JSON')],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe), malformed('body', undefined, 'must be JSON')],
    ['empty', bytes(''), malformed('body', undefined, 'must be JSON')],
    ['a list', bytes('[]'), malformed('body', [], 'must be an object')],
    ['a number', bytes('7'), malformed('body', 7, 'must be an object')],
    ['without values', bytes(`{"at":${at},"values":{}}`), malformed('values', {}, 'must hold at least one value')],
    ['with a list of values', bytes(`{"at":${at},"values":[1]}`), malformed('values', [1], 'must be an object')],
    ['too long', bytes(' '.repeat(4_097)), malformed('body', 4_097, 'must be at most 4096 bytes')],
  ])('that is %s gives nothing but its fault', (_, payload, fault) => {
    const { values, faults } = readTelemetry(payload)
    expect([values, faults]).toEqual([{}, [fault]])
  })
})

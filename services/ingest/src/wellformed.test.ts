import { ObservationBatch, reasons, rungs, verdicts } from '@hub/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceId, gateway, look, t0 } from './testing/rig.ts'
import { isPlainlyBatch } from './wellformed.ts'

const good = (o: object = {}) => ({
  v: 1,
  gateway,
  epoch: t0,
  seq: 1,
  observations: [
    look(deviceId(1), t0, { reason: 'slow', ms: 1.5, values: { pm25: 3 } }),
    look(deviceId(3), t0, { deadLetter: { reason: 'body: must be JSON', payload: 'aGVsbG8=' } }),
    { ...look(deviceId(2), t0), ...o },
  ],
})

/** Values at and over every limit of the schema, and of every wrong type. */
const oddities = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      undefined,
      null,
      true,
      '',
      '1',
      -1,
      0,
      -0,
      1,
      0.5,
      99,
      100,
      86_400_000,
      86_400_001,
      600_000,
      600_000.1,
      2 ** 53,
    ],
    ...[8_640_000_000_000_000, 8_640_000_000_000_001, [], {}, { pm25: '1' }, { ['x'.repeat(33)]: 1 }, { a: null }, [1]],
    ...[
      '1'.repeat(19),
      '1'.repeat(21),
      `${'1'.repeat(19)}x`,
      '１'.repeat(20),
      'Pass',
      ...verdicts,
      ...rungs,
      ...reasons,
      'probe',
      'event',
      { topic: 'motion', active: true },
      { topic: 'motion', active: 1 },
      { topic: 'motion', active: true, source: '' },
      { topic: 'motion', active: true, source: '1'.repeat(129) },
      { topic: 'rain', active: true },
      { topic: 'motion', active: true, extra: 1 },
      { reason: 'x', payload: '' },
      { reason: '', payload: '' },
      { reason: 'x'.repeat(513), payload: '' },
      { reason: 'x', payload: 'aGVsbG8=', more: 3 },
      { reason: 'x', payload: 'aGVsbG8=', more: 0 },
      { reason: 'x', payload: 'aGVsbG8' },
      { reason: 'x', payload: 'aGVs bG8=' },
      { reason: 'x', payload: 'A'.repeat(1_368) },
      { reason: 'x', payload: 'A'.repeat(1_372) },
      { reason: 'x', payload: 'AAAA', extra: 1 },
      { reason: 1, payload: 2 },
    ],
  ),
  fc.jsonValue(),
)
const keys = [
  'device',
  'at',
  'kind',
  'verdict',
  'rung',
  'reason',
  'every',
  'ms',
  'values',
  'event',
  'deadLetter',
  'extra',
  '__proto__',
]
const headers = ['v', 'gateway', 'epoch', 'seq', 'observations', 'extra']
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

test('the quick check never accepts what the schema refuses', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      oddities,
      fc.constantFrom(...headers),
      oddities,
      fc.boolean(),
      (key, value, header, other, both) => {
        const input = json(both ? { ...good({ [key]: value }), [header]: other } : good({ [key]: value }))
        if (isPlainlyBatch(input)) expect(ObservationBatch.safeParse(input).success).toBe(true)
      },
    ),
    { numRuns: 5_000 },
  )
})

test('it accepts what gateways send', () => {
  for (const verdict of verdicts)
    for (const rung of rungs) expect(isPlainlyBatch(json(good({ verdict, rung })))).toBe(true)
  for (const reason of reasons) expect(isPlainlyBatch(json(good({ reason })))).toBe(true)
  expect(isPlainlyBatch(json(good({ kind: 'telemetry', values: { mains: 220.5 }, ms: 0 })))).toBe(true)
})

test('an event is accepted with its event, and nothing else with one', () => {
  const event = { topic: 'tamper', active: false, source: 'VideoSource_1' }
  expect(isPlainlyBatch(json(good({ kind: 'event', event })))).toBe(true)
  expect(ObservationBatch.safeParse(json(good({ kind: 'event', event }))).success).toBe(true)
  for (const odd of [{ kind: 'event' }, { event }, { kind: 'event', event: { ...event, source: '' } }]) {
    expect(isPlainlyBatch(json(good(odd)))).toBe(false)
    expect(ObservationBatch.safeParse(json(good(odd))).success).toBe(false)
  }
})

test('a batch that lacks any one field is left to the schema', () => {
  for (const key of ['device', 'at', 'kind', 'verdict', 'rung', 'every'])
    expect(isPlainlyBatch(json(good({ [key]: undefined })))).toBe(false)
  for (const key of ['v', 'gateway', 'epoch', 'seq', 'observations'])
    expect(isPlainlyBatch(json({ ...good(), [key]: undefined }))).toBe(false)
})

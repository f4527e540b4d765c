import { expect, test } from 'vitest'
import { dateStart } from '../common/time/city.ts'
import { backdatedDue, dueSpan } from './due.ts'

const now = Date.parse('2026-12-01T10:00:00+08:00')
const since = dateStart('2024-05-01')
const old = { from: since, to: null, record: { stage: 'in-service', inServiceAt: '2024-05-01' } } as const

test.each([
  [
    'a new device is due since its date',
    { stage: 'in-service', inServiceAt: '2024-05-01' },
    undefined,
    { from: since, to: null },
  ],
  ['a new device without a date is due from now', { stage: 'in-service' }, undefined, { from: now, to: null }],
  [
    'the same date says nothing anew',
    { stage: 'in-service', inServiceAt: '2024-05-01' },
    { ...old, from: since + 7 },
    { from: since + 7, to: null },
  ],
  [
    'retired today is retired now',
    { stage: 'retired', inServiceAt: '2024-05-01', retiredAt: '2026-12-01' },
    old,
    { from: since, to: now },
  ],
  [
    'retired without a date is retired now',
    { stage: 'retired', inServiceAt: '2024-05-01' },
    old,
    { from: since, to: now },
  ],
  [
    'retired at an early date',
    { stage: 'retired', inServiceAt: '2024-05-01', retiredAt: '2026-11-05' },
    old,
    { from: since, to: dateStart('2026-11-05') },
  ],
  ['what is built is not due', { stage: 'built' }, undefined, { from: null, to: null }],
] as const)('%s', (_, record, old, due) => {
  expect(dueSpan(record, old, now)).toEqual(due)
})

test.each([
  [
    'an early end takes the past since',
    { from: 10, to: null },
    { from: 10, to: 50 },
    [{ from: 50, to: 100, due: false }],
  ],
  ['an end now is plain', { from: 10, to: null }, { from: 10, to: 100 }, []],
  ['an end to come is plain', { from: 10, to: null }, { from: 10, to: 150 }, []],
  ['an earlier beginning adds', { from: 40, to: null }, { from: 10, to: null }, [{ from: 10, to: 40, due: true }]],
  ['a later beginning takes', { from: 10, to: null }, { from: 40, to: null }, [{ from: 10, to: 40, due: false }]],
  [
    'a beginning to come takes all',
    { from: 10, to: null },
    { from: 140, to: null },
    [{ from: 10, to: 100, due: false }],
  ],
  ['in service now is plain', { from: null, to: null }, { from: 100, to: null }, []],
  ['in service long since adds', { from: null, to: null }, { from: 30, to: null }, [{ from: 30, to: 100, due: true }]],
  [
    'both ends',
    { from: 10, to: null },
    { from: 20, to: 80 },
    [
      { from: 10, to: 20, due: false },
      { from: 80, to: 100, due: false },
    ],
  ],
  [
    'apart',
    { from: 10, to: 20 },
    { from: 50, to: 60 },
    [
      { from: 10, to: 20, due: false },
      { from: 50, to: 60, due: true },
    ],
  ],
] as const)('%s', (_, old, next, stretches) => {
  expect(backdatedDue(old, next, 100)).toEqual(stretches)
})

import { expect, test } from 'vitest'
import { hourMs, minuteMs } from '../common/time/units.ts'
import { type ComparableIncident, similarTo } from './similar.ts'

const t = Date.UTC(2026, 11, 1, 7)
const at = { longitude: 112.6206, latitude: 26.8946 }
/** A thousandth of a degree of latitude is 111 m. */
const north = (thousandths: number) => ({ ...at, latitude: at.latitude + thousandths / 1_000 })
const incident = (id: string, more: Partial<ComparableIncident> = {}): ComparableIncident => ({
  id,
  drill: false,
  class: 'natural-disaster',
  type: 'flood',
  district: '430405',
  point: at,
  occurredAt: t,
  ...more,
})
const own = incident('own')

test.each<[string, Partial<ComparableIncident>, { metres: number | null; apartMs: number } | null]>([
  ['the same place and time', {}, { metres: 0, apartMs: 0 }],
  ['near and a little later', { point: north(2), occurredAt: t + minuteMs }, { metres: 222, apartMs: minuteMs }],
  ['earlier', { occurredAt: t - hourMs }, { metres: 0, apartMs: hourMs }],
  ['two hours apart', { occurredAt: t + 2 * hourMs }, { metres: 0, apartMs: 2 * hourMs }],
  ['a moment more', { occurredAt: t + 2 * hourMs + 1 }, null],
  ['a little less than a kilometre', { point: north(8.9) }, { metres: 990, apartMs: 0 }],
  ['a little more', { point: north(9.1) }, null],
  ['another type of the class', { type: 'geological' }, { metres: 0, apartMs: 0 }],
  ['another class', { class: 'accident', type: 'fire' }, null],
  ['a drill', { drill: true }, null],
  ['another district, across the border', { district: '430406', point: north(1) }, { metres: 111, apartMs: 0 }],
  [
    'no place, same type, district and half hour',
    { point: null, occurredAt: t + 30 * minuteMs },
    { metres: null, apartMs: 30 * minuteMs },
  ],
  ['no place, and later', { point: null, occurredAt: t + 30 * minuteMs + 1 }, null],
  ['no place, another type', { point: null, type: 'weather' }, null],
  ['no place, another district', { point: null, district: '430406' }, null],
  ['itself', { id: 'own' }, null],
])('%s', (_, more, expected) => {
  const found = similarTo(own, [incident('other', more)])
  expect(found.map(({ metres, apartMs }) => ({ metres, apartMs }))).toEqual(expected ? [expected] : [])
})

test('the likeliest come first, five at most, those without a place after those beside', () => {
  const others = [
    incident('far', { point: north(8) }),
    incident('near', { point: north(1) }),
    incident('other type', { type: 'weather' }),
    incident('placeless', { point: null }),
    incident('later', { occurredAt: t + hourMs }),
    incident('there'),
  ]
  expect(similarTo(own, others).map(({ incident: { id } }) => id)).toEqual([
    'there',
    'near',
    'later',
    'other type',
    'far',
  ])
})

import { AdjustmentRequest } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { type AdjustmentForm, emptyForm, requestOf } from './form.ts'

const one = '43040500001320000001'
const two = '43040500001320000002'
const now = Date.parse('2026-12-02T10:00:00+08:00')
const filled: AdjustmentForm = {
  ...emptyForm('衡阳供电公司'),
  typed: one,
  from: '2026-11-01T00:00',
  to: '2026-12-01T00:00',
  reason: '线路检修停电',
}
const fill = (change: Partial<AdjustmentForm>) => requestOf({ ...filled, ...change }, now)
const requested = (change: Partial<AdjustmentForm>) => {
  const answer = fill(change)
  if ('problems' in answer) throw new Error(`refused: ${JSON.stringify(answer.problems)}`)
  // What the form calls right is what the hub takes.
  return AdjustmentRequest.parse(answer.request)
}

describe('the form of an exemption or a correction', () => {
  test("a period is typed in the city's time", () => {
    const { from, to, countAs } = requested({})
    expect([from, to]).toEqual([Date.UTC(2026, 9, 31, 16), Date.UTC(2026, 10, 30, 16)])
    expect(countAs).toBe('exempt')
  })

  test('codes are pasted in any fashion, and each counts once', () =>
    expect(requested({ typed: ` ${one}, ${two}；${one}\n\n${two} ` }).scope).toEqual({
      by: 'devices',
      values: [one, two],
    }))

  test('a pole may have a space in its number, a code may not', () => {
    expect(requested({ by: 'pole', typed: '解放路 12\n解放路 13' }).scope.values).toEqual(['解放路 12', '解放路 13'])
    expect(fill({ typed: '解放路 12' })).toEqual({ problems: { scope: 'not-codes' } })
  })

  test('a district is narrowed by carrier, application and kind', () =>
    expect(
      requested({
        by: 'district',
        districts: ['430426'],
        carriers: ['mobile'],
        applications: ['traffic'],
        deviceKind: 'camera',
      }).scope,
    ).toEqual({ by: 'district', values: ['430426'], carriers: ['mobile'], applications: ['traffic'], kind: 'camera' }))

  test('a correction says what the time was, and does not come back', () => {
    const { countAs, recurrence } = requested({ kind: 'correction', countAs: 'down', repeats: 'daily' })
    expect([countAs, recurrence]).toEqual(['down', undefined])
  })

  test.each<[Partial<AdjustmentForm>, AdjustmentRequest['recurrence']]>([
    [
      { repeats: 'daily', start: '02:00', end: '04:00' },
      { start: '02:00', minutes: 120 },
    ],
    [
      { repeats: 'daily', start: '22:00', end: '06:00' },
      { start: '22:00', minutes: 480 },
    ],
    [
      { repeats: 'weekly', weekdays: [7, 3], start: '00:00', end: '00:00' },
      { weekdays: [3, 7], start: '00:00', minutes: 1_440 },
    ],
    [
      { repeats: 'monthly', monthDays: '15、1，15', start: '09:00', end: '17:00' },
      { monthDays: [1, 15], start: '09:00', minutes: 480 },
    ],
  ])('a window that comes back: %j', (change, recurrence) => expect(requested(change).recurrence).toEqual(recurrence))

  test.each<[string, Partial<AdjustmentForm>, object]>([
    ['nothing is named', { typed: ' , ' }, { scope: 'none-named' }],
    ['no district is chosen', { by: 'district' }, { scope: 'none-named' }],
    ['a code is short', { typed: '4304' }, { scope: 'not-codes' }],
    ['a feed has no end', { by: 'feed', typed: 'x'.repeat(65) }, { scope: 'too-long' }],
    [
      'there are too many',
      { by: 'pole', typed: Array.from({ length: 5_001 }, (_, n) => n).join('\n') },
      { scope: 'too-many' },
    ],
    ['no time is given', { from: '', to: 'soon' }, { from: 'no-time', to: 'no-time' }],
    ['it ends before it begins', { to: '2026-10-01T00:00' }, { to: 'not-after' }],
    ['it lasts six years', { to: '2032-11-01T00:00' }, { to: 'five-years' }],
    ['no weekday is chosen', { repeats: 'weekly' }, { weekdays: 'no-days' }],
    ['no day of the month is given', { repeats: 'monthly' }, { monthDays: 'no-days' }],
    ['a month has no 32nd', { repeats: 'monthly', monthDays: '1, 32' }, { monthDays: 'not-days' }],
    ['a day is a word', { repeats: 'monthly', monthDays: '初一' }, { monthDays: 'not-days' }],
    ['the window has no end', { repeats: 'daily', end: '' }, { window: 'no-window' }],
    ['nobody says why', { reason: ' ' }, { reason: 'empty' }],
    ['nobody asks for it', { applicant: '' }, { applicant: 'empty' }],
    ['the reason is an essay', { reason: 'x'.repeat(513) }, { reason: 'too-long' }],
    ['the applicant is an essay', { applicant: 'x'.repeat(129) }, { applicant: 'too-long' }],
  ])('is refused when %s', (_, change, problems) => expect(fill(change)).toEqual({ problems }))

  test('a record amendment says what the record was, proves it, and speaks of the past alone', () => {
    const change = { due: 'not-due', carrier: 'mobile', application: '', project: ' 二期 ', maintainer: '' } as const
    expect(requested({ kind: 'record', change, evidence: '衡采合 2026-031' })).toMatchObject({
      kind: 'record',
      change: { due: false, carrier: 'mobile', project: '二期' },
      evidence: '衡采合 2026-031',
    })
    expect(fill({ kind: 'record', to: '2026-12-03T00:00' })).toEqual({
      problems: { change: 'nothing-said', to: 'not-past', evidence: 'empty' },
    })
  })

  test('everything that is wrong is named at once', () =>
    expect(requestOf(emptyForm(), now)).toEqual({
      problems: { scope: 'none-named', from: 'no-time', to: 'no-time', reason: 'empty', applicant: 'empty' },
    }))
})

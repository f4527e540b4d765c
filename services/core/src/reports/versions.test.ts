import { Scorecard } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { scoreCard } from './score.ts'
import { differences, sealedText, stepOf } from './versions.ts'

const policy: Scorecard['policy'] = {
  items: {
    online: { weight: 30, full: 0.96, zero: 0.8 },
    image: { weight: 15, full: 0.95, zero: 0.8 },
    recording: { weight: 20, full: 0.98, zero: 0.8 },
    record: { weight: 10, full: 1, zero: 0.9 },
    repair: { weight: 20, full: 0.95, zero: 0.7 },
    documents: { weight: 5, full: 1, zero: 0.5 },
  },
  payFull: 90,
  payPart: 80,
  unmeasured: 'left-out',
  provenance: 'test',
}
const coverage = { measured: 100, due: 100, least: 0.9, missing: 0, provenance: 'test' }
const card = (up: number, rest: Partial<Scorecard> = {}): Scorecard =>
  Scorecard.parse({
    id: '0b0e7d5e-6a0e-4c55-8f3c-111111111111',
    month: '2026-03',
    subject: { kind: 'carrier', key: 'telecom' },
    version: 1,
    status: 'draft',
    ...scoreCard({ policy, coverage, measured: { online: { numerator: up, denominator: 100 } }, stated: {} }),
    policy,
    devices: 3,
    totals: { up, down: 100 - up, unknown: 0, exempt: 0 },
    asOf: 1,
    madeBy: 'a',
    madeAt: 1,
    reviewedBy: null,
    reviewedAt: null,
    lockedBy: null,
    lockedAt: null,
    hash: null,
    previousHash: null,
    reason: null,
    differences: [],
    ...rest,
  })

describe('steps', () => {
  test.each([
    ['draft', 'review', 'reviewed'],
    ['reviewed', 'reopen', 'draft'],
    ['reviewed', 'lock', 'locked'],
  ] as const)('%s: %s leads to %s', (from, step, to) => {
    expect(stepOf(from, step)).toEqual({ ok: true, status: to })
  })

  test.each([
    ['draft', 'lock', ['review']],
    ['draft', 'reopen', ['review']],
    ['reviewed', 'review', ['reopen', 'lock']],
    ['locked', 'reopen', []],
    ['locked', 'review', []],
    ['locked', 'lock', []],
  ] as const)('%s: %s is refused, with the legal ones', (from, step, legal) => {
    expect(stepOf(from, step)).toEqual({ ok: false, legal })
  })
})

describe('differences', () => {
  test('are the figures that changed, by name, as they were and are', () => {
    expect(differences(card(88), card(92))).toEqual([
      { field: 'score', was: 50, now: 75 },
      { field: 'totals.up', was: 88, now: 92 },
      { field: 'totals.down', was: 12, now: 8 },
      { field: 'lines.online.value', was: 0.88, now: 0.92 },
      { field: 'lines.online.numerator', was: 88, now: 92 },
      { field: 'lines.online.deduction', was: 50, now: 25 },
    ])
  })

  test('of policy, pay and basis are differences too', () => {
    const stricter = { ...policy, items: { ...policy.items, online: { weight: 30, full: 0.98, zero: 0.8 } } }
    expect(differences(card(96), card(96, { policy: stricter, pay: 'part' }))).toEqual([
      { field: 'pay', was: 'full', now: 'part' },
      { field: 'policy.items.online.full', was: 0.96, now: 0.98 },
    ])
  })

  test('of coverage are said where both cards needed it; a card from before says nothing of it', () => {
    const stricter = card(88, { coverage: { ...coverage, least: 0.95 } })
    expect(differences(card(88), stricter)).toEqual([{ field: 'policy.coverage', was: 0.9, now: 0.95 }])
    expect(differences(card(88, { coverage: undefined }), stricter)).toEqual([])
  })

  test('are none where only hands and times differ', () => {
    const later = card(88, { version: 2, status: 'reviewed', asOf: 9, madeAt: 9, reviewedBy: 'b', reviewedAt: 9 })
    expect(differences(card(88), later)).toEqual([])
  })
})

test('what is sealed is all of the card but its hash, in one spelling', () => {
  const locked = card(88, { status: 'locked', hash: 'a'.repeat(64) })
  const text = sealedText(locked)
  expect(JSON.parse(text)).toEqual({ ...locked, hash: undefined })
  expect(text).not.toContain('"hash"')
  expect(sealedText({ ...locked, hash: null })).toBe(text)
  expect(sealedText({ ...locked, score: locked.score! + 0.01 })).not.toBe(text)
})

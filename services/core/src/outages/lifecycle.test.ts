import { describe, expect, it } from 'vitest'
import { dayMs } from '../common/time/units.ts'
import {
  automaticTransition,
  type LifeState,
  moveOutage,
  defaultLifePolicy as policy,
  reopenUntil,
} from './lifecycle.ts'

describe('the life of an outage', () => {
  it.each([
    ['open', 'acknowledge', 3, 'acknowledged'],
    ['open', 'start', 3, 'in-progress'],
    ['acknowledged', 'start', 3, 'in-progress'],
    ['in-progress', 'resolve', 0, 'resolved'],
    ['resolved', 'close', 0, 'closed'],
    ['closed', 'reopen', 0, 'open'],
    ['in-progress', 'comment', 3, 'in-progress'],
  ] as const)('%s, %s with %i down: %s', (from, step, down, to) => {
    expect(moveOutage(from, step, down)).toEqual({ ok: true, status: to })
  })
  it('is not resolved by word while devices are down, nor closed before it is resolved', () => {
    expect(moveOutage('in-progress', 'resolve', 1)).toEqual({ ok: false, legal: ['assign', 'comment', 'silence'] })
    expect(moveOutage('open', 'close', 0)).toMatchObject({ ok: false })
    expect(moveOutage('closed', 'comment', 0)).toEqual({ ok: false, legal: ['reopen'] })
  })
})

it('one that is closed may be reopened for three days; until it is closed only its status counts', () => {
  expect(reopenUntil({ status: 'closed', closedAt: 1_000 }, policy)).toBe(1_000 + 3 * dayMs)
  expect(reopenUntil({ status: 'closed', closedAt: 1_000 }, { reopenWithinMs: 0 })).toBe(1_000)
  expect(reopenUntil({ status: 'resolved', closedAt: null }, policy)).toBeNull()
})

describe('by itself', () => {
  const open: LifeState = {
    status: 'open',
    from: 0,
    to: null,
    resolvedAt: null,
    escalation: 0,
    expected: false,
    countsFrom: null,
    silencedUntil: null,
  }
  it('it is resolved when all have been back for a while', () => {
    expect(automaticTransition({ ...open, to: 1_000 }, 1_000 + policy.resolveAfterMs - 1, policy)).toBeNull()
    expect(automaticTransition({ ...open, to: 1_000 }, 1_000 + policy.resolveAfterMs, policy)).toBe('resolve')
  })
  it('it is reopened when one fails again, and closed after a day', () => {
    expect(automaticTransition({ ...open, status: 'resolved', resolvedAt: 0 }, 1, policy)).toBe('reopen')
    expect(
      automaticTransition({ ...open, status: 'resolved', to: 0, resolvedAt: 0 }, policy.closeAfterMs, policy),
    ).toBe('close')
  })
  it('it is escalated each time that nobody acted, but neither while silenced nor when expected', () => {
    const late = policy.escalateAfterMs
    expect(automaticTransition(open, late - 1, policy)).toBeNull()
    expect(automaticTransition(open, late, policy)).toBe('escalate')
    expect(automaticTransition({ ...open, escalation: 1 }, late, policy)).toBeNull()
    expect(automaticTransition({ ...open, escalation: 1 }, 2 * late, policy)).toBe('escalate')
    expect(automaticTransition({ ...open, silencedUntil: late + 1 }, late, policy)).toBeNull()
    expect(automaticTransition({ ...open, expected: true }, late, policy)).toBeNull()
  })
  it.each(['countsFrom', 'silencedUntil'])(
    'its clock counts from the end of what kept it from being told: %s',
    (end) => {
      const late = policy.escalateAfterMs
      expect(automaticTransition({ ...open, [end]: 5 * late }, 6 * late - 1, policy)).toBeNull()
      expect(automaticTransition({ ...open, [end]: 5 * late }, 6 * late, policy)).toBe('escalate')
    },
  )
  it('who acknowledged it is not passed over', () => {
    const late = policy.escalateAfterMs
    expect(automaticTransition({ ...open, status: 'acknowledged' }, 9 * late, policy)).toBeNull()
  })
})

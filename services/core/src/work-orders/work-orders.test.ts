import { HubError } from '@hub/contracts'
import { describe, expect, it } from 'vitest'
import { hourMs, minuteMs } from '../common/time/units.ts'
import { addWorkingTime, isWorkday, workdayAfter } from './calendar.ts'
import { limitsOf, overtimeOf, type RepairPolicy, repairClass } from './limits.ts'
import { moveOrder, provenIn, settleOrder } from './order.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)

describe('working days', () => {
  it.each([
    [2, '2026-02-24'],
    [3, '2026-02-25'],
    [7, '2026-03-02'],
    [10, '2026-03-05'],
  ])('%i after Friday 2026-02-13 is %s: the Spring Festival between, two weekends swapped', (n, day) => {
    expect(workdayAfter(at('2026-02-13T10:00'), n)).toBe(day)
  })
  it('a swapped Saturday is one, and a holiday on a weekday is none', () => {
    expect(isWorkday('2026-02-14')).toBe(true)
    expect(isWorkday('2026-02-17')).toBe(false)
  })
  it('a year without data is refused by name, unless a calendar is supplied', () => {
    expect(() => isWorkday('2027-01-01')).toThrow(HubError)
    expect(() => isWorkday('2027-01-01')).toThrow('2027-01-01')
    const calendar = { years: [2027], days: new Map([['2027-01-01', false]]) }
    expect(isWorkday('2027-01-01', calendar)).toBe(false)
    expect(isWorkday('2027-01-04', calendar)).toBe(true)
    expect(isWorkday('2027-01-02', calendar)).toBe(false)
  })
  it('a clock of working days stands still over the festival', () => {
    expect(addWorkingTime(at('2026-02-14T22:00'), 4 * hourMs)).toBe(at('2026-02-24T02:00'))
  })
})

const policy: RepairPolicy = {
  respondHours: 2,
  repairHours: { core: 4, urban: 24, rural: 48 },
  clock: '24h',
  urban: ['430405'],
  yellowShare: 0.8,
  provenMs: 600_000,
  provenance: 'test',
}

describe('limits', () => {
  it('are those of the strictest device', () => {
    expect(repairClass([{ pointType: '3', district: '430421' }], policy)).toBe('rural')
    expect(
      repairClass(
        [
          { pointType: '3', district: '430421' },
          { pointType: '2', district: '430405' },
        ],
        policy,
      ),
    ).toBe('urban')
    expect(
      repairClass(
        [
          { pointType: '1', district: '430421' },
          { pointType: '2', district: '430405' },
        ],
        policy,
      ),
    ).toBe('core')
  })
  it('run round the clock or on working days only', () => {
    const issued = at('2026-02-14T22:00')
    expect(limitsOf(issued, 'core', policy)).toMatchObject({
      respondBy: issued + 2 * hourMs,
      repairBy: issued + 4 * hourMs,
    })
    expect(limitsOf(issued, 'core', { ...policy, clock: 'working-days' })).toMatchObject({
      respondBy: at('2026-02-15T00:00'),
      repairBy: at('2026-02-24T02:00'),
    })
  })
  it('turn yellow near and red past, each at its instant, and stay as they ended', () => {
    const order = {
      issuedAt: 0,
      receivedAt: null,
      doneAt: null,
      closedAt: null,
      respondBy: 2 * hourMs,
      repairBy: 24 * hourMs,
      status: 'issued',
    } as const
    expect(overtimeOf(order, 96 * minuteMs - 1, policy)).toBe('none')
    expect(overtimeOf(order, 96 * minuteMs, policy)).toBe('yellow')
    expect(overtimeOf(order, 120 * minuteMs, policy)).toBe('yellow')
    expect(overtimeOf(order, 120 * minuteMs + 1, policy)).toBe('red')
    const received = { ...order, status: 'received', receivedAt: hourMs } as const
    expect(overtimeOf(received, 3 * hourMs, policy)).toBe('none')
    expect(overtimeOf(received, 20 * hourMs, policy)).toBe('yellow')
    expect(overtimeOf({ ...received, doneAt: 25 * hourMs, status: 'done' }, 99 * hourMs, policy)).toBe('red')
    expect(overtimeOf({ ...received, doneAt: 23 * hourMs, status: 'done' }, 99 * hourMs, policy)).toBe('none')
    const unheard = { ...order, status: 'closed', doneAt: hourMs, closedAt: hourMs } as const
    expect(overtimeOf(unheard, 99 * hourMs, policy)).toBe('none')
    expect(overtimeOf({ ...unheard, doneAt: 3 * hourMs, closedAt: 3 * hourMs }, 99 * hourMs, policy)).toBe('red')
  })
})

describe('a work order', () => {
  const order = { status: 'received', steps: [], returned: false, upSince: 0 } as const
  it('is done only when its devices have been up for the set time', () => {
    expect(moveOrder({ ...order, upSince: null }, 'done', 9e9, policy.provenMs)).toMatchObject({
      ok: false,
      why: 'not-up',
    })
    expect(moveOrder(order, 'done', policy.provenMs - 1, policy.provenMs)).toMatchObject({ ok: false, why: 'not-up' })
    expect(moveOrder(order, 'done', policy.provenMs, policy.provenMs)).toEqual({ ok: true, status: 'done' })
  })
  it('says for how long its devices must still stay up', () => {
    expect(provenIn({ upSince: 0 }, 3 * minuteMs, 10 * minuteMs)).toBe(7 * minuteMs)
    expect(provenIn({ upSince: 0 }, 11 * minuteMs, 10 * minuteMs)).toBe(0)
    expect(provenIn({ upSince: null }, 11 * minuteMs, 10 * minuteMs)).toBeNull()
  })
  it('that is closed with its outage is closed or withdrawn; what is done already is not withdrawn', () => {
    for (const status of ['issued', 'received', 'disputed', 'returned'] as const)
      expect([settleOrder(status, 'repaired'), settleOrder(status, 'withdrawn')]).toEqual(['close', 'cancel'])
    for (const status of ['done', 'verified'] as const) expect(settleOrder(status, 'withdrawn')).toBe('close')
    for (const status of ['closed', 'cancelled'] as const) expect(settleOrder(status, 'repaired')).toBeNull()
  })
  it('is returned once', () => {
    expect(moveOrder({ ...order, status: 'done' }, 'return', 0, 0)).toEqual({ ok: true, status: 'returned' })
    expect(moveOrder({ ...order, status: 'done', returned: true }, 'return', 0, 0)).toMatchObject({ why: 'once' })
  })
  it('refuses what is not its turn, naming what is', () => {
    expect(moveOrder({ ...order, status: 'issued' }, 'verify', 0, 0)).toEqual({
      ok: false,
      why: 'status',
      legal: ['receive', 'dispute', 'cancel', 'comment'],
    })
  })
})

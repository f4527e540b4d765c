import { describe, expect, test } from 'vitest'
import { defaultNoticePolicy, noticeOf } from './notice.ts'
import {
  afterTelling,
  digestDue,
  type Tellable,
  type TellingPolicy,
  type ToldState,
  tellingOf,
  withinHours,
} from './telling.ts'

const minute = 60_000
const hour = 60 * minute
/** 2026-11-22 12:00 in Hengyang. */
const noon = Date.UTC(2026, 10, 22, 4)
const policy: TellingPolicy = {
  ...defaultNoticePolicy,
  digestMs: 30 * minute,
  digestHours: null,
  hours: null,
  againMs: 30 * minute,
}
const shift = { ...policy, hours: { from: 8, to: 20 } }

const outage = (over: Partial<Tellable> = {}): Tellable => ({
  ...{ cause: { kind: 'switch', key: 'QD-03', mode: 'together' }, expected: false, from: noon, to: null, members: 212 },
  ...{ importance: 'normal', status: 'open', silencedUntil: null, escalation: 0, ...over },
})
const lone = outage({ cause: { kind: 'device', key: '1', mode: 'together' }, members: 1 })

/** Told at `noon + 1 min` that it is down. */
const told = (over: Partial<ToldState> = {}): ToldState => ({
  ...afterTelling(outage(), null, { what: 'opening', when: 'now' }, noon + minute),
  ...over,
})

describe('an outage that nobody knows of', () => {
  test.each<[string, Tellable, number, string | null]>([
    ['is held for a minute', outage(), minute - 1, null],
    ['is told then', outage(), minute, 'now'],
    ['of one device is held for five minutes', lone, 5 * minute - 1, null],
    ['of one device waits for the digest', lone, 5 * minute, 'digest'],
    ['that was expected is not told', outage({ expected: true }), hour, null],
    ['that is silenced is not told', outage({ silencedUntil: noon + hour }), hour - 1, null],
    ['that is silenced is told at the end of the silence', outage({ silencedUntil: noon + hour }), hour, 'now'],
    ['that was over within the hold is not told', outage({ to: noon + 59_000 }), minute, null],
    ['that is over is not told, though it took longer', outage({ to: noon + 2 * minute }), hour, null],
    [
      'that flaps is told though it is up',
      { ...lone, cause: { ...lone.cause, kind: 'flapping' }, to: noon + minute },
      hour,
      'digest',
    ],
  ])('%s', (_, o, after, when) => {
    expect(tellingOf(o, null, noon + after, policy)?.when ?? null).toBe(when)
  })

  test('that ended within the hold is never told, however late one looks', () => {
    for (const late of [30_000, minute, hour])
      expect(noticeOf(outage({ to: noon + 20_000 }), noon + late, defaultNoticePolicy)).toBe('never')
  })
})

describe('whoever was told hears', () => {
  test.each<[string, Partial<Tellable>, Partial<ToldState>, number, string | null]>([
    ['nothing as it grows', { members: 20_000 }, {}, hour, null],
    ['once that it has become important', { importance: 'high' }, {}, hour, 'raised'],
    ['not twice that it has', { importance: 'high' }, { further: true }, hour, null],
    ['nothing of importance that he knows', { importance: 'high' }, { importance: 'high' }, hour, null],
    [
      'nothing of another cause alone',
      { cause: { kind: 'line', key: 'telecom/430405', mode: 'together' }, members: 847 },
      {},
      hour,
      null,
    ],
    [
      'of another cause with four times the members',
      { cause: { kind: 'line', key: 'telecom/430405', mode: 'together' }, members: 848 },
      {},
      hour,
      'wider',
    ],
    ['that nobody has acted', { escalation: 1 }, {}, hour, 'escalated'],
    ['that only once', { escalation: 3 }, { escalated: true }, hour, null],
    ['no escalation of what was in a digest', { escalation: 1 }, { how: 'digest' }, hour, null],
    ['nothing while it may come back', { to: noon + hour }, {}, hour, null],
    ['that it is over when it is resolved', { to: noon + hour, status: 'resolved' }, {}, hour, 'healed'],
    ['that only once', { to: noon + hour, status: 'closed' }, { healed: true }, 9 * hour, null],
    ['nothing during a silence', { to: noon, status: 'resolved', silencedUntil: noon + 2 * hour }, {}, hour, null],
    ['nothing of a relapse at once', {}, { healed: true, at: noon }, 30 * minute - 1, null],
    ['of a relapse that lasts', {}, { healed: true, at: noon }, 30 * minute, 'again'],
    ['of the next one later', {}, { healed: true, at: noon, rounds: 1 }, hour - 1, null],
  ])('%s', (_, o, knows, after, what) => {
    expect(tellingOf(outage(o), told(knows), noon + after, policy)?.what ?? null).toBe(what)
  })

  test('that what flapped is over when it has been still for half an hour', () => {
    const flapping = {
      ...lone,
      cause: { ...lone.cause, kind: 'flapping' as const },
      to: noon,
      status: 'resolved' as const,
    }
    const knows = told({ how: 'digest' })
    expect(tellingOf(flapping, knows, noon + 30 * minute - 1, policy)).toBeNull()
    expect(tellingOf(flapping, knows, noon + 30 * minute, policy)).toEqual({ what: 'healed', when: 'digest' })
  })

  test('of a day of flapping between up for ten minutes and down for ten: five openings at most', () => {
    let knows: ToldState | null = null
    const heard: string[] = []
    for (let at = noon; at < noon + 24 * hour; at += minute) {
      const up = Math.floor((at - noon) / (10 * minute)) % 2 === 1
      const o = outage(up ? { to: at - 3 * minute, status: 'resolved' } : {})
      const telling = tellingOf(o, knows, at, policy)
      if (!telling) continue
      heard.push(telling.what)
      knows = afterTelling(o, knows, telling, at)
    }
    expect(heard.filter((what) => what !== 'healed')).toEqual(['opening', 'again', 'again', 'again', 'again', 'again'])
  })
})

describe('outside the hours', () => {
  const night = noon + 10 * hour
  test('only what is important is told', () => {
    expect(tellingOf(outage({ from: night }), null, night + minute, shift)).toBeNull()
    expect(tellingOf(outage({ from: night, importance: 'high' }), null, night + minute, shift)?.when).toBe('now')
    expect(
      tellingOf(outage({ from: night, to: night + hour, status: 'resolved' }), told(), night + hour, shift),
    ).toBeNull()
  })
  test('the rest is told in the morning, also what is over', () => {
    const morning = noon + 20 * hour
    expect(tellingOf(outage({ from: night }), null, morning, shift)).toEqual({ what: 'opening', when: 'now' })
    const over = outage({ from: night, to: night + hour, status: 'resolved' })
    expect(tellingOf(over, null, morning, shift)).toEqual({ what: 'opening', when: 'digest' })
    expect(afterTelling(over, null, { what: 'opening', when: 'digest' }, morning).healed).toBe(true)
  })
  test.each([
    [{ from: 8, to: 20 }, -5, false],
    [{ from: 8, to: 20 }, -4, true],
    [{ from: 8, to: 20 }, 8, false],
    [{ from: 20, to: 6 }, 0, false],
    [{ from: 20, to: 6 }, 8, true],
    [{ from: 20, to: 6 }, 17, true],
    [{ from: 20, to: 6 }, 18, false],
    [{ from: 0, to: 24 }, 11, true],
  ])('hours %j, %i hours from noon: %s', (hours, after, within) => {
    expect(withinHours(noon + after * hour, { hours })).toBe(within)
  })
})

test('digests go at half hours of the city, and when the hours begin', () => {
  expect(digestDue(noon + 29 * minute, policy)).toBe(noon)
  expect(digestDue(noon + 30 * minute, policy)).toBe(noon + 30 * minute)
  const daily = { digestMs: 24 * hour, digestHours: null, hours: { from: 8, to: 20 } }
  expect(digestDue(noon, daily)).toBe(noon - 4 * hour)
  expect(digestDue(noon - 4 * hour - 1, daily)).toBe(noon - 12 * hour)
})

test('digests keep to their hours: the last of the evening, the first of the morning, none at night', () => {
  const byDay = { digestMs: 2 * hour, digestHours: { from: 8, to: 20 }, hours: null }
  expect(digestDue(noon + 8 * hour, byDay)).toBe(noon + 8 * hour)
  for (const night of [9, 11, 12, 15, 20]) expect(digestDue(noon + night * hour - 1, byDay)).toBe(noon + 8 * hour)
  expect(digestDue(noon + 20 * hour, byDay)).toBe(noon + 20 * hour)
  expect(digestDue(noon + 22.5 * hour, byDay)).toBe(noon + 22 * hour)
})

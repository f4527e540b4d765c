import { describe, expect, test } from 'vitest'
import { hourMs, minuteMs } from '../common/time/units.ts'
import {
  afterDecision,
  decisionOf,
  digestDue,
  type KnownState,
  type NotifiableOutage,
  type NotificationPolicy,
  withinHours,
} from './decision.ts'
import { defaultHoldPolicy, holdOf } from './hold.ts'

/** 2026-11-22 12:00 in Hengyang. */
const noon = Date.UTC(2026, 10, 22, 4)
const policy: NotificationPolicy = {
  ...defaultHoldPolicy,
  digestMs: 30 * minuteMs,
  digestHours: null,
  hours: null,
  refireMs: 30 * minuteMs,
}
const shift = { ...policy, hours: { from: 8, to: 20 } }

const outage = (over: Partial<NotifiableOutage> = {}): NotifiableOutage => ({
  cause: { kind: 'switch', key: 'QD-03', mode: 'together' },
  expected: false,
  countsFrom: null,
  from: noon,
  to: null,
  members: 212,
  importance: 'normal',
  status: 'open',
  silencedUntil: null,
  escalation: 0,
  ...over,
})
const silenced = outage({ silencedUntil: noon + hourMs })
const unexpected = outage({ countsFrom: noon + hourMs })
const lone = outage({ cause: { kind: 'device', key: '1', mode: 'together' }, members: 1 })

/** Told at `noon + 1 min` that it is down. */
const told = (over: Partial<KnownState> = {}): KnownState => ({
  ...afterDecision(outage(), null, { what: 'opening', when: 'now' }, noon + minuteMs),
  ...over,
})

describe('an outage that nobody knows of', () => {
  test.each<[string, NotifiableOutage, number, string | null]>([
    ['is held for a minute', outage(), minuteMs - 1, null],
    ['is told then', outage(), minuteMs, 'now'],
    ['of one device is held for five minutes', lone, 5 * minuteMs - 1, null],
    ['of one device waits for the digest', lone, 5 * minuteMs, 'digest'],
    ['that was expected is not told', outage({ expected: true }), hourMs, null],
    ['that is silenced is not told', outage({ silencedUntil: noon + hourMs }), hourMs - 1, null],
    ['that was silenced is held from the end of the silence', silenced, hourMs + minuteMs - 1, null],
    ['that was silenced is told a minute after the silence', silenced, hourMs + minuteMs, 'now'],
    ['that came back in the silence is not told', { ...silenced, to: noon + hourMs - 1 }, 2 * hourMs, null],
    ['that was expected is held from the end of that', unexpected, hourMs + minuteMs - 1, null],
    ['that was expected is told a minute after the end of that', unexpected, hourMs + minuteMs, 'now'],
    [
      'of one device is held as long from there',
      { ...lone, countsFrom: noon + hourMs },
      hourMs + 5 * minuteMs - 1,
      null,
    ],
    [
      'of one device waits then for the digest',
      { ...lone, countsFrom: noon + hourMs },
      hourMs + 5 * minuteMs,
      'digest',
    ],
    ['that was over within the hold is not told', outage({ to: noon + 59_000 }), minuteMs, null],
    ['that is over is not told, though it took longer', outage({ to: noon + 2 * minuteMs }), hourMs, null],
    [
      'that flaps is told though it is up',
      { ...lone, cause: { ...lone.cause, kind: 'flapping' }, to: noon + minuteMs },
      hourMs,
      'digest',
    ],
  ])('%s', (_, o, after, when) => {
    expect(decisionOf(o, null, noon + after, policy)?.when ?? null).toBe(when)
  })

  test('that ended within the hold is never told, however late one looks', () => {
    for (const late of [30_000, minuteMs, hourMs])
      expect(holdOf(outage({ to: noon + 20_000 }), noon + late, defaultHoldPolicy)).toBe('never')
  })
})

describe('whoever was told hears', () => {
  test.each<[string, Partial<NotifiableOutage>, Partial<KnownState>, number, string | null]>([
    ['nothing as it grows', { members: 20_000 }, {}, hourMs, null],
    ['once that it has become important', { importance: 'high' }, {}, hourMs, 'importance-raised'],
    ['not twice that it has', { importance: 'high' }, { further: true }, hourMs, null],
    ['nothing of importance that he knows', { importance: 'high' }, { importance: 'high' }, hourMs, null],
    [
      'nothing of another cause alone',
      { cause: { kind: 'line', key: 'telecom/430405', mode: 'together' }, members: 847 },
      {},
      hourMs,
      null,
    ],
    [
      'of another cause with four times the members',
      { cause: { kind: 'line', key: 'telecom/430405', mode: 'together' }, members: 848 },
      {},
      hourMs,
      'expanded',
    ],
    ['that nobody has acted', { escalation: 1 }, {}, hourMs, 'escalated'],
    ['that only once', { escalation: 3 }, { escalated: true }, hourMs, null],
    ['no escalation of what was in a digest', { escalation: 1 }, { how: 'digest' }, hourMs, null],
    ['nothing while it may come back', { to: noon + hourMs }, {}, hourMs, null],
    ['that it is over when it is resolved', { to: noon + hourMs, status: 'resolved' }, {}, hourMs, 'resolved'],
    ['that only once', { to: noon + hourMs, status: 'closed' }, { resolved: true }, 9 * hourMs, null],
    ['nothing during a silence', { to: noon, status: 'resolved', silencedUntil: noon + 2 * hourMs }, {}, hourMs, null],
    ['nothing of what is expected meanwhile', { expected: true, escalation: 1 }, {}, hourMs, null],
    [
      'that it is over, though expected',
      { expected: true, to: noon + hourMs, status: 'resolved' },
      {},
      hourMs,
      'resolved',
    ],
    ['nothing at the end of an exemption', { countsFrom: noon + hourMs }, {}, hourMs + minuteMs - 1, null],
    [
      'once after an exemption that it is still down',
      { countsFrom: noon + hourMs },
      {},
      hourMs + minuteMs,
      'still-down',
    ],
    [
      'once after a silence that it is still down',
      { silencedUntil: noon + hourMs },
      {},
      hourMs + minuteMs,
      'still-down',
    ],
    ['nothing of it when it is back by then', { countsFrom: noon + hourMs, to: noon + hourMs }, {}, 2 * hourMs, null],
    ['that not twice', { countsFrom: noon + hourMs }, { at: noon + hourMs + minuteMs }, 9 * hourMs, null],
    ['nothing of a relapse at once', {}, { resolved: true, at: noon }, 30 * minuteMs - 1, null],
    ['of a relapse that lasts', {}, { resolved: true, at: noon }, 30 * minuteMs, 're-fired'],
    ['of the next one later', {}, { resolved: true, at: noon, rounds: 1 }, hourMs - 1, null],
  ])('%s', (_, o, knows, after, what) => {
    expect(decisionOf(outage(o), told(knows), noon + after, policy)?.what ?? null).toBe(what)
  })

  test('again that nobody has acted, once it was told anew', () => {
    const anew = outage({ countsFrom: noon + hourMs, escalation: 0 })
    const knows = afterDecision(anew, told({ escalated: true }), { what: 'still-down', when: 'now' }, noon + 2 * hourMs)
    expect(decisionOf({ ...anew, escalation: 1 }, knows, noon + 3 * hourMs, policy)?.what).toBe('escalated')
  })

  test('that what flapped is over when it has been still for half an hour', () => {
    const flapping = {
      ...lone,
      cause: { ...lone.cause, kind: 'flapping' as const },
      to: noon,
      status: 'resolved' as const,
    }
    const knows = told({ how: 'digest' })
    expect(decisionOf(flapping, knows, noon + 30 * minuteMs - 1, policy)).toBeNull()
    expect(decisionOf(flapping, knows, noon + 30 * minuteMs, policy)).toEqual({ what: 'resolved', when: 'digest' })
  })

  test('of a day of flapping between up for ten minutes and down for ten: five openings at most', () => {
    let knows: KnownState | null = null
    const heard: string[] = []
    for (let at = noon; at < noon + 24 * hourMs; at += minuteMs) {
      const up = Math.floor((at - noon) / (10 * minuteMs)) % 2 === 1
      const o = outage(up ? { to: at - 3 * minuteMs, status: 'resolved' } : {})
      const decision = decisionOf(o, knows, at, policy)
      if (!decision) continue
      heard.push(decision.what)
      knows = afterDecision(o, knows, decision, at)
    }
    expect(heard.filter((what) => what !== 'resolved')).toEqual([
      'opening',
      're-fired',
      're-fired',
      're-fired',
      're-fired',
      're-fired',
    ])
  })
})

describe('outside the hours', () => {
  const night = noon + 10 * hourMs
  test('only what is important is told', () => {
    expect(decisionOf(outage({ from: night }), null, night + minuteMs, shift)).toBeNull()
    expect(decisionOf(outage({ from: night, importance: 'high' }), null, night + minuteMs, shift)?.when).toBe('now')
    expect(
      decisionOf(outage({ from: night, to: night + hourMs, status: 'resolved' }), told(), night + hourMs, shift),
    ).toBeNull()
  })
  test('the rest is told in the morning, also what is over', () => {
    const morning = noon + 20 * hourMs
    expect(decisionOf(outage({ from: night }), null, morning, shift)).toEqual({ what: 'opening', when: 'now' })
    const over = outage({ from: night, to: night + hourMs, status: 'resolved' })
    expect(decisionOf(over, null, morning, shift)).toEqual({ what: 'opening', when: 'digest' })
    expect(afterDecision(over, null, { what: 'opening', when: 'digest' }, morning).resolved).toBe(true)
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
    expect(withinHours(noon + after * hourMs, { hours })).toBe(within)
  })
})

test('digests go at half hours of the city, and when the hours begin', () => {
  expect(digestDue(noon + 29 * minuteMs, policy)).toBe(noon)
  expect(digestDue(noon + 30 * minuteMs, policy)).toBe(noon + 30 * minuteMs)
  const daily = { digestMs: 24 * hourMs, digestHours: null, hours: { from: 8, to: 20 } }
  expect(digestDue(noon, daily)).toBe(noon - 4 * hourMs)
  expect(digestDue(noon - 4 * hourMs - 1, daily)).toBe(noon - 12 * hourMs)
})

test('digests keep to their hours: the last of the evening, the first of the morning, none at night', () => {
  const byDay = { digestMs: 2 * hourMs, digestHours: { from: 8, to: 20 }, hours: null }
  expect(digestDue(noon + 8 * hourMs, byDay)).toBe(noon + 8 * hourMs)
  for (const night of [9, 11, 12, 15, 20]) expect(digestDue(noon + night * hourMs - 1, byDay)).toBe(noon + 8 * hourMs)
  expect(digestDue(noon + 20 * hourMs, byDay)).toBe(noon + 20 * hourMs)
  expect(digestDue(noon + 22.5 * hourMs, byDay)).toBe(noon + 22 * hourMs)
})

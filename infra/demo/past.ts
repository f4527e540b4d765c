/**
 * A plausible past for the demonstration's devices: when each was planned, built, accepted and put in service, and how it fared since.
 * Pure: the same fleet at the same instant has the same past.
 */
import type { DistrictCode, Interval } from '@hub/contracts'
import { dayMs, dayOf, dayStart, hourMs, secondMs } from '@hub/core'
import { type Random, randomOf } from './random.ts'

export type PastDevice = { id: string; district: DistrictCode; kind: 'camera' | 'sensor'; power: string }
/** Days of the city, as the camera record has them. */
export type Dates = { plannedAt: string; installTime: string; acceptedAt: string; inServiceAt: string }
type Failure = {
  from: number
  to: number
  state: 'down' | 'degraded' | 'unknown'
  reason: 'timeout' | 'slow' | 'no-data' | null
}

/** The first devices went in service so many days ago, the last of them so many. */
const [firstDays, lastDays] = [70, 8]
/** Days before now on which a gateway heard nothing of the counties for three hours. */
const silentDays = 12

/** District by district along an S-curve, behind the plan by some days. */
export function datesOf({ id, district }: PastDevice, districts: readonly DistrictCode[], now: number): Dates {
  const random = randomOf(`dates ${id}`)
  const turn = (districts.indexOf(district) + random() + random()) / (districts.length + 1)
  const inService = now - (firstDays - turn * (firstDays - lastDays)) * dayMs
  const before = (days: number) => dayOf(inService - days * dayMs)
  const late = random() * 9 - 2
  return {
    plannedAt: before(late),
    installTime: before(10 + random() * 6),
    acceptedAt: before(3 + random() * 4),
    inServiceAt: before(0),
  }
}

/** From the day it went in service to now, without a gap. */
export function intervalsOf(device: PastDevice, inServiceAt: string, counties: boolean, now: number): Interval[] {
  const start = dayStart(Date.parse(`${inServiceAt}T00:00:00+08:00`))
  const failures = [
    ...ownFailures(device, start, now),
    ...feedFailures(device.power, start, now),
    ...(counties ? [silence(now)] : []),
  ]
    .filter(({ from, to }) => from > start && to < now)
    .sort((a, b) => a.from - b.from)
  const intervals: Interval[] = []
  let at = start
  const up = (to: number) => {
    if (to > at) intervals.push(interval(device, at, to, 'up', null))
    at = Math.max(at, to)
  }
  for (const { from, to, state, reason } of failures) {
    // Whoever is down already does not go down again.
    if (from < at) continue
    up(from)
    intervals.push(interval(device, from, to, state, reason))
    at = to
  }
  up(now)
  return intervals
}

/** One device in twelve is a poor one, and some districts are better kept than others. */
function ownFailures({ id, kind, district }: PastDevice, from: number, to: number): Failure[] {
  const random = randomOf(`troubles ${id}`)
  const between = (random() < 1 / 12 ? 2 * dayMs : 14 * dayMs) * (0.5 + randomOf(`care ${district}`)())
  const failures: Failure[] = []
  for (let at = from + gap(random, between); at < to; at += gap(random, between)) {
    const lasts = Math.round(gap(random, 5 * hourMs))
    const slow = kind === 'camera' && random() < 0.15
    failures.push({
      from: at,
      to: at + lasts,
      state: slow ? 'degraded' : 'down',
      reason: slow ? 'slow' : kind === 'camera' ? 'timeout' : 'no-data',
    })
    at += lasts
  }
  return failures
}

/** A power cut takes all that hang on the feed. */
function feedFailures(power: string, from: number, to: number): Failure[] {
  const random = randomOf(`feed ${power}`)
  const failures: Failure[] = []
  // Counted from a fixed instant, so that every device of the feed has the same cuts.
  const origin = dayStart(to) - (firstDays + 5) * dayMs
  for (let at = origin + gap(random, 60 * dayMs); at < to; at += gap(random, 60 * dayMs)) {
    const end = at + Math.round(hourMs + gap(random, 2 * hourMs))
    if (at > from) failures.push({ from: at, to: end, state: 'down', reason: 'timeout' })
    at = end
  }
  return failures
}

const silence = (now: number): Failure => {
  const from = dayStart(now) - silentDays * dayMs + 14 * hourMs
  return { from, to: from + 3 * hourMs, state: 'unknown', reason: null }
}

/** Exponential, at least two minutes. */
const gap = (random: Random, mean: number): number => Math.round(120_000 - mean * Math.log(1 - random()))

function interval(
  { kind }: PastDevice,
  from: number,
  to: number,
  state: Interval['state'],
  reason: Failure['reason'],
): Interval {
  if (state === 'unknown')
    return { from, to, state, rule: { id: 'stale', count: 0, needed: 0, firstAt: from - 30 * secondMs, lastAt: from } }
  const count = state === 'up' ? 1 : state === 'degraded' ? 2 : 3
  const rung = kind === 'sensor' ? 'fresh' : state === 'down' ? 'reachable' : 'answers'
  const seen = { count, needed: count, firstAt: from, lastAt: from + (count - 1) * 10_000 }
  return { from, to, state, rule: { id: 'confirmed', rung, ...(reason && { reason }), ...seen } }
}

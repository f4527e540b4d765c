/**
 * What each second of a device's history counts as, by asking at every second: no intervals, no spans, no calendar arithmetic.
 * Deliberately dumb: it shares nothing with the code that it judges but types.
 */

import { minuteMs } from '../../../common/time/units.ts'
import { oracle as stateOracle } from '../../../ingest/testing/oracle.ts'
import type { Evidence, HealthPolicy } from '../../../ingest/types.ts'
import type { Claiming } from '../claims.ts'
import type { AdjustableDevice } from '../covers.ts'

export type Second = 'up' | 'down' | 'unknown' | 'exempt'

/** The seconds from `begin` to `end` (milliseconds, both whole seconds), one by one. */
export function secondsOf(
  history: {
    observations: readonly Evidence[]
    policy: HealthPolicy
    adjustments: readonly Claiming[]
    device: AdjustableDevice
  },
  begin: number,
  end: number,
): Second[] {
  const stateAt = stateOracle(history.observations, history.policy)
  const speaking = history.adjustments
    .filter((a) => a.status === 'approved' && isAbout(a, history.device))
    .map((a) => ({ ...a, holds: holdsAt(a, begin, end) }))
  const seconds: Second[] = []
  for (let at = begin; at < end; at += 1_000) {
    const said = speaking.length === 0 ? speaking : speaking.filter((a) => a.holds[(at - begin) / 1_000])
    if (said.some((a) => a.countAs === 'exempt')) seconds.push('exempt')
    else if (said.length > 0) seconds.push(lastOf(said))
    else {
      const state = stateAt(at)
      seconds.push(state === 'degraded' ? 'up' : state)
    }
  }
  return seconds
}

function lastOf(said: readonly Claiming[]): Second {
  const latest = Math.max(...said.map((a) => a.decidedAt!))
  const words = said.filter((a) => a.decidedAt === latest).map((a) => a.countAs)
  return words.includes('down') ? 'down' : words.includes('unknown') ? 'unknown' : 'up'
}

function isAbout({ scope, within }: Claiming, device: AdjustableDevice): boolean {
  if (within !== 'city' && !within.some((district) => district === device.district)) return false
  if (scope.carriers && !scope.carriers.some((carrier) => carrier === device.carrier)) return false
  if (scope.applications && !scope.applications.some((application) => application === device.application)) return false
  if (scope.kind && scope.kind !== device.kind) return false
  switch (scope.by) {
    case 'devices':
      return scope.values.some((value) => value === device.id)
    case 'pole':
      return scope.values.some((value) => value === device.pole)
    case 'feed':
      return scope.values.some((value) => value === device.feed)
    case 'district':
      return scope.values.some((value) => value === device.district)
  }
}

/** For each second, whether the adjustment holds: walks the minutes at which a window that reaches it can start, and marks what starts at each. */
function holdsAt(a: Claiming, begin: number, end: number): boolean[] {
  const marks = new Array<boolean>((end - begin) / 1_000).fill(!a.recurrence)
  if (a.recurrence)
    for (let at = begin - (begin % minuteMs) - a.recurrence.minutes * minuteMs; at < end; at += minuteMs) {
      const wall = wallClock(at)
      if (wall.time !== a.recurrence.start) continue
      if (a.recurrence.weekdays && !a.recurrence.weekdays.includes(week.indexOf(wall.weekday))) continue
      if (a.recurrence.monthDays && !a.recurrence.monthDays.includes(Number(wall.day))) continue
      for (let second = 0; second < a.recurrence.minutes * 60; second++) {
        const index = (at - begin) / 1_000 + second
        if (index >= 0 && index < marks.length) marks[index] = true
      }
    }
  return marks.map((mark, i) => mark && begin + i * 1_000 >= a.from && begin + i * 1_000 < a.to)
}

const week = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  weekday: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
type WallClock = { time: string; weekday: string; day: string }
const read = new Map<number, WallClock>()

/** By the time-zone table; remembered, for it is slow. */
function wallClock(at: number): WallClock {
  let wall = read.get(at)
  if (!wall) {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    wall = { time: `${part.hour}:${part.minute}`, weekday: part.weekday!, day: part.day! }
    read.set(at, wall)
  }
  return wall
}

/** What firings of a rule would have come to: held back, opened, joined. */
import type { GeoPoint, RuleDraft } from '@hub/contracts'
import { dayOf } from '../common/time/city.ts'
import { hourMs, minuteMs } from '../common/time/units.ts'
import { metresBetween } from './place.ts'
import { isHeldBack } from './rule.ts'

type Firing = { at: number; point: GeoPoint | null }
export type Rehearsed<F> = {
  runs: F[]
  held: number
  incidents: number
  joined: number
  perDay: { day: string; fired: number }[]
}

/**
 * As the live rule does: at most so many an hour, and an incident joins one that is open, near and fresh. That none of them was ended
 * meanwhile is assumed.
 * @param firings in the order of their time
 */
export function rehearsed<F extends Firing>(rule: RuleDraft, firings: readonly F[]): Rehearsed<F> {
  const result: Rehearsed<F> = { runs: [], held: 0, incidents: 0, joined: 0, perDay: [] }
  const opens = rule.actions[0]?.kind === 'open-incident' ? rule.actions[0] : undefined
  const open: { point: GeoPoint; lastAt: number }[] = []
  let from = 0
  for (const firing of firings) {
    while (from < result.runs.length && result.runs[from]!.at <= firing.at - hourMs) from++
    if (isHeldBack(rule, result.runs.length - from)) {
      result.held++
      continue
    }
    result.runs.push(firing)
    const day = dayOf(firing.at)
    const last = result.perDay.at(-1)
    if (last?.day === day) last.fired++
    else result.perDay.push({ day, fired: 1 })
    if (!opens) continue
    const { point, at } = firing
    const since = at - opens.joinMinutes * minuteMs
    const joins = opens.joinMetres > 0 && opens.joinMinutes > 0
    const near =
      joins && point
        ? open.find((one) => one.lastAt >= since && metresBetween(one.point, point) <= opens.joinMetres)
        : undefined
    if (near) {
      near.lastAt = at
      result.joined++
      continue
    }
    result.incidents++
    if (point) open.push({ point, lastAt: at })
  }
  return result
}

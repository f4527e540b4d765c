/** Incidents that are probably the same: of one class, near in place and time. Offered to a person; never merged by itself. */
import type { DistrictCode, IncidentClass, IncidentType } from '@hub/contracts'
import { hourMs, minuteMs } from '../common/time/units.ts'
import { metresBetween } from './place.ts'

export type ComparableIncident = {
  id: string
  drill: boolean
  class: IncidentClass
  type: IncidentType
  district: DistrictCode
  point: { longitude: number; latitude: number } | null
  occurredAt: number
}
export type Similar<T> = { incident: T; metres: number | null; apartMs: number }

/** Farther apart, or longer, it is another one. */
export const similarWithin = { metres: 1_000, ms: 2 * hourMs }
/** Without a place only what is of one type, in one district, and soon after. */
const placelessMs = 30 * minuteMs
/** Of another type of the same class: as much as half the distance. */
const otherType = 0.5
const most = 5

/** The likeliest first. */
export function similarTo<T extends ComparableIncident>(
  incident: ComparableIncident,
  others: readonly T[],
): Similar<T>[] {
  return others
    .flatMap((other): (Similar<T> & { unlike: number })[] => {
      if (other.id === incident.id || other.drill !== incident.drill || other.class !== incident.class) return []
      const apartMs = Math.abs(other.occurredAt - incident.occurredAt)
      const sameType = other.type === incident.type
      if (incident.point === null || other.point === null) {
        const near = sameType && other.district === incident.district && apartMs <= placelessMs
        return near ? [{ incident: other, metres: null, apartMs, unlike: 1 + apartMs / placelessMs }] : []
      }
      const metres = metresBetween(incident.point, other.point)
      if (metres > similarWithin.metres || apartMs > similarWithin.ms) return []
      const unlike = metres / similarWithin.metres + apartMs / similarWithin.ms + (sameType ? 0 : otherType)
      return [{ incident: other, metres: Math.round(metres), apartMs, unlike }]
    })
    .sort((a, b) => a.unlike - b.unlike || (a.incident.id < b.incident.id ? -1 : 1))
    .slice(0, most)
    .map(({ incident: one, metres, apartMs }) => ({ incident: one, metres, apartMs }))
}

/** Limits of the steps of an incident, by its level: which run now, until when, and when one changes its colour. */
import type { IncidentClock, IncidentStatus, IncidentUnit, LimitedStep } from '@hub/contracts'
import { type LimitShare, limitColour, nearFrom } from '../common/time/limit.ts'
import { minuteMs } from '../common/time/units.ts'
import { isIncidentOpen } from './steps.ts'

/** Minutes for a step at levels I to IV. */
export type MinutesByLevel = readonly [number, number, number, number]
export type IncidentLimits = LimitShare & { minutes: Record<LimitedStep, MinutesByLevel> }

export type TimedIncident = {
  status: IncidentStatus
  level: number | null
  /** When it was taken in; opened anew, when that was: no limit counts from before. */
  openedAt: number
  verifiedAt: number | null
  gradedAt: number | null
  endedAt: number | null
  reviewedAt: number | null
  units: readonly IncidentUnit[]
}

type Waiting = { step: LimitedStep; unit: string | null; since: number | null }

/** Limits that run, the one that ends first at the front. What is not graded is held to the limits of the worst level. */
export function clocksOf(incident: TimedIncident, now: number, limits: IncidentLimits): IncidentClock[] {
  return waitingOf(incident)
    .map(({ step, unit, since }) => {
      const from = Math.max(since ?? 0, incident.openedAt)
      const due = from + limits.minutes[step][(incident.level ?? 1) - 1]! * minuteMs
      return { step, unit, from, due, colour: limitColour({ from, to: due }, now, limits) }
    })
    .sort((a, b) => a.due - b.due)
}

/** When the first of them becomes yellow or red; null: all are red, or there is none. */
export function nextColourAt(clocks: readonly IncidentClock[], now: number, limits: LimitShare): number | null {
  const changes = clocks
    .flatMap(({ from, due }) => [Math.ceil(nearFrom({ from, to: due }, limits)), due + 1])
    .filter((at) => at > now)
  return changes.length === 0 ? null : Math.min(...changes)
}

/** What is waited for, and since when. */
function waitingOf(incident: TimedIncident): Waiting[] {
  const { status, verifiedAt, gradedAt, endedAt, reviewedAt, units } = incident
  const ofDuty = (step: LimitedStep, since: number | null): Waiting => ({ step, unit: null, since })
  if (status === 'received') return [ofDuty('verify', null)]
  if (status === 'verified') return [ofDuty('grade', verifiedAt)]
  if (status === 'ended') return [ofDuty('review', endedAt)]
  if (status === 'reviewed') return [ofDuty('archive', reviewedAt)]
  if (!isIncidentOpen(status)) return []
  const end = ofDuty('end', null)
  return status === 'graded' ? [ofDuty('dispatch', gradedAt), end] : [...units.flatMap(unitWaits), end]
}

function unitWaits({ unit, dispatchedAt, signedAt, departedAt, arrivedAt }: IncidentUnit): Waiting[] {
  if (arrivedAt !== null) return []
  if (departedAt !== null) return [{ step: 'arrive', unit, since: departedAt }]
  return [signedAt === null ? { step: 'sign', unit, since: dispatchedAt } : { step: 'depart', unit, since: signedAt }]
}

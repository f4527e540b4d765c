/** The steps of an incident as its log has them, walked through by the machine again: how far it had come, and each step against its limit. */
import type { IncidentEntry, IncidentUnit, LimitedStep, StepTime } from '@hub/contracts'
import { clocksOf, type IncidentLimits, type TimedIncident } from './limits.ts'
import { isUnitStep, type StepAsked, takeIncidentStep } from './steps.ts'

/** `units`: as they are now: none is ever taken back. `log`: its steps, at least, as they were taken. */
export type LoggedIncident = {
  acceptedAt: number
  units: readonly IncidentUnit[]
  log: readonly Pick<IncidentEntry, 'at' | 'kind' | 'step' | 'detail'>[]
}
export type IncidentWalk = {
  state: TimedIncident
  /** Steps that were taken, then those that were waited for. */
  times: StepTime[]
}

/** As it stood at an instant, what was done at that instant included. */
export function walkIncident(
  { acceptedAt, units, log }: LoggedIncident,
  at: number,
  limits: IncidentLimits,
): IncidentWalk {
  const none = { verifiedAt: null, gradedAt: null, endedAt: null, reviewedAt: null, units: [] }
  let state: TimedIncident = { status: 'received', level: null, openedAt: acceptedAt, ...none }
  const times: StepTime[] = []
  for (const entry of log) {
    if (entry.at > at) break
    if (entry.kind !== 'step' || entry.step === null) continue
    if (entry.step === 'receive') {
      state = { ...state, level: (entry.detail.level ?? null) as number | null }
      continue
    }
    const asked = askedIn(entry, state, units)
    const taken = takeIncidentStep(state, asked, entry.at)
    // The log is what happened: what the rules of today refuse leaves the state as it was.
    if (!taken.ok) continue
    const unit = 'unit' in asked ? asked.unit : null
    const clock = clocksOf(state, entry.at, limits).find((c) => c.step === entry.step && c.unit === unit)
    if (clock) times.push(timeOf(clock, entry.at, entry.at))
    state = { ...state, ...taken.state, ...instantsOf(asked.step, state, entry.at) }
  }
  return { state, times: [...times, ...clocksOf(state, at, limits).map((clock) => timeOf(clock, null, at))] }
}

type Clock = { step: LimitedStep; unit: string | null; from: number; due: number }
const timeOf = ({ step, unit, from, due }: Clock, at: number | null, now: number): StepTime => ({
  step,
  unit,
  from,
  due,
  at,
  lateMs: Math.max(0, now - due),
})

function askedIn(
  { at, step, detail }: LoggedIncident['log'][number],
  state: TimedIncident,
  units: readonly IncidentUnit[],
): StepAsked {
  if (step === 'dispatch') {
    const named = `、${detail.units}、`
    const sent = units.filter(
      ({ unit, dispatchedAt }) =>
        dispatchedAt === at && named.includes(`、${unit}、`) && !state.units.some((before) => before.unit === unit),
    )
    return { step, units: sent }
  }
  if (step === 'grade' || step === 'escalate') return { step, level: Number(detail.level) }
  if (step !== null && isUnitStep(step)) return { step, unit: String(detail.unit) }
  return { step } as StepAsked
}

/** When each step was taken, as the room writes it down. */
function instantsOf(step: StepAsked['step'], { gradedAt }: TimedIncident, at: number): Partial<TimedIncident> {
  if (step === 'verify') return { verifiedAt: at }
  if (step === 'grade') return { gradedAt: gradedAt ?? at }
  if (step === 'end' || step === 'dismiss' || step === 'merge') return { endedAt: at }
  if (step === 'review') return { reviewedAt: at }
  return step === 'reopen' ? { openedAt: at, endedAt: null, reviewedAt: null } : {}
}

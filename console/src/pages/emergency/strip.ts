/** The steps of an incident as a strip: which are done and by whom, which is due now. Pure. */
import type { Incident, IncidentStatus, IncidentStep } from '@hub/contracts'

export const stripSteps = [
  'receive',
  'verify',
  'grade',
  'dispatch',
  'sign',
  'depart',
  'arrive',
  'handle',
  'end',
  'review',
  'archive',
] as const satisfies readonly IncidentStep[]
export type StripStep = (typeof stripSteps)[number]

/** The step that each status has come to, as an index of the strip; what ended otherwise has come to none. */
const reached: Record<Exclude<IncidentStatus, 'dismissed' | 'merged'>, number> = {
  received: 0,
  verified: 1,
  graded: 2,
  dispatched: 3,
  signed: 4,
  departed: 5,
  arrived: 6,
  handling: 7,
  ended: 8,
  reviewed: 9,
  archived: 10,
}

export type StripState = {
  step: StripStep
  /** `passed`: what follows was done without it. */
  state: 'done' | 'passed' | 'now' | 'overdue' | 'next' | 'never'
  at: number | null
  actor: string | null
  due: number | null
}

export function stripOf(
  incident: Pick<Incident, 'status' | 'log' | 'clocks' | 'acceptedAt'>,
  now: number,
): StripState[] {
  const { status, log, clocks, acceptedAt } = incident
  const over = status === 'dismissed' || status === 'merged'
  const entries = log.filter(({ kind }) => kind === 'step')
  /** What was taken back by reopening is not done. */
  const last = (step: StripStep) => entries.findLast((entry) => entry.step === step)
  const come = over ? Math.max(0, ...stripSteps.map((step, at) => (last(step) ? at : 0))) : reached[status]
  return stripSteps.map((step, at) => {
    const due = clocks.filter((clock) => clock.step === step).map((clock) => clock.due)
    const entry = at <= come ? last(step) : undefined
    const taken = { at: entry?.at ?? (at === 0 ? acceptedAt : null), actor: entry?.actor ?? null }
    if (at <= come) return { step, ...taken, state: taken.at === null ? 'passed' : 'done', due: null }
    const nearest = due.length ? Math.min(...due) : null
    if (over) return { step, ...taken, state: 'never', due: null }
    if (nearest !== null && nearest < now) return { step, ...taken, state: 'overdue', due: nearest }
    return { step, ...taken, state: at === come + 1 ? 'now' : 'next', due: nearest }
  })
}

/** The incident machine: which steps are allowed, and where they lead. Source of the steps: `shared` practice of 应急联动, GB/T 35561 for the levels. */
import type { IncidentStatus, IncidentStep, IncidentUnit } from '@hub/contracts'

export type IncidentState = {
  status: IncidentStatus
  level: number | null
  units: readonly IncidentUnit[]
}

const open = [
  'received',
  'verified',
  'graded',
  'dispatched',
  'signed',
  'departed',
  'arrived',
  'handling',
] as const satisfies readonly IncidentStatus[]
const sent: readonly IncidentStatus[] = ['dispatched', 'signed', 'departed', 'arrived', 'handling']

export const isIncidentOpen = (status: IncidentStatus): boolean => (open as readonly IncidentStatus[]).includes(status)

const after = (...statuses: IncidentStatus[]): readonly IncidentStatus[] => statuses

/** From which statuses a step is allowed, in the order in which steps are usual. `sign`, `depart`, `arrive` are steps of a unit besides. */
const from: Record<Exclude<IncidentStep, 'receive'>, readonly IncidentStatus[]> = {
  verify: after('received'),
  grade: after('verified', 'graded', ...sent),
  dispatch: after('graded', ...sent),
  sign: sent,
  depart: sent,
  arrive: sent,
  handle: after('arrived', 'departed', 'signed', 'dispatched'),
  end: after('graded', ...sent),
  review: after('ended'),
  archive: after('reviewed'),
  report: open,
  escalate: after('graded', ...sent),
  dismiss: after('received', 'verified', 'graded'),
  merge: open,
  reopen: after('ended', 'reviewed', 'dismissed'),
  'hand-over': open,
}

const unitSteps = { sign: 'signedAt', depart: 'departedAt', arrive: 'arrivedAt' } as const
export type UnitStep = keyof typeof unitSteps
/** What must have been done by the unit before. */
const before = { sign: 'dispatchedAt', depart: 'signedAt', arrive: 'departedAt' } as const

export const isUnitStep = (step: IncidentStep): step is UnitStep => step in unitSteps

/** Whether a unit may take a step now. */
export const mayUnitStep = (unit: IncidentUnit, step: UnitStep): boolean =>
  unit[before[step]] !== null && unit[unitSteps[step]] === null

/** Steps that are allowed now, in their usual order. */
export function legalIncidentSteps(state: IncidentState): IncidentStep[] {
  return (Object.keys(from) as (keyof typeof from)[]).filter((step) => {
    if (!from[step].includes(state.status)) return false
    if (isUnitStep(step)) return state.units.some((unit) => mayUnitStep(unit, step))
    // A worse level than the worst there is not.
    return step !== 'escalate' || (state.level ?? 4) > 1
  })
}

/** A step that is asked for, with what it needs. */
export type StepAsked =
  | { step: Exclude<IncidentStep, 'receive' | 'grade' | 'escalate' | 'dispatch' | UnitStep> }
  | { step: 'grade' | 'escalate'; level: number }
  | { step: 'dispatch'; units: readonly Pick<IncidentUnit, 'unit' | 'part'>[] }
  | { step: UnitStep; unit: string }

/** Why a step is refused: not from here, with the steps that are; or not so. */
export type StepRefusal =
  | { why: 'not-now'; legal: IncidentStep[] }
  | { why: 'level-not-worse'; level: number }
  | { why: 'unit-not-sent'; unit: string; units: string[] }
  | { why: 'unit-not-now'; unit: string; step: UnitStep }
  | { why: 'unit-sent-already'; unit: string }
  | { why: 'one-lead'; lead: string }

export type StepResult = { ok: true; state: IncidentState } | { ok: false; refusal: StepRefusal }

const rank = (status: IncidentStatus) => (open as readonly IncidentStatus[]).indexOf(status)
const refuse = (refusal: StepRefusal): StepResult => ({ ok: false, refusal })

/** Takes a step, or says why not. */
export function takeIncidentStep(state: IncidentState, asked: StepAsked, now: number): StepResult {
  if (!from[asked.step].includes(state.status)) return refuse({ why: 'not-now', legal: legalIncidentSteps(state) })
  if ('units' in asked) return dispatch(state, asked.units, now)
  if ('unit' in asked) return unitStep(state, asked.step, asked.unit, now)
  if ('level' in asked) {
    if (asked.step === 'escalate' && state.level !== null && asked.level >= state.level)
      return refuse({ why: 'level-not-worse', level: state.level })
    const status = rank(state.status) < rank('graded') ? 'graded' : state.status
    return { ok: true, state: { ...state, level: asked.level, status } }
  }
  const next = to[asked.step]
  return { ok: true, state: { ...state, status: next === undefined ? state.status : next(state) } }
}

/** Where the steps lead that are no unit's; one that is not named leaves the status as it is. */
const to: Partial<Record<IncidentStep, (state: IncidentState) => IncidentStatus>> = {
  verify: () => 'verified',
  handle: () => 'handling',
  end: () => 'ended',
  review: () => 'reviewed',
  archive: () => 'archived',
  dismiss: () => 'dismissed',
  merge: () => 'merged',
  // Back to where it had come: what the units did stays done.
  reopen: ({ level, units }) => {
    const lead = units.find(({ part }) => part === 'lead') ?? units[0]
    if (lead === undefined) return level === null ? 'verified' : 'graded'
    if (lead.arrivedAt !== null) return 'handling'
    return lead.departedAt !== null ? 'departed' : lead.signedAt !== null ? 'signed' : 'dispatched'
  },
}

function dispatch(
  state: IncidentState,
  asked: readonly Pick<IncidentUnit, 'unit' | 'part'>[],
  now: number,
): StepResult {
  const units = [...state.units]
  for (const { unit, part } of asked) {
    if (units.some((sent) => sent.unit === unit)) return refuse({ why: 'unit-sent-already', unit })
    const lead = units.find((sent) => sent.part === 'lead')
    if (part === 'lead' && lead !== undefined) return refuse({ why: 'one-lead', lead: lead.unit })
    units.push({ unit, part, dispatchedAt: now, signedAt: null, departedAt: null, arrivedAt: null })
  }
  const status = rank(state.status) < rank('dispatched') ? 'dispatched' : state.status
  return { ok: true, state: { ...state, units, status } }
}

function unitStep(state: IncidentState, step: UnitStep, name: string, now: number): StepResult {
  const unit = state.units.find((sent) => sent.unit === name)
  if (unit === undefined) return refuse({ why: 'unit-not-sent', unit: name, units: state.units.map((u) => u.unit) })
  if (!mayUnitStep(unit, step)) return refuse({ why: 'unit-not-now', unit: name, step })
  const units = state.units.map((u) => (u === unit ? { ...u, [unitSteps[step]]: now } : u))
  const reached = ({ sign: 'signed', depart: 'departed', arrive: 'arrived' } as const)[step]
  // The incident has come as far as its lead; without one as far as whoever is first.
  const leads = unit.part === 'lead' || !state.units.some(({ part }) => part === 'lead')
  const status = leads && rank(state.status) < rank(reached) ? reached : state.status
  return { ok: true, state: { ...state, units, status } }
}

/**
 * The incident machine against an oracle that was written apart from it: a table of what follows what, walked one fact at a time, with no
 * ranks and no list of statuses in common.
 */
import { type IncidentStatus, type IncidentUnit, incidentStatuses, incidentSteps } from '@hub/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type IncidentState, isIncidentOpen, legalIncidentSteps, type StepAsked, takeIncidentStep } from './steps.ts'

type Cell = IncidentStatus | 'same' | 'back'
/** Row: where it stands. What is not named is refused. `same`: it stays; `back`: by what its units have done. */
const table: Record<IncidentStatus, { [step: string]: Cell }> = (() => {
  const always = { report: 'same', merge: 'merged', 'hand-over': 'same' } as const
  const graded = { ...always, grade: 'same', dispatch: 'same', escalate: 'same', end: 'ended' } as const
  const sent = { ...graded, sign: 'same', depart: 'same', arrive: 'same', handle: 'handling' } as const
  const { handle: _, ...inHand } = sent
  return {
    received: { ...always, verify: 'verified', dismiss: 'dismissed' },
    verified: { ...always, grade: 'graded', dismiss: 'dismissed' },
    graded: { ...graded, dispatch: 'dispatched', dismiss: 'dismissed' },
    dispatched: sent,
    signed: sent,
    departed: sent,
    arrived: sent,
    handling: inHand,
    ended: { review: 'reviewed', reopen: 'back' },
    reviewed: { archive: 'archived', reopen: 'back' },
    archived: {},
    dismissed: { reopen: 'back' },
    merged: {},
  }
})()

const ways = ['dispatched', 'signed', 'departed', 'arrived'] as const
type Oracle = { status: IncidentStatus; level: number | null; units: Map<string, { lead: boolean; times: number[] }> }

/** What it is after a step; undefined: refused. */
function oracle({ status, level, units }: Oracle, asked: StepAsked, now: number): Oracle | undefined {
  const cell = table[status][asked.step]
  if (cell === undefined) return undefined
  const next: Oracle = { status, level, units: new Map([...units].map(([k, v]) => [k, { ...v, times: [...v.times] }])) }
  if (cell !== 'same' && cell !== 'back') next.status = cell
  if ('level' in asked) {
    if (asked.step === 'escalate' && !(asked.level < (level ?? 5))) return undefined
    next.level = asked.level
  }
  if ('units' in asked)
    for (const { unit, part } of asked.units) {
      const isLead = part === 'lead'
      if (next.units.has(unit) || (isLead && [...next.units.values()].some(({ lead }) => lead))) return undefined
      next.units.set(unit, { lead: isLead, times: [now] })
    }
  if ('unit' in asked) {
    const one = next.units.get(asked.unit)
    const place = ['sign', 'depart', 'arrive'].indexOf(asked.step) + 1
    if (one?.times.length !== place) return undefined
    one.times.push(now)
    const led = [...next.units.values()].some(({ lead }) => lead)
    // Nothing comes back from being handled; an assisting unit moves only itself.
    if ((one.lead || !led) && status !== 'handling') {
      const reached = Math.max(place, ways.indexOf(status as never))
      next.status = ways[reached]!
    }
  }
  if (cell === 'back') {
    const all = [...next.units.values()]
    const one = all.find(({ lead }) => lead) ?? all[0]
    if (!one) next.status = level === null ? 'verified' : 'graded'
    else next.status = one.times.length === 4 ? 'handling' : ways[one.times.length - 1]!
  }
  return next
}

const oracleOf = (state: IncidentState): Oracle => ({
  status: state.status,
  level: state.level,
  units: new Map(
    state.units.map((u) => [
      u.unit,
      {
        lead: u.part === 'lead',
        times: [u.dispatchedAt, u.signedAt, u.departedAt, u.arrivedAt].filter((at) => at !== null),
      },
    ]),
  ),
})

const names = fc.constantFrom('消防一中队', '交警二大队', '市人民医院')
const level = fc.integer({ min: 1, max: 4 })
const steps = incidentSteps.filter((step) => step !== 'receive')
const plain = fc.constantFrom(
  ...steps.filter((s) => !['grade', 'escalate', 'dispatch', 'sign', 'depart', 'arrive'].includes(s)),
)
const anyStep: fc.Arbitrary<StepAsked> = fc.oneof(
  // Those that lead on more often, so that walks come far.
  {
    weight: 4,
    arbitrary: fc.record({ step: fc.constantFrom('sign' as const, 'depart' as const, 'arrive' as const), unit: names }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constantFrom('grade' as const, 'escalate' as const), level }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('dispatch' as const),
      units: fc.array(fc.record({ unit: names, part: fc.constantFrom('lead' as const, 'assist' as const) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom('verify' as const, 'handle' as const).map((step) => ({ step })) },
  { weight: 3, arbitrary: plain.map((step) => ({ step }) as StepAsked) },
)
/** Asked blindly, or led on: the n-th of what the table has there, so that walks come to the archive too. */
type Asked = StepAsked | { pick: number; unit: string; level: number }
const asked: fc.Arbitrary<Asked> = fc.oneof(anyStep, fc.record({ pick: fc.nat(1_000), unit: names, level }))
function stepOf(one: Asked, { status, units: sent }: IncidentState): StepAsked {
  if (!('pick' in one)) return one
  const early = one.pick % 7 === 0 ? [] : ['end', 'handle', 'report', 'hand-over']
  const onward = Object.keys(table[status]).filter((step) => !['merge', 'dismiss', ...early].includes(step))
  const step = onward[one.pick % Math.max(1, onward.length)] ?? 'verify'
  const units = [{ unit: one.unit, part: one.pick % 2 === 0 ? 'lead' : 'assist' }]
  return {
    step,
    ...(step === 'dispatch' ? { units } : {}),
    ...(isOfUnit(step) ? { unit: sent[one.level % sent.length]?.unit ?? one.unit } : {}),
    ...(isOfLevel(step) ? { level: one.level } : {}),
  } as StepAsked
}
const isOfUnit = (step: string) => ['sign', 'depart', 'arrive'].includes(step)
const isOfLevel = (step: string) => ['grade', 'escalate'].includes(step)

const start: IncidentState = { status: 'received', level: null, units: [] }

describe('any sequence of steps', () => {
  it('leads where the oracle says, and a refused one leaves everything as it was', () => {
    const reached = new Set<string>()
    const taken = new Set<string>()
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 60 }), fc.option(level), (all, first) => {
        let state: IncidentState = { ...start, level: first }
        for (const [now, one] of all.entries()) {
          const step = stepOf(one, state)
          const before = structuredClone(state)
          const expected = oracle(oracleOf(state), step, now)
          const result = takeIncidentStep(state, step, now)
          expect(state).toEqual(before)
          expect(result.ok).toBe(expected !== undefined)
          if (!result.ok) continue
          expect(oracleOf(result.state)).toEqual(expected)
          state = result.state
          reached.add(state.status)
          taken.add(step.step)
        }
      }),
      { numRuns: 3_000 },
    )
    expect([...taken].sort()).toEqual([...steps].sort())
    expect([...reached].sort()).toEqual([...incidentStatuses].sort())
  })

  it('offers as legal just what the oracle takes with some unit and level, and a refusal names the same', () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 40 }), (all) => {
        let state = start
        for (const [now, one] of all.entries()) {
          const step = stepOf(one, state)
          const result = takeIncidentStep(state, step, now)
          if (result.ok) state = result.state
          else if (result.refusal.why === 'not-now') expect(result.refusal.legal).toEqual(legalIncidentSteps(state))
        }
        const possible = steps.filter((step) => {
          const tries = isOfUnit(step)
            ? state.units.map(({ unit }) => ({ step, unit }))
            : step === 'dispatch'
              ? [{ step, units: [{ unit: '另一单位', part: 'assist' }] }]
              : isOfLevel(step)
                ? [1, 2, 3, 4].map((to) => ({ step, level: to }))
                : [{ step }]
          return tries.some((one) => oracle(oracleOf(state), one as StepAsked, 99) !== undefined)
        })
        expect([...legalIncidentSteps(state)].sort()).toEqual([...possible].sort())
      }),
      { numRuns: 1_500 },
    )
  })
})

describe('the machine by hand', () => {
  const unit = (more: Partial<IncidentUnit> = {}): IncidentUnit => ({
    unit: '消防一中队',
    part: 'lead',
    dispatchedAt: 1,
    signedAt: null,
    departedAt: null,
    arrivedAt: null,
    ...more,
  })
  it('says which steps are legal, in their usual order', () => {
    expect(legalIncidentSteps(start)).toEqual(['verify', 'report', 'dismiss', 'merge', 'hand-over'])
    expect(legalIncidentSteps({ status: 'dispatched', level: 1, units: [unit()] })).toEqual([
      'grade',
      'dispatch',
      'sign',
      'handle',
      'end',
      'report',
      'merge',
      'hand-over',
    ])
  })
  it('an assisting unit that is there first does not make the incident be there', () => {
    const assist = unit({ unit: '医院', part: 'assist', signedAt: 2, departedAt: 3 })
    const result = takeIncidentStep(
      { status: 'dispatched', level: 2, units: [unit(), assist] },
      { step: 'arrive', unit: '医院' },
      4,
    )
    expect(result).toMatchObject({ ok: true, state: { status: 'dispatched' } })
  })
  it('an incident is open from the report until its end', () => {
    expect(incidentStatuses.filter((status) => !isIncidentOpen(status))).toEqual([
      'ended',
      'reviewed',
      'archived',
      'dismissed',
      'merged',
    ])
  })
})

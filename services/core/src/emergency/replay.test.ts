import type { Incident, IncidentEntry, IncidentReplay, LimitedStep } from '@hub/contracts'
import { describe, expect, it, test } from 'vitest'
import { minuteMs } from '../common/time/units.ts'
import type { IncidentLimits } from './limits.ts'
import { incidentAt } from './replay.ts'
import { type CountedIncident, incidentStatistics } from './statistics.ts'
import { walkIncident } from './walk.ts'

const t = Date.UTC(2026, 11, 1, 7)
const after = (minutes: number) => t + minutes * minuteMs
const steps: LimitedStep[] = ['verify', 'grade', 'dispatch', 'sign', 'depart', 'arrive', 'end', 'review', 'archive']
const minutes = Object.fromEntries(steps.map((step) => [step, [5, 5, 5, 5]])) as unknown as IncidentLimits['minutes']
const limits: IncidentLimits = { minutes: { ...minutes, end: [60, 120, 180, 240] }, yellowShare: 0.8 }

let seq = 0
const entry = (at: number, more: Partial<IncidentEntry>): IncidentEntry => ({
  seq: ++seq,
  at: after(at),
  actor: 'cmdr',
  kind: 'step',
  step: null,
  note: null,
  detail: {},
  ...more,
})
const camera = '43040500001320000001'
const unit = '消防一中队'
const log = [
  entry(0, { step: 'receive', detail: { source: 'manual', level: null } }),
  entry(1, { detail: { act: 'acknowledge' } }),
  entry(2, { step: 'verify' }),
  entry(3, { step: 'grade', detail: { level: 3, was: null } }),
  entry(4, { kind: 'camera', detail: { act: 'choose', device: camera, name: '解放路口', metres: 120 } }),
  entry(5, { kind: 'detail', detail: { title: '解放路内涝', titleWas: '积水', longitude: 112.6, latitude: 26.9 } }),
  entry(6, { kind: 'plan', detail: { act: 'start', name: '内涝' } }),
  entry(10, { step: 'dispatch', detail: { units: unit, lead: unit } }),
  entry(11, { kind: 'camera', detail: { act: 'preset', device: camera, name: '解放路口', preset: '路口东' } }),
  entry(12, { kind: 'plan', detail: { act: 'assign', seq: 1, title: '断电', assignee: '王' } }),
  entry(13, { step: 'sign', detail: { unit } }),
  entry(14, { kind: 'plan', note: '已断', detail: { act: 'tick', seq: 1, title: '断电', assignee: '王' } }),
  entry(15, { kind: 'plan', detail: { act: 'add', seq: 2, title: '转移', role: '现场' } }),
  entry(16, { step: 'escalate', detail: { level: 2, was: 3 } }),
  entry(17, { step: 'hand-over', detail: { duty: '市应急局', was: '区应急局' } }),
  entry(20, { step: 'depart', detail: { unit } }),
  entry(24, { step: 'arrive', detail: { unit } }),
  entry(25, { kind: 'camera', detail: { act: 'drop', device: camera, name: '解放路口' } }),
  entry(30, { step: 'handle' }),
  entry(70, { kind: 'detail', detail: { injured: 2, injuredWas: 0 } }),
  entry(130, { step: 'end' }),
]
const step = { role: '电力', limitMinutes: null, hint: null, due: null, by: 'cmdr' }
const now = {
  id: '0',
  number: 'YJ-20261201-0001',
  drill: false,
  class: 'natural-disaster',
  type: 'flood',
  title: '解放路内涝',
  level: 2,
  status: 'ended',
  address: '解放路',
  district: '430405',
  point: { longitude: 112.6, latitude: 26.9 },
  warning: null,
  description: '',
  casualties: { dead: 0, injured: 2, missing: 0 },
  duty: '市应急局',
  acceptedAt: after(0),
  acknowledgedAt: after(1),
  acknowledgedBy: 'cmdr',
  units: [
    {
      unit,
      part: 'lead',
      dispatchedAt: after(10),
      signedAt: after(13),
      departedAt: after(20),
      arrivedAt: after(24),
    },
  ],
  plan: {
    plan: 'p',
    version: 1,
    name: '内涝',
    startedAt: after(6),
    startedBy: 'cmdr',
    steps: [
      { ...step, seq: 1, title: '断电', state: 'done', at: after(14), note: '已断', assignee: '王', added: false },
      { ...step, seq: 2, title: '转移', state: 'done', at: after(40), note: null, assignee: null, added: true },
    ],
  },
  runs: [
    {
      id: 'r',
      at: after(4),
      state: 'finished',
      actions: [
        {
          seq: 1,
          kind: 'snapshots',
          state: 'done',
          startedAt: after(4),
          finishedAt: after(6),
          attempts: 2,
          result: {},
        },
        { seq: 2, kind: 'notify', state: 'failed', startedAt: after(5), finishedAt: after(9), attempts: 3, result: {} },
      ],
    },
  ],
  attachments: [{ id: 'a', at: after(8) }],
  log,
} as unknown as Incident

const at = (minute: number) => incidentAt(now, after(minute), limits)
const unitTimes = ({ units }: IncidentReplay | ReturnType<typeof at>) =>
  units.map((u) =>
    [u.dispatchedAt, u.signedAt, u.departedAt, u.arrivedAt].map((x) => (x === null ? null : (x - t) / minuteMs)),
  )

describe('an incident as it was', () => {
  test.each<[number, Partial<ReturnType<typeof at>>]>([
    [-1, { status: null, level: null, times: [], log: [], attachments: [], runs: [], units: [] }],
    [0, { status: 'received', level: null, acknowledgedBy: null, title: '积水', point: null, duty: '区应急局' }],
    [1, { status: 'received', acknowledgedBy: 'cmdr' }],
    [2, { status: 'verified', level: null, plan: null }],
    [3, { status: 'graded', level: 3, units: [], chosen: [] }],
    [5, { title: '解放路内涝', point: { longitude: 112.6, latitude: 26.9 } }],
    [10, { status: 'dispatched', casualties: { dead: 0, injured: 0, missing: 0 } }],
    [13, { status: 'signed', level: 3 }],
    [16, { status: 'signed', level: 2, duty: '区应急局' }],
    [17, { duty: '市应急局' }],
    [20, { status: 'departed' }],
    [24, { status: 'arrived' }],
    [30, { status: 'handling' }],
    [69, { casualties: { dead: 0, injured: 0, missing: 0 } }],
    [130, { status: 'ended', casualties: { dead: 0, injured: 2, missing: 0 } }],
  ])('%i minutes after it was taken in', (minute, expected) => expect(at(minute)).toMatchObject(expected))

  it('has the times of its units up to then, and no others', () => {
    expect(unitTimes(at(12))).toEqual([[10, null, null, null]])
    expect(unitTimes(at(20))).toEqual([[10, 13, 20, null]])
    expect(unitTimes(at(24))).toEqual([[10, 13, 20, 24]])
  })

  it('has the cameras that were chosen then, with the preset that they had been sent to', () => {
    const choice = { device: camera, name: '解放路口', chosenAt: after(4), chosenBy: 'cmdr' }
    expect(at(10).chosen).toEqual([{ ...choice, preset: null }])
    expect(at(11).chosen).toEqual([{ ...choice, preset: '路口东' }])
    expect(at(25).chosen).toEqual([])
  })

  it('has the steps of its plan as far as they were done, given and added', () => {
    const shortly = (minute: number) => at(minute).plan?.steps.map((s) => [s.seq, s.state, s.assignee, s.note])
    expect(shortly(6)).toEqual([[1, 'open', null, null]])
    expect(shortly(12)).toEqual([[1, 'open', '王', null]])
    expect(shortly(14)).toEqual([[1, 'done', '王', '已断']])
    expect(shortly(15)).toEqual([
      [1, 'done', '王', '已断'],
      [2, 'open', null, null],
    ])
  })

  it('has the runs with what had come of each action', () => {
    const shortly = (minute: number) => at(minute).runs.map((run) => [run.state, ...run.actions.map((a) => a.state)])
    expect(shortly(3)).toEqual([])
    expect(shortly(4)).toEqual([['running', 'running', 'waiting']])
    expect(shortly(6)).toEqual([['running', 'done', 'running']])
    expect(shortly(9)).toEqual([['finished', 'done', 'failed']])
  })

  it('is in the end what it is', () => {
    const { title, level, status, duty, point, casualties, units, plan, runs, attachments } = now
    const end = { title, level, status, duty, point, casualties, units, plan, runs, attachments, log }
    expect(at(200)).toMatchObject(end)
  })
})

describe('steps against their limits', () => {
  const shortly = (minute: number) =>
    walkIncident(now, after(minute), limits).times.map(({ step, unit: by, at: taken, from, due, lateMs }) =>
      [
        step,
        by ?? '-',
        taken === null ? 'waits' : (taken - from) / minuteMs,
        (due - from) / minuteMs,
        lateMs / minuteMs,
      ].join(' '),
    )
  it('are taken, when, with the limit of the level of then, and how late', () =>
    expect(shortly(130)).toEqual([
      'verify - 2 5 0',
      'grade - 1 5 0',
      'dispatch - 7 5 2',
      `sign ${unit} 3 5 0`,
      `depart ${unit} 7 5 2`,
      `arrive ${unit} 4 5 0`,
      'end - 130 120 10',
      'review - waits 5 0',
    ]))
  it('those that are waited for are late as soon as they are overdue', () =>
    expect(shortly(9).slice(-2)).toEqual(['dispatch - waits 5 1', 'end - waits 180 0']))

  it('steps of one instant are walked in the order of the log', () => {
    const one = { acceptedAt: t, units: now.units.map((u) => ({ ...u, dispatchedAt: t, signedAt: t })) }
    const kinds = ['receive', 'verify', 'grade', 'dispatch', 'sign'] as const
    const details = { dispatch: { units: unit }, sign: { unit }, grade: { level: 4 } }
    const all = kinds.map((s) => entry(0, { step: s, detail: details[s as keyof typeof details] ?? {} }))
    expect(walkIncident({ ...one, log: all }, t, limits).state).toMatchObject({ status: 'signed', level: 4 })
  })
})

describe('a month', () => {
  const counted = (more: Partial<CountedIncident>, took: number[] = []): CountedIncident => ({
    drill: false,
    level: 3,
    status: 'archived',
    district: '430405',
    source: '110',
    times: took.map((ms) => ({
      step: 'verify',
      unit: null,
      from: t,
      due: t + 50,
      at: t + ms,
      lateMs: Math.max(0, ms - 50),
    })),
    ...more,
  })
  const month = incidentStatistics([
    counted({}, [10, 20, 30, 40, 50, 60, 70, 80, 90]),
    counted({ district: '430426', source: 'sensor', status: 'dismissed', level: null }, [100]),
    counted({ source: 'sensor', status: 'merged' }),
    counted({ drill: true }, [9_000]),
  ])
  it('is counted by level, with the median and the 90th of each step, and what was late', () =>
    expect(month.total).toEqual({
      incidents: 3,
      levels: [1, 2, 3, 4].map((level) => ({ level, incidents: level === 3 ? 2 : 0 })),
      ungraded: 1,
      dismissed: 1,
      merged: 1,
      late: 5,
      steps: [{ step: 'verify', taken: 10, late: 5, medianMs: 50, p90Ms: 90 }],
    }))
  it('by district and source, the most first, drills in none of it', () => {
    expect(month.districts.map(({ district, incidents }) => [district, incidents])).toEqual([
      ['430405', 2],
      ['430426', 1],
    ])
    expect(month.sources.map(({ source, incidents }) => [source, incidents])).toEqual([
      ['sensor', 2],
      ['110', 1],
    ])
    expect(month.cells).toHaveLength(3)
    expect(month.drills).toMatchObject({ incidents: 1, steps: [{ medianMs: 9_000 }] })
  })
  it('of nothing is zero, and says no time', () =>
    expect(incidentStatistics([]).total).toMatchObject({ incidents: 0, late: 0, steps: [] }))
})

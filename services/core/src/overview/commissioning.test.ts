import type { Commissioning } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import {
  type CommissioningSample,
  type CommissioningStep,
  isRolloutUnderWay,
  leadingStep,
  stepCounts,
  stepPaces,
  withSample,
} from './commissioning.ts'

const none = { recorded: 0, approved: 0, identified: 0, probed: 0, online: 0 }
const whole = { recorded: 20_000, approved: 20_000, identified: 20_000, probed: 20_000, online: 20_000 }
const idle = { online: 2, total: 2, asked: 0, toAsk: 0, found: 0, assigned: 0, spooled: 0 }
const counts = (
  cameras: Partial<typeof none>,
  { sensors = {}, gateways = {} }: { sensors?: Partial<typeof none>; gateways?: Partial<typeof idle> } = {},
): Commissioning => ({
  asOf: 0,
  cameras: { ...none, ...cameras },
  sensors: { ...none, ...sensors },
  gateways: { ...idle, ...gateways },
})
const sample = (at: number, ...of: Parameters<typeof counts>): CommissioningSample => ({
  at,
  steps: stepCounts(counts(...of)),
})
const paceOf = (samples: CommissioningSample[], wanted: CommissioningStep) =>
  stepPaces(samples).find(({ step }) => step === wanted)

describe('the steps', () => {
  test('count cameras and sensors together where both pass them, and what only cameras do of cameras', () => {
    const all = counts(
      { recorded: 100, approved: 80, identified: 70, probed: 60, online: 50 },
      {
        sensors: { recorded: 10, approved: 9, probed: 8, online: 7 },
        gateways: { asked: 300, toAsk: 500, found: 90, assigned: 89 },
      },
    )
    expect(stepCounts(all).map(({ step, done, of }) => `${step} ${done}/${of}`)).toEqual([
      'recorded 110/110',
      'searched 300/500',
      'found 90/100',
      'approved 89/110',
      'assigned 89/110',
      'identified 70/100',
      'probed 68/110',
      'online 57/110',
    ])
  })

  test('are of what the record will have when that is known, and found at two gateways is not found twice', () => {
    const steps = stepCounts(counts({ recorded: 400 }, { gateways: { found: 1_900 } }), { cameras: 1_000, sensors: 50 })
    expect(steps.find(({ step }) => step === 'recorded')).toMatchObject({ done: 400, of: 1_050 })
    expect(steps.find(({ step }) => step === 'found')).toMatchObject({ done: 1_000, of: 1_000 })
  })
})

describe('rate and time left', () => {
  const at = (ms: number, identified: number) => sample(ms, { recorded: 20_000, identified })
  test.each([
    ['moves', [at(0, 6_000), at(30_000, 12_300)], { perSecond: 210, leftMs: 36_667 }],
    ['stands still', [at(0, 12_300), at(30_000, 12_300)], { perSecond: 0, leftMs: null }],
    ['fell: devices were retired', [at(0, 12_300), at(30_000, 12_000)], { perSecond: 0, leftMs: null }],
    ['is done', [at(0, 14_000), at(30_000, 20_000)], { perSecond: 200, leftMs: null }],
    ['was read once', [at(0, 6_000)], { perSecond: 0, leftMs: null }],
    ['was read twice at one time', [at(5, 6_000), at(5, 6_001)], { perSecond: 0, leftMs: null }],
  ])('of a step that %s', (_, samples, { perSecond, leftMs }) => {
    const pace = paceOf(samples, 'identified')
    expect(pace?.perSecond).toBeCloseTo(perSecond, 6)
    expect(pace?.leftMs === null ? null : Math.round(pace!.leftMs)).toBe(leftMs)
  })

  test('are of the window: what was long ago is forgotten, and one sample before its begin is kept', () => {
    let samples: CommissioningSample[] = []
    for (const [ms, identified] of [
      [0, 0],
      [30_000, 9_000],
      [60_000, 9_300],
      [95_000, 9_650],
    ] as const)
      samples = withSample(samples, at(ms, identified), 60_000)
    expect(samples.map((one) => one.at)).toEqual([30_000, 60_000, 95_000])
    expect(paceOf(samples, 'identified')?.perSecond).toBe(10)
  })

  test('after a long silence are those of the silence', () => {
    const samples = withSample(withSample([], at(0, 100), 60_000), at(600_000, 700), 60_000)
    expect(paceOf(samples, 'identified')?.perSecond).toBe(1)
  })
})

describe('a rollout', () => {
  const before = sample(0, { ...whole, identified: 19_000, probed: 19_000, online: 18_000 })
  const planned = { ...whole, recorded: 21_000, online: 19_500 }
  test.each<[string, boolean, CommissioningSample[]]>([
    ['nothing was read', false, []],
    ['read once', false, [before]],
    ['more are identified', true, [before, sample(60_000, { ...whole, probed: 19_000, online: 18_000 })]],
    ['all is online', false, [before, sample(60_000, whole)]],
    ['all but a few is online', false, [before, sample(60_000, { ...whole, online: 19_981 })]],
    [
      'an outage ended, nothing else',
      false,
      [sample(0, { ...whole, online: 18_000 }), sample(9, { ...whole, online: 19_700 })],
    ],
    ['one camera more', false, [sample(0, planned), sample(9, { ...planned, approved: 20_001, identified: 20_001 })]],
    ['a hundred cameras more', true, [sample(0, planned), sample(9, { ...planned, approved: 20_100 })]],
    ['found while some wait', true, [sample(0, planned), sample(9, planned, { gateways: { found: 500 } })]],
    [
      'found again, none waits',
      false,
      [sample(0, { ...whole, online: 0 }), sample(9, { ...whole, online: 0 }, { gateways: { found: 500 } })],
    ],
    ['a gateway came back', false, [sample(0, planned), sample(9, planned, { gateways: { assigned: 11_000 } })]],
    ['in a city of ten, one more', true, [sample(0, { recorded: 10 }), sample(9, { recorded: 10, approved: 1 })]],
    ['an empty record', false, [sample(0, {}), sample(9, {})]],
  ])('%s: %s', (_, underWay, samples) => expect(isRolloutUnderWay(samples)).toBe(underWay))

  test('is led by the step that will be done last', () => {
    const paces = stepPaces([
      sample(0, { recorded: 1_000, approved: 1_000 }, { gateways: { asked: 1, toAsk: 9_000 } }),
      sample(
        10_000,
        { recorded: 1_000, approved: 1_000, identified: 500, probed: 400, online: 100 },
        { gateways: { asked: 2, toAsk: 9_000 } },
      ),
    ])
    expect(leadingStep(paces)).toMatchObject({ step: 'online', leftMs: 90_000 })
    expect(leadingStep(stepPaces([before, before]))).toBeUndefined()
  })
})

/** How far a new city is, step by step, with rates and the time left. The counts come from the hub, so a start that goes on begins where the last one was. */
import type { Commissioning } from '@hub/contracts'
import {
  type CommissioningSample,
  type CommissioningStep,
  type StepCount,
  stepCounts,
  stepPaces,
  withSample,
} from '@hub/core'

export type Progress = {
  /** In their order. */
  steps: readonly StepCount[]
  /** Every device is online. */
  complete: boolean
}

/** @param size devices of the city, which the record will have when it is imported */
export function progressOf(counts: Commissioning, size: { cameras: number; sensors: number }): Progress {
  const { cameras, sensors } = counts
  const recorded = cameras.recorded + sensors.recorded
  return {
    steps: stepCounts(counts, size),
    complete: recorded >= size.cameras + size.sensors && cameras.online + sensors.online >= recorded,
  }
}

const words: Record<CommissioningStep, string> = {
  recorded: '导入 imported',
  searched: '搜索 searched',
  found: '发现 found',
  approved: '核准 approved',
  assigned: '下发 assigned',
  identified: '识别 identified',
  probed: '首次探测 probed',
  online: '在线 online',
}

/** Rates are those of the last so many milliseconds. */
const windowMs = 15_000
const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Gives the line of each progress: the steps that are under way; undefined when nothing has changed since the last. */
export function createProgressLines(): (progress: Progress, now: number) => string | undefined {
  let samples: CommissioningSample[] = []
  let last = ''
  return ({ steps }, now) => {
    samples = withSample(samples, { at: now, steps }, windowMs)
    const counts = JSON.stringify(steps)
    if (counts === last) return undefined
    last = counts
    return stepPaces(samples)
      .filter(({ step, done, of }) => of > 0 && (done < of || step === 'online'))
      .map(({ step, done, of, perSecond, leftMs }) => {
        const left =
          leftMs === null ? '' : `，${figures.format(perSecond)}/s，约 ${figures.format(leftMs / 1_000)} s left`
        return `${words[step]} ${figures.format(done)} / ${figures.format(of)}${left}`
      })
      .join(' · ')
  }
}

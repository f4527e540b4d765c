/** When to ask again how far a rollout is, and how the answer is put into words. Pure. */
import { type CommissioningSample, isRolloutUnderWay, minuteMs, type StepPace, secondMs, stepPaces } from '@hub/core'
import type { Language } from '../../i18n/translate.ts'
import { formatCount, formatDuration } from '../../lib/format.ts'
import { t } from './words.ts'

/** Rates are those of the last minute. */
export const windowMs = 60_000
const movingMs = 3_000
const stillMs = 30_000
const failedMs = 10_000

/** That devices come and go online is everyday life and no reason to ask often. */
export function pollAfter(samples: readonly CommissioningSample[], failed: boolean): number {
  if (failed) return failedMs
  // Two are needed to see whether anything moves.
  if (samples.length < 2 || isRolloutUnderWay(samples)) return movingMs
  return stepPaces(samples).some(({ step, perSecond }) => step !== 'online' && perSecond > 0) ? movingMs : stillMs
}

/** Whole above ten, one decimal below; never a zero for something that moves. */
export function formatPace(perSecond: number): string {
  if (perSecond >= 9.95) return formatCount(Math.round(perSecond))
  return perSecond < 0.1 ? '< 0.1' : perSecond.toFixed(1)
}

/** `已识别 12,300 / 20,000` */
export const countWords = ({ step, done, of }: StepPace): string =>
  t('commissioning.count', { step: t(`commissioning.${step}`), done: formatCount(done), of: formatCount(of) })

/** `每秒 210，约 37 秒`; empty for what is done or stands still. */
export function paceWords({ perSecond, leftMs }: StepPace, language: Language): string {
  return leftMs === null
    ? ''
    : t('commissioning.rate', { rate: formatPace(perSecond), left: leftWords(leftMs, language) })
}

/** `已识别 12,300 / 20,000，每秒 210，约 37 秒` */
export function stepWords(pace: StepPace, language: Language): string {
  const { perSecond, leftMs } = pace
  if (leftMs === null) return countWords(pace)
  const left = leftWords(leftMs, language)
  return t('commissioning.pace', { count: countWords(pace), rate: formatPace(perSecond), left })
}

/** Watched falling: in seconds for two minutes, then in whole minutes, rounded up as a time to wait is. */
function leftWords(leftMs: number, language: Language): string {
  if (leftMs < 2 * minuteMs) return t('time.s', { s: Math.ceil(leftMs / secondMs) })
  return formatDuration(Math.ceil(leftMs / minuteMs) * minuteMs, language)
}

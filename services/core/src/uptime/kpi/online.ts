/** 在线率, over time and at an instant; 系统平台正常率. */
import type { Snapshot } from '@hub/contracts'
import type { Totals } from '../../common/time/account.ts'
import { figure, type KpiFigure } from './figure.ts'

/** up ÷ (up + down), milliseconds; exempt and unknown time are left out and shown. Not-due time is in no totals. */
export const onlineTime = ({ up, down, unknown, exempt }: Totals): KpiFigure =>
  figure('online-time', 'ms', up, up + down, [
    { reason: 'exempt', count: exempt },
    { reason: 'unknown', count: unknown },
  ])

/** (up + degraded) ÷ (due − exempt), devices at an instant. Unknown ones stay in the denominator: they are not online. No value when all are unknown. */
export const onlineSnapshot = ({ rate, due, up, degraded, exempt }: Snapshot): KpiFigure => ({
  ...figure('online-snapshot', 'devices', up + degraded, due - exempt, [{ reason: 'exempt', count: exempt }]),
  value: rate,
})

/**
 * passed ÷ due checks of the platform with the least of it; numerator and denominator are of that platform (of equals the
 * one with most checks due). A platform without a check in the period is not judged.
 */
export function platformNormal(platforms: Iterable<{ passed: number; due: number }>): KpiFigure {
  let least: { passed: number; due: number } | undefined
  for (const one of platforms) {
    if (one.due <= 0) continue
    // Cross-multiplied, so that equal rates are equal.
    const order = least ? one.passed * least.due - least.passed * one.due : -1
    if (!least || order < 0 || (order === 0 && one.due > least.due)) least = one
  }
  return least
    ? figure('platform-normal', 'probes', least.passed, least.due)
    : figure('platform-normal', 'probes', 0, 0, [{ reason: 'no-platform', count: 0 }])
}

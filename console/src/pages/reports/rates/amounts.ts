/** Amounts of what figures are made of: device-hours, devices, probes, fields. */
import type { Kpi } from '@hub/contracts'
import { hourMs } from '@hub/core'
import type { Language } from '../../../i18n/translate.ts'
import { formatCount } from '../../../lib/format.ts'
import { translate } from './words.ts'

/** `ms` is written in device-hours: a sum over devices is no duration. */
export function formatAmount(amount: number, unit: Kpi['unit'], language: Language): string {
  if (unit === 'ms') return formatDeviceHours(amount, language)
  return translate(language, `unit.${unit}`, { n: formatCount(amount) })
}

/** Under ten hours with a decimal. What is there but less than a tenth is not written as nothing. */
export function formatHours(ms: number): string {
  const hours = ms / hourMs
  if (ms === 0) return '0'
  return hours < 0.1 ? '< 0.1' : hours < 10 ? hours.toFixed(1) : formatCount(Math.round(hours))
}

export const formatDeviceHours = (ms: number, language: Language): string =>
  translate(language, 'unit.ms', { n: formatHours(ms) })

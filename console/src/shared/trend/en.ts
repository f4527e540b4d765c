/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'overview.trend.summary':
    'Online rate from {from} to {to}: lowest {min}, highest {max}, latest {last}, target {target}.',
  'trend.target': 'Target',
}

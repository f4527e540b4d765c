/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'page.emergency': 'Emergency',
  'emergency.incidents': 'Incidents',
  'emergency.incidents.none': 'No incidents now',
}

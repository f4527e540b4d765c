/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'work.outages': 'Outages assigned to me',
  'work.outages.none': 'No outage is assigned to you',
  'work.outages.none.body': 'Choose one on the outage board and press e to assign it.',
  'work.orders': 'Work orders awaiting me',
  'work.orders.none': 'No work order awaits you',
}

/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'page.devices': 'Devices',

  'devices.total': '{count} devices',
  'devices.of': '{count} of {total}',
  'devices.search': 'Code, name, address, IP',
  'devices.problems': 'Problems first',
  'devices.name': 'Name',
  'devices.code': 'Code',
  'devices.since': 'For',
  'devices.seen': 'Last probe',
  'devices.none': 'No device matches',
  'devices.none.body': 'Loosen the filters, or clear them all.',
  'devices.empty': 'No devices yet',
  'devices.empty.body': 'Import the record from a CSV file, or approve what the gateways found.',
  'devices.keys': '↑ ↓ choose  Enter details  / search',
}

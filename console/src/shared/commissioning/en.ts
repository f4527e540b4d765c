/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'commissioning.title': 'Going online',
  'commissioning.strip': 'Devices are going online',
  'commissioning.open': 'See progress',

  'commissioning.recorded': 'On record',
  'commissioning.searched': 'Addresses asked',
  'commissioning.found': 'Found',
  'commissioning.approved': 'Approved',
  'commissioning.assigned': 'Assigned',
  'commissioning.identified': 'Identified',
  'commissioning.probed': 'Probed',
  'commissioning.online': 'Online',

  'commissioning.count': '{step} {done} / {of}',
  'commissioning.pace': '{count}, {rate} a second, {left} left',
  'commissioning.rate': '{rate} a second, {left} left',
  'commissioning.kinds': 'cameras {cameras} · sensors {sensors}',
  'commissioning.cameras': 'cameras only',
  'commissioning.measuring': 'Measuring the pace…',
  'commissioning.still': 'No progress in the last minute.',
  'commissioning.whole': 'Nearly every device on record is online.',
  'commissioning.late': 'Could not be read: these are the figures of {at}.',

  'commissioning.gateways': '{online} of {total} gateways online',
  'commissioning.spooled': '{count} batches wait for acknowledgement',

  'commissioning.empty': 'No device is on record',
  'commissioning.empty.body': 'When the device record is imported, every step from the record to online is shown here.',
}

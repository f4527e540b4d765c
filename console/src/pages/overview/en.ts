/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'page.overview': 'Overview',

  'overview.district.rate': '{district} · online rate',
  'overview.yesterday': 'vs yesterday',
  'overview.yesterday.full': 'Yesterday {rate}',
  'overview.online': 'online / due',
  'overview.districts': 'Districts',
  'overview.district': 'District',
  'overview.applications': 'By application',
  'overview.application': 'Application',
  'overview.carriers': 'By carrier',
  'overview.carrier': 'Carrier',
  'overview.worst': 'worst first',
  'overview.down': 'Down',
  'overview.unknown': 'Unknown',
  'overview.oldest': 'Longest down',
  'overview.stages': 'Rollout',
  'overview.feed': 'Live changes',
  'overview.feed.all': 'All devices down',
  'overview.feed.empty': 'No changes: all is steady.',
  'overview.recovered': 'back up',
  'overview.empty': 'No device is in service yet',
  'overview.empty.body': 'Import the device record, or approve what the gateways found, to see the online rate here.',
  'overview.gateways': '{online} of {total} gateways online',
  'overview.outages': 'Outages',
  'overview.outages.all': 'Outage board',
  'overview.outages.none': 'No outage',
  'overview.outages.more': '{count} more',
}

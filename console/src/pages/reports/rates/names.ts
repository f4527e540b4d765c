/** What the rows of a dimension are called. */
import { type DistrictCode, districtCodes, type UptimeGroup } from '@hub/contracts'
import type { Language } from '../../../i18n/translate.ts'
import { districtName } from '../../../lib/names.ts'
import { translate } from './words.ts'

const zones = ['430473', '430476'] as const

/** '' is what the record leaves empty. A device is called by its code: who has the registry at hand knows better. */
export function groupName(group: UptimeGroup, key: string, language: Language): string {
  if (key === '') return translate(language, 'rates.unnamed')
  switch (group) {
    case 'district':
      return districtCodes.some((code) => code === key) ? districtName(key as DistrictCode, language) : key
    case 'application':
      return translate(language, `application.${key}` as 'application.urban')
    case 'carrier':
      return translate(language, `carrier.${key}` as 'carrier.cable')
    case 'pointType':
      return translate(language, `pointType.${key}` as 'pointType.1')
    case 'zone': {
      const known = zones.find((zone) => zone === key)
      return known ? translate(language, `zone.${known}`) : key
    }
    default:
      return key
  }
}

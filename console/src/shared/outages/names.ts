/** Lists of districts, short enough for a cell. Pure. */
import { type DistrictCode, districtCodes } from '@hub/contracts'
import type { Language } from '../../i18n/translate.ts'
import { districtNames } from '../../lib/names.ts'
import { translate } from './words.ts'

const named = 2

/** `祁东县、衡东县 +3`; all of them are the whole city. */
export function districtsWords(codes: readonly DistrictCode[], language: Language): string {
  if (codes.length >= districtCodes.length) return translate(language, 'scope.all')
  const more = codes.length > named ? ` +${codes.length - named}` : ''
  return districtNames(codes.slice(0, named), language) + more
}

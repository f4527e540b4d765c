/** Names of districts in the language of the reader. */
import { type DistrictCode, districts } from '@hub/contracts'
import type { Language } from '../i18n/translate.ts'

export function districtName(code: DistrictCode, language: Language): string {
  return districts.find((district) => district.code === code)?.[language] ?? code
}

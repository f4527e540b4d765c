/** Names of districts, and lists of names, in the language of the reader. Pure. */
import { type DistrictCode, districts } from '@hub/contracts'
import type { Language } from '../i18n/translate.ts'

export function districtName(code: DistrictCode, language: Language): string {
  return districts.find((district) => district.code === code)?.[language] ?? code
}

/** `祁东县、衡东县`; `Qidong, Hengdong`. */
export const listWords = (words: readonly (string | number)[], language: Language): string =>
  words.join(language === 'zh' ? '、' : ', ')

export const districtNames = (codes: readonly DistrictCode[], language: Language): string =>
  listWords(
    codes.map((code) => districtName(code, language)),
    language,
  )

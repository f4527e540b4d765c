/** Names of whom a scorecard or a stated figure speaks, in the language of the reader. */
import type { Carrier, DistrictCode, StatementRow } from '@hub/contracts'
import { translate } from '../i18n/common.ts'
import type { Language } from '../i18n/translate.ts'
import { districtName } from './names.ts'

export function subjectName({ kind, key }: StatementRow['subject'], language: Language): string {
  if (kind === 'city') return translate(language, 'report.city')
  return kind === 'carrier'
    ? translate(language, `carrier.${key as Carrier}`)
    : districtName(key as DistrictCode, language)
}

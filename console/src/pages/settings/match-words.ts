/** A match, or why there is none, in words. */
import type { MatchBasis, Unmatched } from '@hub/contracts'
import { t } from './words.ts'

export const matchedWords = (by: MatchBasis): string => t(`match.by.${by}`)

export function unmatchedWords({ reason, by }: Unmatched): string {
  return reason === 'none' || !by ? t('unmatched.none') : t(`unmatched.${reason}`, { by: t(`match.by.${by}`) })
}

/** How a scorecard's figures are written and judged. Pure. */
import type { Scorecard, StatementRow } from '@hub/contracts'
import { cutShare, hourMs } from '@hub/core'
import type { Language } from '../../../i18n/translate.ts'
import { translate } from './words.ts'

/** Two decimals, cut, never rounded up: a score must not be seen to reach the pay that it misses. */
export const formatScore = (score: number): string => (cutShare(score, 100) / 100).toFixed(2)

/** `1.25` → `−1.25`; nothing lost is 0.00. */
export const formatDeduction = (deduction: number): string => `${deduction > 0 ? '−' : ''}${deduction.toFixed(2)}`

const hours = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
/** Milliseconds in hours. */
export const formatHours = (ms: number, language: Language): string =>
  translate(language, 'time.h.only', { h: hours.format(ms / hourMs) })

/** Paid in full is quiet. */
export const toneOf = ({ pay }: Pick<Scorecard, 'pay'>): 'quiet' | 'amber' | 'red' =>
  pay === 'full' ? 'quiet' : pay === 'part' ? 'amber' : 'red'

/** The figure that was stated of a subject, if one was. */
export function statedOf(
  statements: readonly StatementRow[],
  what: StatementRow['what'],
  subject: StatementRow['subject'],
): StatementRow | undefined {
  return statements.find(
    (row) => row.what === what && row.subject.kind === subject.kind && row.subject.key === subject.key,
  )
}

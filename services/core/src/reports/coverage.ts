/** Whether enough of the due time was measured to judge by. */
import type { ScoreCoverage } from '@hub/contracts'
import type { Totals } from '../common/time/account.ts'

export type CoverageRule = Pick<ScoreCoverage, 'least' | 'provenance'>

/** Decimals of the least share that count. */
const scale = 1_000_000_000

/** Up and down are measured; exempt time is nobody's to measure. Exact: binary fractions of the share decide nothing. */
export function coverageOf({ up, down, unknown }: Totals, { least, provenance }: CoverageRule): ScoreCoverage {
  const measured = up + down
  const due = measured + unknown
  const needed = (BigInt(Math.round(least * scale)) * BigInt(due) + BigInt(scale - 1)) / BigInt(scale)
  return { measured, due, least, missing: Math.max(0, Number(needed) - measured), provenance }
}

/** Where nothing was due there is nothing to judge either. */
export const isMeasurable = ({ due, missing }: ScoreCoverage): boolean => due > 0 && missing === 0

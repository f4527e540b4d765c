/** A figure that the city reports: what was counted, over what, and what was left out. */
import type { Kpi } from '@hub/contracts'

/** Target, provenance and stated figure are the caller's to add; the rule is `kpiRule`. */
export type KpiFigure = Pick<Kpi, 'kpi' | 'value' | 'numerator' | 'denominator' | 'unit' | 'excluded'>
type Excluded = Kpi['excluded'][number]

/** Exclusions that excluded nothing are not listed. */
export function figure(
  kpi: Kpi['kpi'],
  unit: Kpi['unit'],
  numerator: number,
  denominator: number,
  excluded: readonly Excluded[] = [],
): KpiFigure {
  return {
    kpi,
    value: denominator > 0 ? numerator / denominator : null,
    numerator,
    denominator,
    unit,
    excluded: excluded.filter((e) => e.count > 0 || e.reason === 'no-platform'),
  }
}

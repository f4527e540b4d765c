/** Whose work orders a viewer sees and steps. */
import type { Permission } from '@hub/contracts'

/** Units by name; none of them: no order at all. */
export type Units = 'all' | readonly string[]

/** Who repairs and does not handle outages belongs to one unit; everybody else sees the orders of all. */
export const unitsOf = ({ permissions, unit }: { permissions: readonly Permission[]; unit: string | null }): Units => {
  if (permissions.includes('outages') || !permissions.includes('repair')) return 'all'
  return unit === null ? [] : [unit]
}

/** Whether a viewer hears of what concerns these units. */
export const inAnyUnit = (units: Units, concerned: readonly string[]): boolean =>
  units === 'all' || concerned.some((unit) => units.includes(unit))

export const inUnits = (units: Units, unit: string): boolean => units === 'all' || units.includes(unit)

/** Who is told that a scorecard was sealed: whom it is about, and whoever is told of the whole city. Once. */
import type { RequestOf } from '@hub/contracts'

/** When the recipient was told. */
export type SealKnown = { sealed?: number }

type Recipient = { districts?: readonly string[] | undefined; units?: readonly string[] | undefined }

/** A carrier's card is of the whole city: a recipient of some districts hears of theirs alone, one of some units of the unit's. */
export function isToldOfSeal(
  { districts, unit }: Pick<RequestOf<'seal'>, 'districts' | 'unit'>,
  { sealed }: SealKnown,
  to: Recipient,
): boolean {
  if (sealed !== undefined) return false
  if (to.units) return unit !== undefined && to.units.includes(unit)
  return !to.districts || districts.some((district) => to.districts!.includes(district))
}

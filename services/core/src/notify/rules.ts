/** Who is told that other rules of judging hold: whoever is told of the whole city, for those answer for its figures. Once. */

/** When the recipient was told. */
export type RulesKnown = { told?: number }

type Recipient = { districts?: readonly string[] | undefined; units?: readonly string[] | undefined }

export const isToldOfRules = ({ told }: RulesKnown, { districts, units }: Recipient): boolean =>
  told === undefined && !districts && !units

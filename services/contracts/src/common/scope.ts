/** Which part of the city somebody may see. */
import type { DistrictCode } from './geo.ts'

/** Which districts a viewer may see. `'city'` is all of them. Every query takes one. */
export type Scope = 'city' | readonly DistrictCode[]

export const inScope = (scope: Scope, district: string): boolean =>
  scope === 'city' || (scope as readonly string[]).includes(district)

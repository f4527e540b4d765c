/** What progress is counted from. */
import type { Stage } from '@hub/contracts'

/** Dates are days of the city, `YYYY-MM-DD`; null where the record names none. `installTime` is when it was built. */
export type ProgressDevice = {
  district: string
  carrier: string
  project: string | null
  stage: Stage
  plannedAt: string | null
  installTime: string | null
  acceptedAt: string | null
  inServiceAt: string | null
  retiredAt: string | null
}

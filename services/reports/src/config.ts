/** What reports read of the configuration. */
import { Carrier, provenances, ScorePolicy, Unit } from '@hub/contracts'
import type { ConfigOf, PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const reportsConfig = {
  /** How much of the due time must have been measured before a month is scored. */
  'policy.coverage': z
    .strictObject({
      /** Measured ÷ due, 0 to 1. */
      least: z.number().min(0).max(1).default(0.9),
      provenance: z.string().default(provenances.coverage.zh),
    })
    .prefault({}),
  /** When a month may be locked. */
  'policy.lock': z
    .strictObject({
      /** After the end of the month gateways get so long to deliver what they hold. */
      graceHours: z.number().min(0).max(744).default(72),
      provenance: z.string().default(provenances.lock.zh),
    })
    .prefault({}),
  seal: z
    .strictObject({
      /** File of the anchor of sealed scorecards; absent: in the data folder. It is worth the more, the further it is from the Record. */
      anchor: z.string().min(1).max(4_096).optional(),
      /** The unit of each carrier, as channels name it: told of the carrier's cards. */
      units: z.partialRecord(Carrier, Unit).default({}),
    })
    .prefault({}),
  /** Months are scored by these rules. */
  'policy.scorecard': ScorePolicy.prefault({
    items: {
      online: { weight: 30, full: 0.96, zero: 0.8 },
      image: { weight: 15, full: 0.95, zero: 0.8 },
      recording: { weight: 20, full: 0.98, zero: 0.8 },
      record: { weight: 10, full: 1, zero: 0.9 },
      repair: { weight: 20, full: 0.95, zero: 0.7 },
      documents: { weight: 5, full: 1, zero: 0.5 },
    },
    payFull: 90,
    payPart: 80,
    unmeasured: 'left-out',
    provenance: provenances.score.zh,
  }),
}
export type ReportsConfig = PlatformConfig & ConfigOf<typeof reportsConfig>

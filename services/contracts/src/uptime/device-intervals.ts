/** States of a device over a period, and what was adjusted in it. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { RateText } from '../common/rate-text.ts'
import { Instant } from '../common/time.ts'
import { Interval } from '../ingest/transition.ts'
import { AdjustmentKind, CountedState } from './adjustment-kind.ts'

export const DeviceIntervals = z.strictObject({
  device: DeviceId,
  from: Instant,
  to: Instant,
  asOf: Instant,
  intervals: z.array(Interval),
  /** Milliseconds; the four add up to `to − from`. */
  totals: z.strictObject({ up: z.int(), down: z.int(), unknown: z.int(), exempt: z.int() }),
  rate: z.number().nullable(),
  rateText: RateText,
  /** Where an approved exemption or correction counts instead of the intervals, oldest first, cut to the period; they may overlap. */
  adjusted: z.array(
    z.strictObject({
      from: Instant,
      to: Instant,
      countAs: CountedState,
      adjustment: z.uuid(),
      kind: AdjustmentKind,
      reason: z.string(),
    }),
  ),
})
export type DeviceIntervals = z.infer<typeof DeviceIntervals>

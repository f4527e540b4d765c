/** Which approved exemptions and corrections count in a device's time, and why. */
import type { DeviceIntervals } from '@hub/contracts'
import { covers, type Span, windowsOf } from '@hub/core'
import type { AdjustmentIndex, RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { FullDevice } from './devices.ts'

/** Oldest first, cut to the period. The index must be up to date. */
export async function adjustedSpans(
  db: Kysely<RecordTables>,
  index: AdjustmentIndex,
  { row, pole, feed }: FullDevice,
  period: Span,
): Promise<DeviceIntervals['adjusted']> {
  const covering = index.touching(period).filter((adjustment) => covers(adjustment, { ...row, pole, feed }))
  if (covering.length === 0) return []
  const ids = covering.map(({ id }) => id)
  const rows = await db.selectFrom('adjustment').select(['id', 'reason']).where('id', 'in', ids).execute()
  const reasons = new Map(rows.map(({ id, reason }) => [id, reason]))
  return covering
    .flatMap(({ id, kind, countAs, ...adjustment }) =>
      windowsOf(adjustment, period).map((span) => ({
        ...span,
        ...{ countAs, adjustment: id, kind, reason: reasons.get(id) ?? '' },
      })),
    )
    .sort((a, b) => a.from - b.from)
}

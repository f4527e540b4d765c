/** Which approved exemptions and corrections count in a device's time, and why. */
import type { DeviceIntervals } from '@hub/contracts'
import { covers, type Span, windowsOf } from '@hub/core'
import type { Exemptions } from '@hub/platform'
import type { Kysely } from 'kysely'
import { heldIn, type Tenure } from '../device-time.ts'
import type { UptimeTables } from '../tables.ts'

/** Oldest first, cut to the period and to the time in which they cover it. The index must be up to date. */
export async function adjustedSpans(
  db: Kysely<Pick<UptimeTables, 'adjustment'>>,
  index: Exemptions,
  tenures: readonly Tenure[],
  period: Span,
): Promise<DeviceIntervals['adjusted']> {
  const held = heldIn(tenures, period)
  const covering = held.flatMap(({ tenure, span }) =>
    index
      .touching(span)
      .filter((adjustment) => covers(adjustment, tenure))
      .map((adjustment) => ({ ...adjustment, span })),
  )
  if (covering.length === 0) return []
  const ids = covering.map(({ id }) => id)
  const rows = await db.selectFrom('adjustment').select(['id', 'reason']).where('id', 'in', ids).execute()
  const reasons = new Map(rows.map(({ id, reason }) => [id, reason]))
  return covering
    .flatMap(({ id, kind, countAs, span, ...adjustment }) =>
      windowsOf(adjustment, span).map((window) => ({
        ...window,
        countAs,
        adjustment: id,
        kind,
        reason: reasons.get(id) ?? '',
      })),
    )
    .sort((a, b) => a.from - b.from)
}

/** The latest changes of state, read back from the intervals after a restart. */
import type { Transition } from '@hub/contracts'
import type { RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'

/** Oldest first. `decidedAt` is not recorded with an interval: the start of the state stands for it. */
export async function recentTransitions(db: Kysely<RecordTables>, since: number, most: number): Promise<Transition[]> {
  const rows = await db
    .selectFrom('interval')
    .innerJoin('interval as before', (join) =>
      join.onRef('before.device', '=', 'interval.device').onRef('before.to_at', '=', 'interval.from_at'),
    )
    .innerJoin('device', 'device.id', 'interval.device')
    .select([
      'interval.device',
      'district',
      'before.state as from',
      'interval.state as to',
      'interval.from_at',
      'interval.rule',
    ])
    .where('interval.from_at', '>=', since)
    .where('interval.state', 'in', ['down', 'degraded', 'up'])
    .orderBy('interval.from_at', 'desc')
    .limit(most)
    .execute()
  return rows.reverse().map(
    (r) =>
      ({
        v: 1,
        device: r.device,
        district: r.district,
        from: r.from,
        to: r.to,
        at: r.from_at,
        decidedAt: r.from_at,
        rule: JSON.parse(r.rule),
      }) as Transition,
  )
}

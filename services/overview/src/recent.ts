/** The latest changes of state, read back from the intervals after a restart. */
import type { Transition } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { OverviewData } from './data.ts'

/** Oldest first. `decidedAt` is not recorded with an interval: the start of the state stands for it. */
export async function recentTransitions(db: Kysely<OverviewData>, since: number, most: number): Promise<Transition[]> {
  const rows = await db
    .selectFrom('ingest_interval as it')
    .innerJoin('ingest_interval as before', (join) =>
      join.onRef('before.device', '=', 'it.device').onRef('before.to_at', '=', 'it.from_at'),
    )
    .innerJoin('registry_device', 'registry_device.id', 'it.device')
    .select(['it.device', 'district', 'before.state as from', 'it.state as to', 'it.from_at', 'it.rule'])
    .where('it.from_at', '>=', since)
    .where('it.state', 'in', ['down', 'degraded', 'up'])
    .orderBy('it.from_at', 'desc')
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

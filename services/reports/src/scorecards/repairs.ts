/** How many work orders were repaired in time. */
import type { ScoreSubject } from '@hub/contracts'
import type { Span } from '@hub/core'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'

export type Counts = { numerator: number; denominator: number }

/** Work orders whose limit to repair fell in the period, and those of them that were done by then, by subject. */
export async function countRepairs(
  db: Kysely<ReportsData>,
  kind: ScoreSubject['kind'],
  { from, to }: Span,
): Promise<Map<string, Counts>> {
  const subject = kind === 'carrier' ? 'carrier' : 'districts'
  const rows = await db
    .selectFrom('work_orders_order')
    .select(({ fn, case: when }) => [
      `${subject} as subject`,
      fn.count<number>(when().whenRef('done_at', '<=', 'repair_by').then(1).end()).as('numerator'),
      fn.countAll<number>().as('denominator'),
    ])
    .where('repair_by', '>=', from)
    .where('repair_by', '<', to)
    .where('status', '<>', 'cancelled')
    .where(subject, 'is not', null)
    .groupBy(subject)
    .execute()
  const counts = new Map<string, Counts>()
  for (const { subject: value, numerator, denominator } of rows)
    for (const key of kind === 'carrier' ? [value!] : (JSON.parse(value!) as string[])) {
      const sum = counts.get(key) ?? { numerator: 0, denominator: 0 }
      counts.set(key, { numerator: sum.numerator + numerator, denominator: sum.denominator + denominator })
    }
  return counts
}

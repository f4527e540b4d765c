/** Numbers for people: `YJ-20261201-0007`, a drill's `YL-…`, counted in the city's day. */
import { dayOf } from '@hub/core'
import type { Db } from '../tables.ts'

/** Run it in a transaction: no number is given twice, and none is left out. */
export async function nextNumber(trx: Db, drill: boolean, now: number): Promise<string> {
  const prefix = `${drill ? 'YL' : 'YJ'}-${dayOf(now).replaceAll('-', '')}-`
  const { last } = await trx
    .insertInto('incident_number')
    .values({ prefix, last: 1 })
    .onConflict((on) => on.column('prefix').doUpdateSet((of) => ({ last: of('incident_number.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow()
  return prefix + String(last).padStart(4, '0')
}

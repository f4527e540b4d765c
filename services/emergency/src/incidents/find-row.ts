/** The row of an incident, for a viewer. */
import { HubError, type Scope } from '@hub/contracts'
import type { Db } from '../tables.ts'
import type { Row } from './rows.ts'

/** @throws HubError `incident.unknown`, also for one beyond the scope */
export async function findRow(db: Db, scope: Scope, id: string): Promise<Row> {
  const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || (scope !== 'city' && !(scope as readonly string[]).includes(row.district)))
    throw new HubError('incident.unknown', { value: id })
  return row
}

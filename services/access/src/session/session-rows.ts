/** The sessions of one user, in the transaction of what ends them. */
import type { Transaction } from 'kysely'
import type { AccessTables } from '../tables.ts'

/** @returns those that were open, whose streams are to end once this is committed */
export async function dropSessions(trx: Transaction<AccessTables>, user: string): Promise<string[]> {
  const rows = await trx.deleteFrom('session').where('user', '=', user).returning('id').execute()
  return rows.map(({ id }) => id)
}

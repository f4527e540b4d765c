/** What an act of a person comes to, and how what cannot be is refused. */
import { type Cause, HubError } from '@hub/contracts'
import type { HandStep } from '@hub/core'
import type { Kysely } from 'kysely'
import type { OutagesDb } from './tables.ts'

/** As the hub, or a person before, had them. */
export type Group = { outage: string; cause: Cause; devices: string[] }

export type Plan = {
  others: string[]
  devices: number
  cause: Cause | null
  steps: HandStep[]
  groups: Group[]
  undoes?: number
}

export const refusal = (outage: string, limit: string) => new HubError('outage.judgement', { value: outage, limit })

export async function membersOf(db: Kysely<OutagesDb>, outage: string): Promise<string[]> {
  const rows = await db
    .selectFrom('outage_member')
    .select('device')
    .distinct()
    .where('outage', '=', outage)
    .orderBy('device')
    .execute()
  return rows.map(({ device }) => device)
}

/** Who did what to which subject: one row for each act, in the same transaction as the act where there is one. */
import type { RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'

export type Act = {
  actor: string
  action:
    | 'session.open'
    | 'session.refused'
    | 'session.locked'
    | 'session.close'
    | 'user.create'
    | 'user.change'
    | 'registry.import'
    | 'device.stage'
    | 'device.command'
    | 'gateway.discover'
    | 'sensor.credential'
    | 'discovered.approve'
    | 'discovered.reject'
    | 'statement.put'
    | 'export.request'
    | 'export.cancel'
    | 'export.download'
    | 'topology.import'
    | 'channel.test'
  subject: string
  /** Never a secret. */
  detail?: { [name: string]: unknown }
}

export async function audit(db: Kysely<RecordTables>, at: number, { detail = {}, ...act }: Act): Promise<void> {
  await db
    .insertInto('audit')
    .values({ ...act, at, detail: JSON.stringify(detail) })
    .execute()
}

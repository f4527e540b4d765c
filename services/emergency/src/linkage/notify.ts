/** A rule asks that people are told of its incident, as important as the rule says. */
import type { DistrictCode, MessageInput } from '@hub/contracts'
import { isIncidentOpen } from '@hub/core'
import type { Deps } from '@hub/platform'
import { incidentRowOf } from '../incidents/rows.ts'
import type { Db } from './db.ts'

/** In the transaction of the run. Who is told, and by which channel, is decided by notify. */
export async function requestNotification(
  { outbox }: Pick<Deps, 'outbox'>,
  trx: Db,
  incident: string,
  importance: 'high' | 'normal',
  at: number,
): Promise<void> {
  const stored = await trx.selectFrom('incident').selectAll().where('id', '=', incident).executeTakeFirstOrThrow()
  const { number, drill, title, type, level, status, address, occurredAt, acceptedAt, endedAt } = incidentRowOf(
    stored,
    [],
  )
  const request: MessageInput<'notificationRequested'> = {
    v: 1,
    at,
    kind: 'incident',
    key: incident,
    districts: [stored.district as DistrictCode],
    importance,
    ended: !isIncidentOpen(status),
    state: { number, drill, title, type, level, status, address, occurredAt, acceptedAt, endedAt, overtime: [] },
  }
  await outbox.append(trx, 'notificationRequested', {}, request)
}

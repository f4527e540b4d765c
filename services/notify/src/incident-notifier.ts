/** Tells of incidents: those that were taken in, became worse, are late, are over. Several of one moment go together. */
import type { RequestOf } from '@hub/contracts'
import { afterIncidentNotice, type IncidentNotice, incidentNoticeOf } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Channel } from './channels/table.ts'
import { composeIncident, composeIncidents } from './incident-message.ts'
import { incidentsKnown, logIncidents } from './log.ts'
import type { Notifier } from './notifier.ts'
import { enqueue, type NewNotification } from './queue.ts'
import { listIncidents } from './subjects.ts'
import type { NotifyDb } from './tables.ts'

type Of = { record: RecordStore<NotifyDb>; clock: Clock; channels: readonly Channel[] }
export type IncidentItem = { incident: RequestOf<'incident'>; notice: IncidentNotice }

/** More of one moment are one notification: a flood of alarms is no flood of messages. */
const mostSingle = 3

export function createIncidentNotifier({ record, clock, channels }: Of): Notifier {
  const { db } = record
  return {
    async decide() {
      const now = clock.now()
      const incidents = await listIncidents(db)
      if (incidents.length === 0) return 0
      const known = await incidentsKnown(
        db,
        incidents.map(({ key }) => key),
      )
      const notifications: NewNotification[] = []
      const told: Parameters<typeof logIncidents>[1][number][] = []
      for (const channel of channels) {
        const knownOf = (key: string) => known.get(`${key} ${channel.id}`) ?? {}
        const items = incidents.flatMap((incident): IncidentItem[] => {
          const notice = incidentNoticeOf(incident, knownOf(incident.key), channel)
          return notice ? [{ incident, notice }] : []
        })
        if (items.length > mostSingle) notifications.push(composeIncidents(channel, items))
        else notifications.push(...items.map((item) => composeIncident(channel, item, now)))
        for (const { incident } of items)
          told.push({
            key: incident.key,
            channel: channel.id,
            known: afterIncidentNotice(incident, knownOf(incident.key), now),
          })
      }
      if (notifications.length === 0) return 0
      await record.transaction(async (trx) => {
        await enqueue(trx, notifications, now)
        await logIncidents(trx, told, now)
      })
      return notifications.length
    },
  }
}

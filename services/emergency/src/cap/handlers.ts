/** CAP over HTTP: alerts in, messages of an incident, the feed and its documents. */
import { type DistrictCode, HubError } from '@hub/contracts'
import { capChains } from '@hub/core'
import { Download, type Handlers, type RouteDeps, tablesOf } from '@hub/platform'
import type { EmergencyConfig } from '../config.ts'
import { findRow } from '../incidents/find-row.ts'
import { within } from '../incidents/queries.ts'
import type { EmergencyDb } from '../tables.ts'
import { feedOf } from './feed.ts'
import { outgoing, sendAlert } from './send.ts'
import { linkOf, messageOf, messagesOf } from './store.ts'
import { requireAlert, takeAlert } from './take.ts'

const bytesLimit = 1_048_576

type Cap = Pick<Handlers, 'takeCap' | 'incidentCap' | 'sendCap' | 'capFeed' | 'capDocument'>

export function capHandlers(deps: RouteDeps<EmergencyConfig>): Cap {
  const { clock, config, publishChange } = deps
  const record = tablesOf<EmergencyDb>(deps.record)
  const publish = (id: string, districts: readonly DistrictCode[]) =>
    publishChange({ what: 'incidents', id, districts: [...districts] })

  return {
    async takeCap({ viewer: { user, scope }, upload }) {
      const bytes = await upload(bytesLimit)
      const alert = requireAlert(bytes, clock.now())
      const { receipt, districts } = await record.transaction((trx) =>
        takeAlert(deps, trx, { user, scope }, alert, bytes.toString('utf8')),
      )
      // A message that was taken before changes nothing.
      if (districts.length > 0) publish(receipt.incident, districts)
      return receipt
    },

    async incidentCap({ viewer, params: { id } }) {
      const row = await findRow(record.db, viewer.scope, id)
      const messages = await messagesOf(record.db, id)
      const chains = capChains(messages.filter(({ direction }) => direction === 'in').map(linkOf))
      const { next } = await outgoing(record.db, row)
      return {
        asOf: clock.now(),
        messages: messages.toReversed().map(messageOf),
        cancelled: chains.length > 0 && chains.every(({ stands }) => !stands),
        next: config.emergency.cap.sender ? next : [],
      }
    },

    async sendCap({ viewer, params: { id }, body }) {
      const sent = await record.transaction(async (trx) =>
        sendAlert(deps, trx, await findRow(trx, viewer.scope, id), body, viewer.user),
      )
      const { district } = await findRow(record.db, viewer.scope, id)
      publish(id, [district as DistrictCode])
      return messageOf(sent)
    },

    async capFeed({ viewer: { scope } }) {
      const name = config.emergency.cap.sender?.name ?? config.emergency.duty
      return new Download(
        'application/atom+xml; charset=utf-8',
        { full: 'feed.atom' },
        await feedOf(record.db, scope, name),
      )
    },

    async capDocument({ viewer: { scope }, params: { id } }) {
      const row = await record.db
        .selectFrom('cap_message')
        .select('document')
        .where('id', '=', id)
        .where('incident', 'in', (of) => of.selectFrom('incident').select('id').where(within(scope)))
        .executeTakeFirst()
      if (!row) throw new HubError('cap.unknown', { value: id })
      return new Download('application/cap+xml; charset=utf-8', { full: `${id}.xml` }, row.document)
    },
  }
}

/** Publishes alerts of an incident. They lie in the feed, from which others take them. */
import { type CapMsgType, type CapRequest, HubError, limitText } from '@hub/contracts'
import { type CapReference, capChains, capIdentifier, capOf, nextCap, secondMs } from '@hub/core'
import type { OpenDeps } from '../incidents/open.ts'
import { incidentRowOf, type Row } from '../incidents/rows.ts'
import { isOver } from '../incidents/statuses.ts'
import type { Db } from '../tables.ts'
import { writeAlert } from './document.ts'
import { type CapRow, linkOf, messagesOf, putMessage, takenIdentifiers } from './store.ts'
import { logMessage } from './take.ts'

type Sending = Pick<CapRequest, 'key' | 'radiusMetres' | 'instruction'> & {
  /** Absent: an Alert, or the Update of the one that stands. */
  msgType?: CapMsgType
}

export async function outgoing(db: Db, { id, status }: Pick<Row, 'id' | 'status'>) {
  const rows = await messagesOf(db, id, 'out')
  const chains = capChains(rows.map(linkOf))
  const standing = chains.filter(({ stands }) => stands).flatMap(({ messages }) => messages.map(({ row }) => row))
  return { rows, standing, next: nextCap(chains, isOver(status)) }
}

/** Run it in a transaction. What was asked for with that key before is answered by what it sent. @throws HubError `request.invalid` */
export async function sendAlert(deps: OpenDeps, trx: Db, row: Row, asked: Sending, actor: string): Promise<CapRow> {
  const done = await trx.selectFrom('cap_message').selectAll().where('key', '=', asked.key).executeTakeFirst()
  if (done?.incident === row.id) return done
  if (done) throw new HubError('request.invalid', { field: 'key', value: asked.key, limit: limitText('cap-key-used') })
  const { sender, radiusMetres, expiresHours } = deps.config.emergency.cap
  const { rows, standing, next } = await outgoing(trx, row)
  const msgType = asked.msgType ?? next[0]
  const refuse = (limit: string) => new HubError('request.invalid', { field: 'msgType', value: msgType, limit })
  if (!sender) throw refuse(limitText('cap-no-sender'))
  if (!msgType || !next.includes(msgType)) throw refuse(limitText('cap-next', { values: next.join(', ') || '—' }))
  const at = deps.clock.now()
  // A clock that was set back does not date an Update before what it updates.
  const { sent, identifier } = await identify(trx, sender, Math.max(at, ...rows.map(({ sent_at }) => sent_at)))
  const references: CapReference[] = standing.map((one) => ({
    sender: one.sender,
    identifier: one.identifier,
    sent: one.sent,
  }))
  const alert = capOf(incidentRowOf(row, []), {
    msgType,
    sender: sender.id,
    senderName: sender.name,
    identifier,
    sent,
    references,
    radiusMetres: asked.radiusMetres ?? radiusMetres,
    expiresHours,
    instruction: asked.instruction,
  })
  const document = writeAlert(alert)
  const message = { incident: row.id, direction: 'out', key: asked.key, alert, document, doubtful: [], at } as const
  const put = await putMessage(trx, { ...message, by: actor })
  await logMessage(deps, trx, row, put)
  return put
}

async function identify(trx: Db, sender: { id: string; publisher: string }, from: number) {
  for (let sent = from - (from % secondMs); ; sent += secondMs) {
    const taken = await takenIdentifiers(trx, sender.id, sent)
    const identifier = capIdentifier(sender.publisher, sent, (one) => taken.has(one))
    if (identifier) return { sent, identifier }
  }
}

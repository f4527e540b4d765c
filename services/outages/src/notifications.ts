/** What the room asks notify to tell of: an outage as it is, in the transaction that has changed it. */
import type { DatabaseSync } from 'node:sqlite'
import type { MessageInput, OutageRow } from '@hub/contracts'
import type { Outbox, Outgoing } from '@hub/platform'
import type { Kysely } from 'kysely'
import { findOutageRow } from './board.ts'
import type { OutagesDb } from './tables.ts'

type Facts = Omit<OutageRow, 'assignee' | 'acknowledgedAt' | 'reopened' | 'held' | 'workOrders' | 'updatedAt'>

const requestOf = (o: Facts, at: number): MessageInput<'notificationRequested'> => ({
  v: 1,
  at,
  kind: 'outage',
  key: o.id,
  districts: o.districts,
  importance: o.importance,
  ended: o.status === 'closed',
  state: {
    cause: o.cause,
    evidence: o.evidence,
    expected: o.expected,
    countsFrom: o.countsFrom,
    from: o.from,
    to: o.to,
    members: o.members,
    down: o.down,
    status: o.status,
    silencedUntil: o.silencedUntil,
    escalation: o.escalation,
    name: o.name,
  },
})

/** In a transaction, after the outage was changed in it. */
export async function requestNotification(
  trx: Kysely<OutagesDb>,
  outbox: Pick<Outbox, 'append'>,
  id: string,
  at: number,
): Promise<void> {
  const outage = await findOutageRow(trx, 'city', id)
  if (outage) await outbox.append(trx, 'notificationRequested', {}, requestOf(outage, at))
}

/** The same on the raw handle, inside `record.commit`. One that went into another is not told of. */
export function notificationRequests(sqlite: DatabaseSync) {
  const find = sqlite.prepare(
    `SELECT id, cause_kind, cause_key, cause_mode, evidence, from_at, to_at, districts, expected, counts_from, members, down, importance, status,
       silenced_until, escalation, CASE WHEN members = 1 THEN (SELECT d.name FROM outage_member m JOIN registry_device d ON d.id = m.device
         WHERE m.outage = outage.id LIMIT 1) END AS name
     FROM outage WHERE id = ? AND merged_into IS NULL`,
  )
  return (ids: Iterable<string>, at: number): Outgoing[] =>
    [...ids].flatMap((id): Outgoing[] => {
      const row = find.get(id) as Stored | undefined
      return row ? [{ name: 'notificationRequested', params: {}, value: requestOf(factsOf(row), at) }] : []
    })
}

type Stored = {
  id: string
  cause_kind: OutageRow['cause']['kind']
  cause_key: string
  cause_mode: OutageRow['cause']['mode']
  evidence: string
  from_at: number
  to_at: number | null
  districts: string
  expected: number
  counts_from: number | null
  members: number
  down: number
  importance: OutageRow['importance']
  status: OutageRow['status']
  silenced_until: number | null
  escalation: number
  name: string | null
}

const factsOf = (r: Stored): Facts => ({
  id: r.id,
  cause: { kind: r.cause_kind, key: r.cause_key, mode: r.cause_mode },
  evidence: JSON.parse(r.evidence),
  from: r.from_at,
  to: r.to_at,
  districts: JSON.parse(r.districts),
  expected: r.expected === 1,
  countsFrom: r.counts_from,
  members: r.members,
  down: r.down,
  importance: r.importance,
  status: r.status,
  silencedUntil: r.silenced_until,
  escalation: r.escalation,
  name: r.name,
})

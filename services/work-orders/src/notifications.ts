/** What the room asks notify to warn of: an order whose limit is near or has passed, as it is, in the transaction that has changed it. */
import type { MessageInput } from '@hub/contracts'
import { type Deps, type Outbox, settingsOf, tablesOf } from '@hub/platform'
import { type RepairRules, repairRulesOf, type WorkOrdersConfig } from './config.ts'
import { everyOrder, type FullOrder, fullOrder } from './queries.ts'
import type { Db, WorkOrdersDb } from './tables.ts'

type Rules = Pick<RepairRules, 'yellowShare' | 'provenMs'>
type Request = Extract<MessageInput<'notificationRequested'>, { kind: 'work-order' }>

function requestOf(
  o: FullOrder,
  colour: 'yellow' | 'red',
  ended: boolean,
  at: number,
  { yellowShare }: Rules,
): Request {
  return {
    v: 1,
    at,
    kind: 'work-order',
    key: o.id,
    districts: o.districts,
    unit: o.unit,
    importance: o.rule.class === 'core' ? 'high' : 'normal',
    ended,
    state: {
      colour,
      number: o.number,
      outage: o.outage,
      subject: o.subject,
      devices: o.devices.length,
      down: o.down,
      issuedBy: o.issuedBy,
      issuedAt: o.issuedAt,
      respondBy: o.respondBy,
      repairBy: o.repairBy,
      rule: o.rule,
      receivedAt: o.receivedAt,
      doneAt: o.doneAt,
      steps: o.steps,
      whole: o.whole,
      yellowShare,
    },
  }
}

/**
 * In a transaction, after the order was changed in it. One that never was near a limit is nothing to warn of.
 * @param before how it was marked before the change
 */
export async function requestWarning(
  trx: Db,
  outbox: Pick<Outbox, 'append'>,
  id: string,
  before: FullOrder['marked'],
  now: number,
  rules: Rules,
): Promise<void> {
  const order = await fullOrder(trx, everyOrder, id, now, rules)
  const { marked, status } = order
  const ended = marked === 'none' || status === 'closed' || status === 'cancelled'
  const colour = marked === 'none' ? before : marked
  if (colour !== 'none')
    await outbox.append(trx, 'notificationRequested', {}, requestOf(order, colour, ended, now, rules))
}

/** Once, after an upgrade: what is overtime already, and notify has not been told of. */
export async function requestStanding({ clock, config, outbox, record }: Deps<WorkOrdersConfig>): Promise<void> {
  const rules = repairRulesOf(config.policy)
  const settings = settingsOf(record.sqlite, 'work-orders')
  if (settings.get('requested') !== undefined) return
  const now = clock.now()
  await tablesOf<WorkOrdersDb>(record).transaction(async (trx) => {
    const rows = await trx
      .selectFrom('work_order')
      .select(['id', 'overtime'])
      .where('status', 'not in', ['closed', 'cancelled'])
      .where('overtime', '<>', 'none')
      .execute()
    for (const { id, overtime } of rows)
      await requestWarning(trx, outbox, id, overtime as FullOrder['marked'], now, rules)
    settings.put('requested', String(now))
  })
}

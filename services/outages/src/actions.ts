/** What people and the hub do with an outage: its status, owner and silence, a line of its life and one of the audit, together. */
import {
  HubError,
  limitText,
  type OrdersAtClose,
  type OutageAction,
  type OutageRow,
  type OutageStatus,
  type Role,
  type Scope,
} from '@hub/contracts'
import { dayMs, defaultLifePolicy, type LifePolicy, type LifeState, moveOutage, reopenUntil } from '@hub/core'
import type { Deps } from '@hub/platform'
import type { Kysely } from 'kysely'
import { findOutageRow } from './board.ts'
import { requestNotification } from './notifications.ts'
import { settleByPolicy, settleOrders } from './open-orders.ts'
import type { OutagesDb } from './tables.ts'

type Db = Kysely<OutagesDb>
type Parts = Pick<Deps, 'audit' | 'outbox'>

/** The hub's own name in histories and in the audit. */
const hub = 'hub'
const longestSilenceMs = 7 * dayMs

/**
 * A person's step. Run it in a transaction, after the permission has been checked. Whoever acknowledges or starts what nobody owns
 * owns it. @throws HubError `outage.unknown`, also out of scope; `outage.step` when its status allows no such step;
 * `outage.open-orders` when it is closed and nothing is said of its open orders; `outage.reopen-late` when it was closed too long ago; `request.invalid` for a silence that has no end within seven days, or an
 * assignee that is no user
 */
export async function stepOutage(
  trx: Db,
  { audit, outbox }: Parts,
  { scope, user: actor, role }: { scope: Scope; user: string; role?: Role },
  asked: string,
  action: OutageAction,
  now: number,
  life: Pick<LifePolicy, 'reopenWithinMs'> = defaultLifePolicy,
): Promise<OutageRow> {
  const outage = await findOutageRow(trx, scope, asked)
  if (!outage) throw new HubError('outage.unknown', { value: asked })
  const { id } = outage
  const { step } = action
  const { down, closed_at } = await trx
    .selectFrom('outage')
    .select(['down', 'closed_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const moved = moveOutage(outage.status, step, down)
  if (!moved.ok)
    throw new HubError('outage.step', { field: step, value: outage.status, limit: moved.legal.join(', ') || 'none' })
  const until = reopenUntil({ status: outage.status, closedAt: closed_at }, life)
  if (until !== null && now > until)
    throw new HubError('outage.reopen-late', { field: step, value: id, limit: new Date(until).toISOString() })
  await check(trx, action, now)
  const note = noteOf(action)
  const asks = { outage: id, answer: action.orders, note, now }
  const orders = step === 'close' ? await settleOrders(trx, outbox, { scope, user: actor, role }, asks) : null
  const set = {
    ...(moved.status !== outage.status && stamped(moved.status, now)),
    ...(step === 'reopen' && { reopened: outage.reopened + 1, escalation: 0 }),
    ...((step === 'acknowledge' || step === 'start') && {
      acknowledged_at: outage.acknowledgedAt ?? now,
      assignee: outage.assignee ?? actor,
    }),
    ...(step === 'assign' && { assignee: action.assignee || null }),
    // Whoever silences it has acted: what is left undone counts from the end of the silence.
    ...(step === 'silence' && { silenced_until: action.until!, escalation: 0 }),
  }
  await trx
    .updateTable('outage')
    .set({ ...set, updated_at: now })
    .where('id', '=', id)
    .execute()
  await trx.insertInto('outage_step').values({ outage: id, at: now, actor, step, note, orders }).execute()
  const detail = { from: outage.status, to: moved.status, note, ...(orders && { orders }) }
  await audit.append(trx, { at: now, actor, action: `outage.${step}`, subject: id, detail })
  await requestNotification(trx, outbox, id, now)
  return (await findOutageRow(trx, scope, id))!
}

async function check(trx: Db, { step, until, assignee }: OutageAction, now: number): Promise<void> {
  if (step === 'silence' && (until! <= now || until! > now + longestSilenceMs))
    throw new HubError('request.invalid', {
      field: 'until',
      value: until!,
      limit: limitText('seven-days'),
    })
  if (step !== 'assign' || !assignee) return
  const user = await trx.selectFrom('access_user').select('name').where('name', '=', assignee).executeTakeFirst()
  if (!user) throw new HubError('request.invalid', { field: 'assignee', value: assignee, limit: limitText('be-user') })
}

/** What the line says beside the person's words: to whom, until when. */
function noteOf({ step, note, assignee, until }: OutageAction): string | null {
  if (step === 'assign') return [`→ ${assignee || '—'}`, note].filter(Boolean).join('; ')
  if (step === 'silence') return [`→ ${new Date(until!).toISOString()}`, note].filter(Boolean).join('; ')
  return note ?? null
}

const stamped = (status: OutageStatus, now: number) => ({
  status,
  ...(status === 'resolved' && { resolved_at: now }),
  ...(status === 'closed' && { closed_at: now }),
  ...(status === 'open' && { resolved_at: null, closed_at: null, acknowledged_at: null }),
})

/**
 * Where each outage that is not closed stands, for the rule of its automatic transitions. One that a person has reopened since all were
 * back stays open until a person resolves it.
 */
export async function outageLives(db: Db): Promise<(LifeState & { id: string })[]> {
  const rows = await db
    .selectFrom('outage as o')
    .select([
      'id',
      'status',
      'from_at',
      'to_at',
      'resolved_at',
      'escalation',
      'expected',
      'counts_from',
      'silenced_until',
    ])
    .where('status', 'in', ['open', 'acknowledged', 'in-progress', 'resolved'])
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb('status', '=', 'resolved'),
        eb('to_at', 'is', null),
        not(
          exists(
            selectFrom('outage_step as s')
              .select('s.id')
              .whereRef('s.outage', '=', 'o.id')
              .where('s.step', '=', 'reopen')
              .where('s.actor', '<>', hub)
              .whereRef('s.at', '>=', 'o.to_at'),
          ),
        ),
      ]),
    )
    .execute()
  return rows.map((r) => ({
    id: r.id,
    status: r.status as OutageStatus,
    from: r.from_at,
    to: r.to_at,
    resolvedAt: r.resolved_at,
    escalation: r.escalation,
    expected: r.expected === 1,
    countsFrom: r.counts_from,
    silencedUntil: r.silenced_until,
  }))
}

const statusAfter: { readonly [step: string]: OutageStatus | undefined } = {
  resolve: 'resolved',
  reopen: 'open',
  close: 'closed',
}

/** A transition of the hub itself; in a transaction. @param policy what becomes of open work orders when it closes */
export async function takeAutomaticTransition(
  trx: Db,
  { audit, outbox }: Parts,
  id: string,
  step: 'resolve' | 'reopen' | 'close' | 'escalate',
  now: number,
  policy: OrdersAtClose = 'leave',
): Promise<void> {
  const status = statusAfter[step]
  await trx
    .updateTable('outage')
    .set(({ eb }) => ({
      updated_at: now,
      ...(status && stamped(status, now)),
      ...(step === 'reopen' && { reopened: eb('reopened', '+', 1), escalation: 0 }),
      ...(step === 'escalate' && { escalation: eb('escalation', '+', 1) }),
    }))
    .where('id', '=', id)
    .execute()
  const orders = step === 'close' ? await settleByPolicy(trx, outbox, { outage: id, policy, user: hub, now }) : null
  await trx.insertInto('outage_step').values({ outage: id, at: now, actor: hub, step, note: null, orders }).execute()
  const detail = { note: null, ...(orders && { orders }) }
  await audit.append(trx, { at: now, actor: hub, action: `outage.${step}`, subject: id, detail })
  await requestNotification(trx, outbox, id, now)
}

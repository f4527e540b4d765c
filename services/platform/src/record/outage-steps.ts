/** What people and the hub do with an outage: its status, owner and silence, a line of its life and one of the audit, together. */
import type { DatabaseSync } from 'node:sqlite'
import { HubError, type OutageAction, type OutageRow, type OutageStatus, type Scope } from '@hub/contracts'
import { defaultLifePolicy, type LifePolicy, type LifeState, moveOutage, reopenUntil } from '@hub/core'
import type { Kysely } from 'kysely'
import { findOutageRow } from './outage-board.ts'
import { writeStep } from './outages.ts'
import type { RecordTables } from './schema.ts'

const longestSilenceMs = 7 * 86_400_000

/**
 * A person's step. Run it in a transaction, after the permission has been checked. Whoever acknowledges or starts what nobody owns
 * owns it. @throws HubError `outage.unknown`, also out of scope; `outage.step` when its status allows no such step;
 * `outage.reopen-late` when it was closed too long ago; `request.invalid` for a silence that has no end within seven days, or an
 * assignee that is no user
 */
export async function stepOutage(
  trx: Kysely<RecordTables>,
  scope: Scope,
  asked: string,
  action: OutageAction,
  actor: string,
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
  const set = {
    ...(moved.status !== outage.status && stamped(moved.status, now)),
    ...(step === 'reopen' && { reopened: outage.reopened + 1, escalation: 0 }),
    ...((step === 'acknowledge' || step === 'start') && {
      acknowledged_at: outage.acknowledgedAt ?? now,
      assignee: outage.assignee ?? actor,
    }),
    ...(step === 'assign' && { assignee: action.assignee || null }),
    ...(step === 'silence' && { silenced_until: action.until! }),
  }
  await trx
    .updateTable('outage')
    .set({ ...set, updated_at: now })
    .where('id', '=', id)
    .execute()
  const note = noteOf(action)
  await trx.insertInto('outage_step').values({ outage: id, at: now, actor, step, note }).execute()
  await trx
    .insertInto('audit')
    .values({
      ...{ at: now, actor, action: `outage.${step}`, subject: id },
      detail: JSON.stringify({ from: outage.status, to: moved.status, note }),
    })
    .execute()
  return (await findOutageRow(trx, scope, id))!
}

async function check(trx: Kysely<RecordTables>, { step, until, assignee }: OutageAction, now: number): Promise<void> {
  if (step === 'silence' && (until! <= now || until! > now + longestSilenceMs))
    throw new HubError('request.invalid', {
      field: 'until',
      value: until!,
      limit: 'must be within the next seven days',
    })
  if (step !== 'assign' || !assignee) return
  const user = await trx.selectFrom('user').select('name').where('name', '=', assignee).executeTakeFirst()
  if (!user) throw new HubError('request.invalid', { field: 'assignee', value: assignee, limit: 'must be a user' })
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
 * Where each outage that is not closed stands, for the rule of its own steps. One that a person has reopened since it healed stays open
 * until a person resolves it.
 */
export function outageLives(sqlite: DatabaseSync): (LifeState & { id: string })[] {
  const rows = sqlite
    .prepare(
      `SELECT id, status, from_at, to_at, resolved_at, escalation, expected, silenced_until FROM outage AS o
       WHERE status IN ('open', 'acknowledged', 'in-progress', 'resolved')
         AND (status = 'resolved' OR to_at IS NULL OR NOT EXISTS (SELECT 1 FROM outage_step s
           WHERE s.outage = o.id AND s.step = 'reopen' AND s.actor <> 'hub' AND s.at >= o.to_at))`,
    )
    .all() as {
    id: string
    status: OutageStatus
    from_at: number
    to_at: number | null
    resolved_at: number | null
    escalation: number
    expected: number
    silenced_until: number | null
  }[]
  return rows.map((r) => ({
    ...{ id: r.id, status: r.status, from: r.from_at, to: r.to_at, resolvedAt: r.resolved_at },
    ...{ escalation: r.escalation, expected: r.expected === 1, silencedUntil: r.silenced_until },
  }))
}

/** The hub's own step; inside `record.commit`. */
export function takeOwnStep(
  sqlite: DatabaseSync,
  id: string,
  step: 'resolve' | 'reopen' | 'close' | 'escalate',
  now: number,
): void {
  const change = {
    resolve: "status = 'resolved', resolved_at = :now",
    reopen:
      "status = 'open', reopened = reopened + 1, resolved_at = NULL, closed_at = NULL, acknowledged_at = NULL, escalation = 0",
    close: "status = 'closed', closed_at = :now",
    escalate: 'escalation = escalation + 1',
  }[step]
  sqlite.prepare(`UPDATE outage SET ${change}, updated_at = :now WHERE id = :id`).run({ id, now })
  writeStep(sqlite, id, { at: now, actor: 'hub', step, note: null })
}

/**
 * A person judges an outage: checked and written down here, in effect when the follower takes it up. What is written names all that moves
 * and the ids of what begins by it, so that it can be done, done again after a crash, and undone.
 */
import {
  apartMost,
  type Cause,
  HubError,
  inScope,
  type JudgeOutage,
  judgedKinds,
  limitText,
  type OutageRow,
  type Scope,
} from '@hub/contracts'
import type { HandStep } from '@hub/core'
import type { Deps } from '@hub/platform'
import type { Kysely } from 'kysely'
import { findOutageRow } from './board.ts'
import { circleOf } from './circle.ts'
import { ordersGoing } from './orders-going.ts'
import { type Group, membersOf, type Plan, refusal } from './plan.ts'
import type { OutagesDb } from './tables.ts'
import { undo } from './undo.ts'

type Db = Kysely<OutagesDb>

/**
 * Run it in a transaction, after the permission has been checked. @returns the outages that are concerned
 * @throws HubError `outage.unknown`, also out of scope; `outage.judgement` for what cannot be, by its name
 */
export async function judgeOutage(
  trx: Db,
  { audit }: Pick<Deps, 'audit'>,
  { scope, user: actor }: { scope: Scope; user: string },
  asked: string,
  said: JudgeOutage,
  now: number,
): Promise<OutageRow[]> {
  const outage = await open(trx, scope, asked)
  const last = await trx
    .selectFrom('outage_judgement')
    .select((e) => e.fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  const id = (last.id ?? 0) + 1
  const plan = await planOf(trx, scope, outage, said, id)
  await refusePending(trx, [outage.id, ...plan.others], outage.id)
  const { act, reason } = said
  await trx
    .insertInto('outage_judgement')
    .values({
      id,
      at: now,
      actor,
      act,
      outage: outage.id,
      others: JSON.stringify(plan.others),
      devices: plan.devices,
      was: JSON.stringify(outage.cause),
      cause: plan.cause && JSON.stringify(plan.cause),
      reason,
      undoes: plan.undoes ?? null,
      effect: plan.steps.length > 0 ? 'pending' : 'done',
      steps: JSON.stringify(plan.steps),
      groups: JSON.stringify(plan.groups),
    })
    .execute()
  if (plan.undoes !== undefined)
    await trx.updateTable('outage_judgement').set({ undone: 1 }).where('id', '=', plan.undoes).execute()
  await trx.insertInto('outage_step').values({ outage: outage.id, at: now, actor, step: act, note: reason }).execute()
  const { others, devices, cause } = plan
  const detail = {
    note: reason,
    ...(others.length > 0 && { others: others.slice(0, 20) }),
    ...(devices > 0 && { devices }),
    ...(cause && { cause: `${cause.kind}:${cause.key}` }),
  }
  await audit.append(trx, { at: now, actor, action: `outage.${act}`, subject: outage.id, detail })
  const concerned = await Promise.all(others.map((other) => findOutageRow(trx, scope, other)))
  return [outage, ...concerned.flatMap((row) => row ?? [])]
}

/** One that is not closed, and wholly within the person's districts. */
async function open(db: Db, scope: Scope, asked: string): Promise<OutageRow> {
  const outage = await findOutageRow(db, scope, asked)
  if (!outage) throw new HubError('outage.unknown', { value: asked })
  if (outage.status === 'closed') throw refusal(outage.id, limitText('judge-closed', { outage: outage.id }))
  const { districts } = await db
    .selectFrom('outage')
    .select('districts')
    .where('id', '=', outage.id)
    .executeTakeFirstOrThrow()
  const all: OutageRow['districts'] = JSON.parse(districts)
  if (!all.every((district) => inScope(scope, district))) throw refusal(outage.id, limitText('judge-beyond'))
  return outage
}

async function refusePending(db: Db, outages: readonly string[], asked: string): Promise<void> {
  const pending = await db
    .selectFrom('outage_judgement')
    .select(['outage', 'others'])
    .where('effect', '=', 'pending')
    .execute()
  const busy = new Set(pending.flatMap(({ outage, others }) => [outage, ...(JSON.parse(others) as string[])]))
  if (outages.some((outage) => busy.has(outage))) throw refusal(asked, limitText('judge-pending'))
}

async function planOf(db: Db, scope: Scope, outage: OutageRow, said: JudgeOutage, id: number): Promise<Plan> {
  if (said.act === 'undo') return undo(db, outage, said.judgement)
  const own: Group = { outage: outage.id, cause: outage.cause, devices: await membersOf(db, outage.id) }
  const plan: Plan = { others: [], devices: 0, cause: null, steps: [], groups: [own] }
  switch (said.act) {
    case 'split':
      return { ...plan, ...(await split(db, outage, own.devices, [...new Set(said.devices)], id)) }
    case 'merge':
      return { ...plan, ...(await merge(db, scope, outage, own, [...new Set(said.outages)])) }
    case 'apart':
      return { ...plan, ...(await apart(db, outage, own.devices, id)) }
    case 'cause': {
      const cause = await causeOf(db, outage, said.cause)
      return { ...plan, cause, steps: [{ do: 'name', outage: outage.id, cause }] }
    }
    case 'confirm':
      return { ...plan, steps: [{ do: 'hold', outage: outage.id }] }
  }
}

async function split(db: Db, outage: OutageRow, own: readonly string[], devices: readonly string[], id: number) {
  const members = new Set(own)
  const foreign = devices.find((device) => !members.has(device))
  if (foreign !== undefined) throw refusal(outage.id, limitText('judge-no-member', { device: foreign }))
  if (devices.length === own.length) throw refusal(outage.id, limitText('judge-all'))
  const into = `${outage.from}-j${id}`
  const [orders] = await ordersGoing(db, outage.id, [devices])
  const steps: HandStep[] = [{ do: 'move', from: outage.id, into, devices, orders: orders! }]
  return { others: [into], devices: devices.length, steps }
}

async function merge(db: Db, scope: Scope, outage: OutageRow, own: Group, asked: readonly string[]) {
  const groups = [own]
  for (const other of asked) {
    const { id, cause } = await open(db, scope, other)
    if (id === outage.id) throw refusal(outage.id, limitText('judge-itself'))
    groups.push({ outage: id, cause, devices: await membersOf(db, id) })
  }
  const others = groups.slice(1)
  const steps = others.map(
    ({ outage: from }): HandStep => ({ do: 'move', from, into: outage.id, devices: null, orders: [] }),
  )
  const devices = others.reduce((sum, { devices }) => sum + devices.length, 0)
  return { others: others.map(({ outage }) => outage), devices, steps, groups }
}

/** The outage goes on with the first of its devices. */
async function apart(db: Db, outage: OutageRow, [first, ...rest]: readonly string[], id: number) {
  if (rest.length === 0) throw refusal(outage.id, limitText('judge-one'))
  if (rest.length >= apartMost) throw refusal(outage.id, limitText('judge-many', { most: apartMost }))
  const orders = await ordersGoing(
    db,
    outage.id,
    rest.map((device) => [device]),
  )
  const moves = rest.map(
    (device, n): HandStep => ({
      do: 'move',
      from: outage.id,
      into: `${outage.from}-j${id}-${n + 1}`,
      devices: [device],
      orders: orders[n]!,
    }),
  )
  const cause: Cause = { kind: 'device', key: first!, mode: 'together' }
  const others = moves.flatMap((step) => (step.do === 'move' ? step.into : []))
  return { others, devices: rest.length, steps: [...moves, { do: 'name', outage: outage.id, cause } as const] }
}

async function causeOf(
  db: Db,
  outage: OutageRow,
  { kind, key: given }: { kind: Cause['kind']; key: string },
): Promise<Cause> {
  if (!judgedKinds.includes(kind)) throw refusal(outage.id, limitText('judge-kind'))
  const found =
    kind === 'moment' ? `@${outage.from}` : kind === 'place' && given === '' ? await circleOf(db, outage.id) : given
  if (!found) throw refusal(outage.id, limitText('judge-no-key'))
  const cause: Cause = { kind, key: found, mode: kind === 'gateway' ? 'silent' : 'together' }
  if (kind === 'moment' || kind === 'other') return cause
  const same = await db
    .selectFrom('outage')
    .select('id')
    .where('cause_kind', '=', kind)
    .where('cause_key', '=', found)
    .where('merged_into', 'is', null)
    .where('status', 'in', ['open', 'acknowledged', 'in-progress'])
    .where('id', '<>', outage.id)
    .executeTakeFirst()
  if (same) throw refusal(outage.id, limitText('judge-same', { outage: same.id }))
  return cause
}

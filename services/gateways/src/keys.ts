/**
 * The keys that gateways seal their batches with. The first one that a gateway tells is pinned; another one waits until a person approves it:
 * whoever has stolen a gateway's password must not be able to bring a key of his own.
 */
import {
  type GatewayId,
  type GatewayKey,
  type GatewayKeyDecision,
  type GatewayStatus,
  HubError,
  limitText,
} from '@hub/contracts'
import { minuteMs } from '@hub/core'
import type { AuditPort, Deps } from '@hub/platform'
import type { GatewaysDb as Db, GatewaysRecord } from './tables.ts'

/** A gateway of before keys is asked again this often: it may have become another one. */
const askEveryMs = 5 * minuteMs

/** By gateway, the newest first. */
export async function listKeys(db: Db): Promise<Map<GatewayId, GatewayKey[]>> {
  const rows = await db.selectFrom('gateway_key').selectAll().orderBy('told_at', 'desc').orderBy('key').execute()
  const keys = new Map<GatewayId, GatewayKey[]>()
  for (const { gateway, key, state, told_at, pinned_at, retired_at, decided_by, reason } of rows) {
    const list = keys.get(gateway) ?? []
    list.push({
      key,
      state,
      toldAt: told_at,
      pinnedAt: pinned_at,
      retiredAt: retired_at,
      decidedBy: decided_by,
      reason,
    })
    keys.set(gateway, list)
  }
  return keys
}

type Acting = { audit: AuditPort; now: number }

/** @returns the state of the key that a gateway tells; undefined: nothing has changed by it. Run it in a transaction. */
export async function takeKey(
  trx: Db,
  { gateway, key }: { gateway: GatewayId; key: string },
  { audit, now }: Acting,
): Promise<'pinned' | 'waiting' | undefined> {
  const known = await trx.selectFrom('gateway_key').select(['key', 'state']).where('gateway', '=', gateway).execute()
  if (known.some((one) => one.key === key)) return undefined
  const state = known.some((one) => one.state === 'pinned') ? 'waiting' : 'pinned'
  const pinned_at = state === 'pinned' ? now : null
  await trx.insertInto('gateway_key').values({ gateway, key, state, told_at: now, pinned_at }).execute()
  const actor = `gateway:${gateway}`
  await audit.append(trx, { at: now, actor, action: `gateway.key-${state}`, subject: gateway, detail: { key } })
  return state
}

/**
 * Approves or rejects a key that waits. An approval retires the one before. Run it in a transaction.
 * @throws HubError `request.invalid` when no such key waits
 */
export async function decideKey(
  trx: Db,
  gateway: GatewayId,
  { key, decision, reason }: GatewayKeyDecision,
  { audit, actor, now }: Acting & { actor: string },
): Promise<void> {
  const ofGateway = trx.updateTable('gateway_key').where('gateway', '=', gateway)
  const waits = await trx
    .selectFrom('gateway_key')
    .select('key')
    .where('gateway', '=', gateway)
    .where('key', '=', key)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  if (!waits) throw new HubError('request.invalid', { field: 'key', value: key, limit: limitText('key-waits') })
  if (decision === 'approve')
    await ofGateway.set({ state: 'retired', retired_at: now }).where('state', '=', 'pinned').execute()
  const state = decision === 'approve' ? ('pinned' as const) : ('rejected' as const)
  const pinned_at = decision === 'approve' ? now : null
  await ofGateway.set({ state, pinned_at, decided_by: actor, reason }).where('key', '=', key).execute()
  await audit.append(trx, {
    at: now,
    actor,
    action: `gateway.key-${decision}`,
    subject: gateway,
    detail: { key, reason },
  })
}

/** Asks gateways for their keys, and takes what they tell. */
export function createKeyring(deps: Pick<Deps, 'audit' | 'bus' | 'clock' | 'log'> & { record: GatewaysRecord }) {
  const { audit, bus, clock, log, record } = deps
  const askedAt = new Map<GatewayId, number>()
  /** Of this process: what was told is on disk. */
  const told = new Map<GatewayId, string>()
  return async ({ gateway, online, key }: GatewayStatus): Promise<void> => {
    const now = clock.now()
    if (!online) return void askedAt.delete(gateway)
    if (key === undefined) {
      if (now - (askedAt.get(gateway) ?? Number.NEGATIVE_INFINITY) < askEveryMs) return
      askedAt.set(gateway, now)
      return bus.publish('keyWanted', { gateway }, { v: 1, gateway })
    }
    if (told.get(gateway) === key) return
    const state = await record.transaction((trx) => takeKey(trx, { gateway, key }, { audit, now }))
    told.set(gateway, key)
    if (state) log.warn({ gateway, key, state }, 'a gateway has told a key')
  }
}

/** Orders that other rooms ask for, out of the outbox: each made once, and answered with its number or why there is none. */
import { HubError, type MessageValue } from '@hub/contracts'
import { type Consumer, type Deps, tablesIn, tablesOf } from '@hub/platform'
import { changesOf } from './audience.ts'
import { candidatesOf, usualUnit } from './candidates.ts'
import { type RepairRules, repairRulesOf, type WorkOrdersConfig } from './config.ts'
import { issueWorkOrder } from './issue.ts'
import { everyOrder } from './queries.ts'
import type { Db, WorkOrdersDb } from './tables.ts'

/** A cursor of its own: what waits here holds up no outage. */
export const requests = {
  name: 'work-orders-requests',
  messages: ['workOrderRequested'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

type Parts = Pick<Deps, 'audit' | 'outbox'>
const mostSubject = 120

/** Taken twice it changes nothing. @returns the stop */
export function consumeRequests(deps: Deps<WorkOrdersConfig>): Promise<() => Promise<void>> {
  const { clock, config, log, outbox, publishChange, record } = deps
  const { db } = tablesOf<WorkOrdersDb>(record)
  const rules = repairRulesOf(config.policy)
  const issued: string[] = []
  const publish = async (ids: readonly string[]) => {
    for (const change of await changesOf(db, ids)) publishChange(change)
  }
  return outbox.consume({
    ...requests,
    async take(trx, { value }) {
      const asked = value as MessageValue<'workOrderRequested'>
      if (await takeRequest(tablesIn<WorkOrdersDb>(trx), deps, asked, clock.now(), rules)) issued.push(asked.key)
    },
    taken() {
      const ids = issued.splice(0)
      if (ids.length > 0)
        publish(ids).catch((err: unknown) => log.debug({ err }, 'new orders were not told; they are read again anyway'))
    },
  })
}

/** @returns whether an order was made now */
async function takeRequest(
  trx: Db,
  parts: Parts,
  { key, unit, devices, subject, note, user }: MessageValue<'workOrderRequested'>,
  now: number,
  rules: RepairRules,
): Promise<boolean> {
  const numberOf = () =>
    trx.selectFrom('work_order').select(['id', 'number', 'unit']).where('id', '=', key).executeTakeFirst()
  if (await numberOf()) return false
  try {
    const candidates = await candidatesOf(trx, everyOrder.scope, devices)
    const text = subject.slice(0, mostSubject)
    const order = {
      devices: [...devices],
      unit: unit ?? (candidates.length > 0 ? usualUnit(candidates, rules) : undefined),
      subject: text,
      note,
    }
    await issueWorkOrder(trx, parts, { user, role: 'operator', ...everyOrder }, order, { id: key, now, rules })
  } catch (err) {
    // It refuses before it has written anything.
    if (!(err instanceof HubError)) throw err
    const { value = '', limit = '' } = err.params
    const refusal = { code: err.code, value: String(value), limit: String(limit) }
    await parts.outbox.append(trx, 'workOrderAnswered', {}, { v: 1, at: now, key, order: null, refusal })
    return false
  }
  const order = (await numberOf()) ?? null
  await parts.outbox.append(trx, 'workOrderAnswered', {}, { v: 1, at: now, key, order, refusal: null })
  return true
}

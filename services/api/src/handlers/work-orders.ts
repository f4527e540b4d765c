/** Work orders: the board, one, all as a file; issued, stepped by whoever repairs and by whoever issued. */
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HubError, type Permission } from '@hub/contracts'
import { dayOf, sideOf } from '@hub/core'
import {
  findWorkOrder,
  issueWorkOrder,
  listRepairUnits,
  listWorkOrders,
  repairRulesOf,
  stepWorkOrder,
  workOrderPages,
} from '@hub/platform'
import { workOrderHeader, workOrderRows } from '../csv/work-orders.ts'
import type { Call, Handlers, Viewer } from '../http/call.ts'
import type { Context } from './context.ts'

type WorkOrders = Pick<
  Handlers,
  'workOrders' | 'workOrder' | 'repairUnits' | 'exportWorkOrders' | 'issueWorkOrder' | 'stepWorkOrder'
>

const neededBy: Record<(typeof sideOf)[keyof typeof sideOf], readonly Permission[]> = {
  repairer: ['repair'],
  issuer: ['outages'],
  both: ['repair', 'outages'],
}

export function workOrderHandlers({ config, clock, record, notice }: Context): WorkOrders {
  const rules = repairRulesOf(config.policy)
  const requireOne = ({ role, permissions }: Viewer, needed: readonly Permission[]) => {
    if (!needed.some((permission) => permissions.includes(permission)))
      throw new HubError('permission.denied', { value: role, limit: needed[0]! })
  }

  return {
    workOrders: ({ viewer, query }) => listWorkOrders(record.db, viewer, query, clock.now(), rules),

    workOrder: ({ viewer, params: { id } }) => findWorkOrder(record.db, viewer, id, clock.now(), rules),

    repairUnits: ({ viewer, query }) => listRepairUnits(record.db, viewer, query.outage, rules),

    async exportWorkOrders(call) {
      call.res.set('Content-Type', 'text/csv; charset=utf-8')
      const name = `hengyang-work-orders-${call.query.view}-${dayOf(clock.now())}.csv`
      call.res.set('Content-Disposition', `attachment; filename="${name}"`)
      await pipeline(Readable.from(csvPages(call)), call.res)
      return undefined
    },

    async issueWorkOrder({ viewer, body }) {
      const [id, now] = [randomUUID(), clock.now()]
      const order = await record.transaction(async (trx) => {
        await issueWorkOrder(trx, viewer, body, { id, now, rules })
        return findWorkOrder(trx, viewer, id, now, rules)
      })
      notice('workOrders', id)
      if (order.outage !== null) notice('outages', order.outage)
      return order
    },

    async stepWorkOrder({ viewer, params: { id }, body }) {
      requireOne(viewer, neededBy[sideOf[body.step]])
      const now = clock.now()
      const order = await record.transaction(async (trx) => {
        await stepWorkOrder(trx, viewer, id, body, now, rules)
        return findWorkOrder(trx, viewer, id, now, rules)
      })
      notice('workOrders', id)
      if (order.outage !== null && order.closedAt !== null) notice('outages', order.outage)
      return order
    },
  }
  async function* csvPages({ viewer, query, language }: Call<'exportWorkOrders'>): AsyncGenerator<string> {
    const now = clock.now()
    yield workOrderHeader(language)
    for await (const orders of workOrderPages(record.db, viewer, query, now, rules))
      yield workOrderRows(orders, language, now)
  }
}

/** Work orders: the board, issued, stepped by whoever repairs and by whoever issued. */
import { randomUUID } from 'node:crypto'
import { HubError, type Permission } from '@hub/contracts'
import { sideOf } from '@hub/core'
import { findWorkOrder, issueWorkOrder, listWorkOrders, repairRulesOf, stepWorkOrder } from '@hub/platform'
import type { Handlers, Viewer } from '../http/call.ts'
import type { Context } from './context.ts'

type WorkOrders = Pick<Handlers, 'workOrders' | 'issueWorkOrder' | 'stepWorkOrder'>

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
    workOrders: ({ viewer, query }) => listWorkOrders(record.db, viewer.scope, query, clock.now(), rules),

    async issueWorkOrder({ viewer, body }) {
      const [id, now] = [randomUUID(), clock.now()]
      const order = await record.transaction(async (trx) => {
        await issueWorkOrder(trx, viewer, body, { id, now, rules })
        return findWorkOrder(trx, viewer.scope, id, now, rules)
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
        return findWorkOrder(trx, viewer.scope, id, now, rules)
      })
      notice('workOrders', id)
      if (order.outage !== null && order.closedAt !== null) notice('outages', order.outage)
      return order
    },
  }
}

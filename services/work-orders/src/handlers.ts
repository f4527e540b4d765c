/** Work orders: the board, one, all as a file; issued, stepped by whoever repairs and by whoever issued. */
import { randomUUID } from 'node:crypto'
import { HubError, type Permission, type WorkOrder } from '@hub/contracts'
import { dayOf, sideOf } from '@hub/core'
import { type Call, type Deps, Download, type Handlers, tablesOf, type Viewer } from '@hub/platform'
import { repairRulesOf, type WorkOrdersConfig } from './config.ts'
import { workOrderHeader, workOrderRows } from './csv.ts'
import { issueWorkOrder, issueWorkOrders } from './issue.ts'
import { findWorkOrder, listWorkOrders, workOrderPages } from './queries.ts'
import { listRepairUnits } from './repair-units.ts'
import { stepWorkOrder } from './steps.ts'
import type { WorkOrdersDb } from './tables.ts'

type WorkOrders = Pick<
  Handlers,
  | 'workOrders'
  | 'workOrder'
  | 'repairUnits'
  | 'exportWorkOrders'
  | 'issueWorkOrder'
  | 'issueWorkOrders'
  | 'stepWorkOrder'
>

const neededBy: Record<(typeof sideOf)[keyof typeof sideOf], readonly Permission[]> = {
  repairer: ['repair'],
  issuer: ['outages'],
  both: ['repair', 'outages'],
}

export function workOrderHandlers(deps: Deps<WorkOrdersConfig>): WorkOrders {
  const { config, clock, publishChange } = deps
  const record = tablesOf<WorkOrdersDb>(deps.record)
  const rules = repairRulesOf(config.policy)
  const publish = ({ id, unit, districts }: Pick<WorkOrder, 'id' | 'unit' | 'districts'>) =>
    publishChange({ what: 'work-orders', id, unit, districts })
  const requireOne = ({ role, permissions }: Viewer, needed: readonly Permission[]) => {
    if (!needed.some((permission) => permissions.includes(permission)))
      throw new HubError('permission.denied', { value: role, limit: needed[0]! })
  }

  return {
    workOrders: ({ viewer, query }) => listWorkOrders(record.db, viewer, query, clock.now(), rules),

    workOrder: ({ viewer, params: { id } }) => findWorkOrder(record.db, viewer, id, clock.now(), rules),

    repairUnits: ({ viewer, query }) => listRepairUnits(record.db, viewer, query.outage, rules),

    exportWorkOrders(call) {
      const name = `hengyang-work-orders-${call.query.view}-${dayOf(clock.now())}.csv`
      return new Download('text/csv; charset=utf-8', { full: name }, csvPages(call))
    },

    async issueWorkOrder({ viewer, body }) {
      const [id, now] = [randomUUID(), clock.now()]
      const order = await record.transaction(async (trx) => {
        await issueWorkOrder(trx, deps, viewer, body, { id, now, rules })
        return findWorkOrder(trx, viewer, id, now, rules)
      })
      publish(order)
      if (order.outage !== null) publishChange({ what: 'outages', id: order.outage, districts: order.districts })
      return order
    },

    async issueWorkOrders({ viewer, body }) {
      const [ids, now] = [body.orders.map(() => randomUUID()), clock.now()]
      const orders = await record.transaction(async (trx) => {
        await issueWorkOrders(trx, deps, viewer, body, { ids, now, rules })
        const issued: WorkOrder[] = []
        for (const id of ids) issued.push(await findWorkOrder(trx, viewer, id, now, rules))
        return issued
      })
      for (const order of orders) publish(order)
      const districts = [...new Set(orders.flatMap((order) => order.districts))]
      publishChange({ what: 'outages', id: orders[0]!.outage, districts })
      return { asOf: now, orders }
    },

    async stepWorkOrder({ viewer, params: { id }, body }) {
      requireOne(viewer, neededBy[sideOf[body.step]])
      const now = clock.now()
      const order = await record.transaction(async (trx) => {
        await stepWorkOrder(trx, deps, viewer, id, body, now, rules)
        return findWorkOrder(trx, viewer, id, now, rules)
      })
      publish(order)
      if (order.outage !== null && order.closedAt !== null)
        publishChange({ what: 'outages', id: order.outage, districts: order.districts })
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

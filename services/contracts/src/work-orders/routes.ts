/** Routes: work orders. */
import { byUuid } from '../common/params.ts'
import type { Route } from '../route.ts'
import { WorkOrderList, WorkOrderQuery } from './list.ts'
import { RepairUnits, RepairUnitsQuery, WorkOrderRequest, WorkOrdersRequest } from './request.ts'
import { WorkOrder, WorkOrderAction } from './work-order.ts'

export const workOrdersRoutes = {
  workOrders: {
    method: 'get',
    path: '/work-orders',
    summary: 'Work orders, overtime first',
    needs: 'view',
    query: WorkOrderQuery,
    response: WorkOrderList,
  },
  repairUnits: {
    method: 'get',
    path: '/repair-units',
    summary: 'Units that a work order can go to, and which it goes to by default',
    needs: 'outages',
    query: RepairUnitsQuery,
    response: RepairUnits,
  },
  issueWorkOrder: {
    method: 'post',
    path: '/work-orders',
    summary: 'Issue a work order for an outage or for devices',
    needs: 'outages',
    body: WorkOrderRequest,
    response: WorkOrder,
  },
  issueWorkOrders: {
    method: 'post',
    path: '/work-orders/batch',
    summary: 'Issue several work orders for an outage, one for each carrier: all of them or none',
    needs: 'outages',
    body: WorkOrdersRequest,
    response: WorkOrderList,
  },
  workOrder: {
    method: 'get',
    path: '/work-orders/{id}',
    summary: 'One work order with its evidence chain',
    needs: 'view',
    params: byUuid,
    response: WorkOrder,
  },
  exportWorkOrders: {
    method: 'get',
    path: '/work-orders.csv',
    summary: 'Work orders as CSV, all that match',
    needs: 'view',
    query: WorkOrderQuery,
    produces: 'text/csv',
  },
  stepWorkOrder: {
    method: 'post',
    path: '/work-orders/{id}/steps',
    summary: 'Receive, dispute, uphold, finish, verify, return, close, cancel, comment',
    needs: 'view',
    params: byUuid,
    body: WorkOrderAction,
    response: WorkOrder,
  },
} as const satisfies Record<string, Route>

/** Routes: outages, work orders, topology, and the channels they are told on. */
import { z } from 'zod'
import * as api from '../api.ts'
import * as outage from '../outage.ts'
import * as order from '../work-order.ts'
import { type Route, row } from './route.ts'

export const outagesRoutes = {
  outages: {
    method: 'get',
    path: '/outages',
    summary: 'Outages: failures that belong together, problems first',
    needs: 'view',
    query: outage.OutageQuery,
    response: outage.OutageBoard,
  },
  outage: {
    method: 'get',
    path: '/outages/{id}',
    summary: 'One outage: members, history, cause and its evidence, similar past ones',
    needs: 'view',
    params: z.strictObject({ id: z.string().max(64) }),
    response: outage.OutageDetail,
  },
  stepOutage: {
    method: 'post',
    path: '/outages/{id}/steps',
    summary: 'Acknowledge, start, resolve, close, reopen, assign, comment, silence',
    needs: 'outages',
    params: z.strictObject({ id: z.string().max(64) }),
    body: outage.OutageAction,
    response: outage.OutageRow,
  },
  workOrders: {
    method: 'get',
    path: '/work-orders',
    summary: 'Work orders, overtime first',
    needs: 'view',
    query: order.WorkOrderQuery,
    response: order.WorkOrderList,
  },
  repairUnits: {
    method: 'get',
    path: '/repair-units',
    summary: 'Units that a work order can go to, and which it goes to by default',
    needs: 'outages',
    query: order.RepairUnitsQuery,
    response: order.RepairUnits,
  },
  issueWorkOrder: {
    method: 'post',
    path: '/work-orders',
    summary: 'Issue a work order for an outage or for devices',
    needs: 'outages',
    body: order.WorkOrderRequest,
    response: order.WorkOrder,
  },
  workOrder: {
    method: 'get',
    path: '/work-orders/{id}',
    summary: 'One work order with its evidence chain',
    needs: 'view',
    params: row,
    response: order.WorkOrder,
  },
  exportWorkOrders: {
    method: 'get',
    path: '/work-orders.csv',
    summary: 'Work orders as CSV, all that match',
    needs: 'view',
    query: order.WorkOrderQuery,
    produces: 'text/csv',
  },
  stepWorkOrder: {
    method: 'post',
    path: '/work-orders/{id}/steps',
    summary: 'Receive, dispute, uphold, finish, verify, return, close, cancel, comment',
    needs: 'view',
    params: row,
    body: order.WorkOrderAction,
    response: order.WorkOrder,
  },
  exportTopology: {
    method: 'get',
    path: '/topology.csv',
    summary: 'What devices need beside what their record says, as CSV',
    needs: 'view',
    produces: 'text/csv',
  },
  importTopology: {
    method: 'post',
    path: '/topology.csv',
    summary:
      'Import what devices need; good rows enter, bad rows are named. A device named in the file loses the needs it had',
    needs: 'registry',
    consumes: 'text/csv',
    response: api.ImportResult,
  },
  channels: {
    method: 'get',
    path: '/channels',
    summary: 'Notification channels, and the last notices',
    needs: 'outages',
    response: order.ChannelReport,
  },
  testChannel: {
    method: 'post',
    path: '/channels/{id}/tests',
    summary: 'Send a test notice now',
    needs: 'outages',
    params: z.strictObject({ id: z.string().max(64) }),
    response: order.ChannelTest,
  },
} as const satisfies Record<string, Route>

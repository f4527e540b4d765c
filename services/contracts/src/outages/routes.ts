/** Routes: outages. */
import { byId } from '../common/params.ts'
import type { Route } from '../route.ts'
import { OutageAction } from './action.ts'
import { OutageBoard, OutageDetail, OutageQuery } from './board.ts'
import { OutageRow } from './outage.ts'

export const outagesRoutes = {
  outages: {
    method: 'get',
    path: '/outages',
    summary: 'Outages: failures that belong together, problems first',
    needs: 'view',
    query: OutageQuery,
    response: OutageBoard,
  },
  outage: {
    method: 'get',
    path: '/outages/{id}',
    summary: 'One outage: members, history, cause and its evidence, similar past ones',
    needs: 'view',
    params: byId,
    response: OutageDetail,
  },
  stepOutage: {
    method: 'post',
    path: '/outages/{id}/steps',
    summary: 'Acknowledge, start, resolve, close, reopen, assign, comment, silence',
    needs: 'outages',
    params: byId,
    body: OutageAction,
    response: OutageRow,
  },
} as const satisfies Record<string, Route>

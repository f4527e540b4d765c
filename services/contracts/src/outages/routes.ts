/** Routes: outages. */
import { byId } from '../common/params.ts'
import type { Route } from '../route.ts'
import { OutageAction } from './action.ts'
import { OutageBoard, OutageDetail, OutageQuery } from './board.ts'
import { CauseChoices, JudgeOutage, OutageAgreement } from './judgement.ts'
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
  judgeOutage: {
    method: 'post',
    path: '/outages/{id}/judgements',
    summary:
      'Split devices off, merge outages, name the cause, mark as no one event, confirm, undo; in effect within a second or two',
    needs: 'outages',
    params: byId,
    body: JudgeOutage,
    response: OutageDetail,
  },
  outageCauses: {
    method: 'get',
    path: '/outages/{id}/causes',
    summary: 'What its members hang on by the record: the causes that may be named',
    needs: 'outages',
    params: byId,
    response: CauseChoices,
  },
  outageAgreement: {
    method: 'get',
    path: '/outage-agreement',
    summary: 'How often people and the hub agreed on outages, by month, newest first',
    needs: 'oversee',
    response: OutageAgreement,
  },
} as const satisfies Record<string, Route>

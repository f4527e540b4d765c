/** Routes: scorecards, stated figures, exports. */
import { z } from 'zod'
import { byUuid } from '../common/params.ts'
import type { Route } from '../route.ts'
import { ExportJob, ExportList, ExportRequest } from './export.ts'
import {
  Scorecard,
  ScorecardHistory,
  ScorecardList,
  ScorecardMake,
  ScorecardQuery,
  ScorecardStep,
} from './scorecard.ts'
import { Statement, StatementQuery, StatementRow } from './statement.ts'

export const reportsRoutes = {
  scorecards: {
    method: 'get',
    path: '/scorecards',
    summary: 'Monthly scorecards (default: the last whole month)',
    needs: 'oversee',
    query: ScorecardQuery,
    response: ScorecardList,
  },
  makeScorecards: {
    method: 'post',
    path: '/scorecards',
    summary: 'Make the scorecards of a month',
    needs: 'report',
    body: ScorecardMake,
    response: ScorecardList,
  },
  stepScorecard: {
    method: 'post',
    path: '/scorecards/{id}/steps',
    summary: 'Review a draft, reopen it, or lock it',
    needs: 'report',
    params: byUuid,
    body: ScorecardStep,
    response: Scorecard,
  },
  scorecardHistory: {
    method: 'get',
    path: '/scorecards/{id}/versions',
    summary: 'All versions of a scorecard, newest first, and whether their hashes hold',
    needs: 'oversee',
    params: byUuid,
    response: ScorecardHistory,
  },
  scorecardPack: {
    method: 'get',
    path: '/scorecards/{id}/pack',
    summary: 'The pack of a locked scorecard: everything that it rests on, sealed, to be verified off line',
    needs: 'oversee',
    params: byUuid,
    produces: 'application/zip',
  },
  statements: {
    method: 'get',
    path: '/statements',
    summary: 'Figures stated from outside',
    needs: 'oversee',
    query: StatementQuery,
    response: z.array(StatementRow),
  },
  putStatement: {
    method: 'post',
    path: '/statements',
    summary: 'Enter a figure stated from outside; the same figure again replaces it',
    needs: 'report',
    body: Statement,
    response: StatementRow,
  },
  exports: {
    method: 'get',
    path: '/exports',
    summary: 'Your exports, newest first',
    needs: 'view',
    response: ExportList,
  },
  requestExport: {
    method: 'post',
    path: '/exports',
    summary: 'Ask for an export; it runs in the background',
    needs: 'view',
    body: ExportRequest,
    response: ExportJob,
  },
  cancelExport: {
    method: 'delete',
    path: '/exports/{id}',
    summary: 'Cancel an export that waits or runs, or delete its file',
    needs: 'view',
    params: byUuid,
  },
  exportFile: {
    method: 'get',
    path: '/exports/{id}/file',
    summary: 'The file of an export that is done',
    needs: 'view',
    params: byUuid,
    produces: 'application/octet-stream',
  },
} as const satisfies Record<string, Route>

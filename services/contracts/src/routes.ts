/** The route table: the API mounts handlers by it, OpenAPI is generated from it. */
import { z } from 'zod'
import * as adjustment from './adjustment.ts'
import * as api from './api.ts'
import { DeviceExplanation } from './explain.ts'
import { DeviceId } from './identity.ts'
import { Rollout } from './rollout.ts'
import * as scorecard from './scorecard.ts'
import * as uptime from './uptime.ts'

export type Route = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  summary: string
  /** `public` needs no session. */
  needs: api.Permission | 'public' | 'session'
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** JSON unless `produces` says otherwise; absent: 204. */
  response?: z.ZodType
  consumes?: string
  produces?: string
}

const device = z.strictObject({ id: DeviceId })
const row = z.strictObject({ id: z.uuid() })

export const routes = {
  login: {
    method: 'post',
    path: '/session',
    summary: 'Log in: sets the session cookie',
    needs: 'public',
    body: api.Login,
    response: api.Session,
  },
  whoami: {
    method: 'get',
    path: '/session',
    summary: 'The session of the cookie',
    needs: 'session',
    response: api.Session,
  },
  logout: {
    method: 'delete',
    path: '/session',
    summary: 'Log out: ends the session and its streams',
    needs: 'session',
  },
  overview: {
    method: 'get',
    path: '/overview',
    summary: 'Online rate of the city, its districts, applications and carriers',
    needs: 'view',
    query: api.OverviewQuery,
    response: api.Overview,
  },
  districts: {
    method: 'get',
    path: '/districts',
    summary: 'Districts with their snapshot',
    needs: 'view',
    response: z.array(api.DistrictRow),
  },
  devices: {
    method: 'get',
    path: '/devices',
    summary: 'Devices, filtered',
    needs: 'view',
    query: api.DeviceQuery,
    response: api.DevicePage,
  },
  device: {
    method: 'get',
    path: '/devices/{id}',
    summary: 'One device, explained',
    needs: 'view',
    params: device,
    response: api.DeviceDetail,
  },
  intervals: {
    method: 'get',
    path: '/devices/{id}/intervals',
    summary: 'States of a device over a period (default: the last 24 h)',
    needs: 'view',
    params: device,
    query: api.Period,
    response: api.DeviceIntervals,
  },
  events: {
    method: 'get',
    path: '/devices/{id}/events',
    summary: 'What happened to a device beside its state: another firmware, motion, tampering',
    needs: 'view',
    params: device,
    query: api.EventsQuery,
    response: api.DeviceEvents,
  },
  explain: {
    method: 'get',
    path: '/devices/{id}/explain',
    summary: 'A camera as its gateway sees it: last exchanges, policy in force, login, next look; no secret is in it',
    needs: 'view',
    params: device,
    response: DeviceExplanation,
  },
  stage: {
    method: 'patch',
    path: '/devices/{id}/stage',
    summary: 'Move a device along its life cycle',
    needs: 'registry',
    params: device,
    body: api.StageChange,
    response: api.DeviceRow,
  },
  command: {
    method: 'post',
    path: '/devices/{id}/commands',
    summary: 'Ask the gateway to do something with a device',
    needs: 'command',
    params: device,
    body: api.CommandRequest,
    response: api.CommandResult,
  },
  exportDevices: {
    method: 'get',
    path: '/registry.csv',
    summary: 'The camera record as CSV',
    needs: 'view',
    produces: 'text/csv',
  },
  importDevices: {
    method: 'post',
    path: '/registry.csv',
    summary: 'Import the camera record; good rows enter, bad rows are named',
    needs: 'registry',
    consumes: 'text/csv',
    response: api.ImportResult,
  },
  sensorCredentials: {
    method: 'post',
    path: '/sensor-credentials',
    summary: 'Issue a new password to each sensor, shown once',
    needs: 'registry',
    body: api.SensorCredentials,
    response: api.SensorSecrets,
  },
  discovered: {
    method: 'get',
    path: '/discovered',
    summary: 'What discovery found, with why it is quarantined',
    needs: 'view',
    response: z.array(api.DiscoveredRow),
  },
  approve: {
    method: 'post',
    path: '/discovered/approvals',
    summary: 'Approve discovered devices',
    needs: 'registry',
    body: api.Approval,
    response: api.ApprovalResult,
  },
  reject: {
    method: 'post',
    path: '/discovered/rejections',
    summary: 'Put discovered devices aside, with the reason',
    needs: 'registry',
    body: api.Rejection,
    response: api.RejectionResult,
  },
  rollout: {
    method: 'get',
    path: '/rollout',
    summary: 'The planned cameras against what was found',
    needs: 'view',
    query: api.RolloutQuery,
    response: Rollout,
  },
  exportRollout: {
    method: 'get',
    path: '/rollout.csv',
    summary: 'One list of the rollout as CSV',
    needs: 'view',
    query: api.RolloutFilters,
    produces: 'text/csv',
  },
  discover: {
    method: 'post',
    path: '/gateways/{id}/discoveries',
    summary: 'Ask a gateway to discover now',
    needs: 'command',
    params: device,
    response: api.CommandResult,
  },
  gateways: {
    method: 'get',
    path: '/gateways',
    summary: 'Gateways and their health',
    needs: 'view',
    response: z.array(api.GatewayRow),
  },
  uptime: {
    method: 'get',
    path: '/uptime',
    summary: 'Online rate and the four kinds of time over any period, by any attribute',
    needs: 'view',
    query: uptime.UptimeQuery,
    response: uptime.UptimeReport,
  },
  uptimeSeries: {
    method: 'get',
    path: '/uptime/series',
    summary: 'Online rate over time: trend and calendar',
    needs: 'view',
    query: uptime.UptimeSeriesQuery,
    response: uptime.UptimeSeries,
  },
  kpis: {
    method: 'get',
    path: '/kpis',
    summary: 'The figures the city reports, each with numerator, denominator, exclusions and policy',
    needs: 'view',
    query: uptime.KpiQuery,
    response: uptime.KpiReport,
  },
  platforms: {
    method: 'get',
    path: '/platforms',
    summary: 'Platforms and how often they were normal (default: the last 24 h)',
    needs: 'view',
    query: api.Period,
    response: uptime.PlatformReport,
  },
  telemetry: {
    method: 'get',
    path: '/devices/{id}/telemetry',
    summary: 'Latest values of a sensor and their history (default: the last 24 h)',
    needs: 'view',
    params: device,
    query: uptime.TelemetryQuery,
    response: uptime.TelemetryAnswer,
  },
  observations: {
    method: 'get',
    path: '/devices/{id}/observations',
    summary: 'The observations under a period of a device',
    needs: 'view',
    params: device,
    query: uptime.ObservationsQuery,
    response: uptime.DeviceObservations,
  },
  adjustments: {
    method: 'get',
    path: '/adjustments',
    summary: 'Exemptions and corrections, newest first',
    needs: 'view',
    query: z.strictObject({
      status: adjustment.AdjustmentStatus.optional(),
      kind: adjustment.AdjustmentKind.optional(),
    }),
    response: z.array(adjustment.Adjustment),
  },
  requestAdjustment: {
    method: 'post',
    path: '/adjustments',
    summary: 'Apply for an exemption or a correction',
    needs: 'registry',
    body: adjustment.AdjustmentRequest,
    response: adjustment.Adjustment,
  },
  previewAdjustment: {
    method: 'post',
    path: '/adjustments/preview',
    summary: 'What an exemption or correction would do to the figures',
    needs: 'registry',
    body: adjustment.AdjustmentRequest,
    response: adjustment.AdjustmentEffect,
  },
  adjustmentEffect: {
    method: 'get',
    path: '/adjustments/{id}/effect',
    summary: 'Before and after of an exemption or correction',
    needs: 'view',
    params: row,
    response: adjustment.AdjustmentEffect,
  },
  decideAdjustment: {
    method: 'post',
    path: '/adjustments/{id}/decision',
    summary: 'Approve, reject or withdraw',
    needs: 'registry',
    params: row,
    body: adjustment.AdjustmentDecision,
    response: adjustment.Adjustment,
  },
  progress: {
    method: 'get',
    path: '/progress',
    summary: 'Progress of the rollout against the dates of the plan',
    needs: 'view',
    query: scorecard.ProgressQuery,
    response: scorecard.Progress,
  },
  scorecards: {
    method: 'get',
    path: '/scorecards',
    summary: 'Monthly scorecards (default: the last whole month)',
    needs: 'view',
    query: scorecard.ScorecardQuery,
    response: scorecard.ScorecardList,
  },
  makeScorecards: {
    method: 'post',
    path: '/scorecards',
    summary: 'Make the scorecards of a month',
    needs: 'report',
    body: scorecard.ScorecardMake,
    response: scorecard.ScorecardList,
  },
  stepScorecard: {
    method: 'post',
    path: '/scorecards/{id}/steps',
    summary: 'Review a draft, reopen it, or lock it',
    needs: 'report',
    params: row,
    body: scorecard.ScorecardStep,
    response: scorecard.Scorecard,
  },
  scorecardHistory: {
    method: 'get',
    path: '/scorecards/{id}/versions',
    summary: 'All versions of a scorecard, newest first, and whether their hashes hold',
    needs: 'view',
    params: row,
    response: scorecard.ScorecardHistory,
  },
  statements: {
    method: 'get',
    path: '/statements',
    summary: 'Figures stated from outside',
    needs: 'view',
    query: scorecard.StatementQuery,
    response: z.array(scorecard.StatementRow),
  },
  putStatement: {
    method: 'post',
    path: '/statements',
    summary: 'Enter a figure stated from outside; the same figure again replaces it',
    needs: 'report',
    body: scorecard.Statement,
    response: scorecard.StatementRow,
  },
  exports: {
    method: 'get',
    path: '/exports',
    summary: 'Your exports, newest first',
    needs: 'view',
    response: scorecard.ExportList,
  },
  requestExport: {
    method: 'post',
    path: '/exports',
    summary: 'Ask for an export; it runs in the background',
    needs: 'view',
    body: scorecard.ExportRequest,
    response: scorecard.ExportJob,
  },
  cancelExport: {
    method: 'delete',
    path: '/exports/{id}',
    summary: 'Cancel an export that waits or runs, or delete its file',
    needs: 'view',
    params: row,
  },
  exportFile: {
    method: 'get',
    path: '/exports/{id}/file',
    summary: 'The file of an export that is done',
    needs: 'view',
    params: row,
    produces: 'application/octet-stream',
  },
  audit: {
    method: 'get',
    path: '/audit',
    summary: 'Who did what to which subject, newest first, and whether the log is whole',
    needs: 'audit',
    query: api.AuditQuery,
    response: api.AuditPage,
  },
  stream: {
    method: 'get',
    path: '/stream',
    summary: 'Live states: snapshot, deltas, transitions (server-sent events)',
    needs: 'view',
    produces: 'text/event-stream',
  },
  createUser: { method: 'post', path: '/users', summary: 'Create a user', needs: 'users', body: api.NewUser },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes
export const apiBase = '/api/v1'

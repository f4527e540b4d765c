/** The route table: the API mounts handlers by it, OpenAPI is generated from it. */
import { z } from 'zod'
import * as api from './api.ts'
import { DeviceExplanation } from './explain.ts'
import { DeviceId } from './identity.ts'
import { Rollout } from './rollout.ts'

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

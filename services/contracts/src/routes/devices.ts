/** Routes: the registry, what a device is and did, and what it is told. */
import { z } from 'zod'
import * as api from '../api.ts'
import { DeviceExplanation } from '../explain.ts'
import { DeviceId } from '../identity.ts'
import * as uptime from '../uptime.ts'
import type { Route } from './route.ts'

const device = z.strictObject({ id: DeviceId })

export const devicesRoutes = {
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
  stream: {
    method: 'get',
    path: '/stream',
    summary: 'Live states: snapshot, deltas, transitions (server-sent events)',
    needs: 'view',
    produces: 'text/event-stream',
  },
} as const satisfies Record<string, Route>

/** Routes: what a device said. */
import { byCode } from '../common/params.ts'
import type { Route } from '../route.ts'
import { DeadLetters, DeadLettersQuery } from './dead-letters.ts'
import { DeviceEvents, EventsQuery } from './device-events.ts'
import { DeviceObservations, ObservationsQuery } from './device-observations.ts'
import { TelemetryAnswer, TelemetryQuery } from './device-telemetry.ts'
import { DataLag } from './lag.ts'

export const ingestRoutes = {
  observations: {
    method: 'get',
    path: '/devices/{id}/observations',
    summary: 'The observations under a period of a device',
    needs: 'view',
    params: byCode,
    query: ObservationsQuery,
    response: DeviceObservations,
  },
  telemetry: {
    method: 'get',
    path: '/devices/{id}/telemetry',
    summary: 'Latest values of a sensor and their history (default: the last 24 h)',
    needs: 'view',
    params: byCode,
    query: TelemetryQuery,
    response: TelemetryAnswer,
  },
  events: {
    method: 'get',
    path: '/devices/{id}/events',
    summary: 'What happened to a device beside its state: another firmware, motion, tampering',
    needs: 'view',
    params: byCode,
    query: EventsQuery,
    response: DeviceEvents,
  },
  deadLetters: {
    method: 'get',
    path: '/dead-letters',
    summary: 'What was refused and kept: messages of gateways, of sensors, and points that the history will not have',
    needs: 'registry',
    query: DeadLettersQuery,
    response: DeadLetters,
  },
  dataLag: {
    method: 'get',
    path: '/data-lag',
    summary: 'How far the hub itself is behind with its data, since when and why',
    needs: 'view',
    response: DataLag,
  },
} as const satisfies Record<string, Route>

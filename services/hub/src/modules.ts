/** The table of modules: the architecture of the centre in one screen. Started in this order, stopped in reverse. */
import { accessModule } from '@hub/access'
import { createApiModule } from '@hub/api'
import { emergencyModule } from '@hub/emergency'
import { gatewaysModule } from '@hub/gateways'
import { ingestModule } from '@hub/ingest'
import { monitoredModule } from '@hub/monitored'
import { notifyModule } from '@hub/notify'
import { outagesModule } from '@hub/outages'
import { overviewModule } from '@hub/overview'
import type { Module } from '@hub/platform'
import { registryModule } from '@hub/registry'
import { reportsModule } from '@hub/reports'
import { uptimeModule } from '@hub/uptime'
import { workOrdersModule } from '@hub/work-orders'

const table = [
  accessModule, //     users, roles, sessions, the audit
  registryModule, //   the camera record, topology, life cycle, progress of the rollout
  gatewaysModule, //   status, inventory and identities in; approvals, assignments, commands out
  ingestModule, //     batches of observations → commit → acknowledge → state → transitions
  uptimeModule, //     rollups and their queries, exemptions and corrections, KPIs
  monitoredModule, //  are the hub's parts, its gateways and the configured sites normal?
  outagesModule, //    transitions → outages with a cause, an owner and an end
  workOrdersModule, // who repairs it, against the clock
  notifyModule, //     who is notified, when, and by which channel
  reportsModule, //    scorecards, statements, exports
  overviewModule, //   the live model of the city
  emergencyModule, // incidents, linkage rules and their runs, plans, what is near a place
] as const

type ConfigOf<M> = M extends Module<infer C> ? C : never
type All<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never
/** What all rooms together read of the configuration. */
export type HubConfig = All<ConfigOf<(typeof table)[number]>>

export const rooms: readonly Module<HubConfig>[] = table

/** The rooms, and the API that mounts the routes of all of them. */
export const modules: readonly Module<HubConfig>[] = [...rooms, createApiModule(rooms)]

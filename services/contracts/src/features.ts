/**
 * The features, each a folder. One more is a line in each of the lists: what it exports, its routes, and its messages where there are some.
 * The door, the route table and the topic table follow from here.
 */
import { accessRoutes } from './access/routes.ts'
import { commonMessages } from './common/messages.ts'
import { emergencyMessages } from './emergency/messages.ts'
import { emergencyRoutes } from './emergency/routes.ts'
import { gatewaysMessages } from './gateways/messages.ts'
import { gatewaysRoutes } from './gateways/routes.ts'
import { ingestMessages } from './ingest/messages.ts'
import { ingestRoutes } from './ingest/routes.ts'
import { monitoredRoutes } from './monitored/routes.ts'
import { notifyMessages } from './notify/messages.ts'
import { notifyRoutes } from './notify/routes.ts'
import { outagesMessages } from './outages/messages.ts'
import { outagesRoutes } from './outages/routes.ts'
import { overviewRoutes } from './overview/routes.ts'
import { registryMessages } from './registry/messages.ts'
import { registryRoutes } from './registry/routes.ts'
import { reportsRoutes } from './reports/routes.ts'
import { streamRoutes } from './stream/routes.ts'
import { uptimeMessages } from './uptime/messages.ts'
import { uptimeRoutes } from './uptime/routes.ts'
import { workOrdersMessages } from './work-orders/messages.ts'
import { workOrdersRoutes } from './work-orders/routes.ts'

export * from './access/index.ts'
export * from './common/index.ts'
export * from './emergency/index.ts'
export * from './errors/index.ts'
export * from './gateways/index.ts'
export * from './ingest/index.ts'
export * from './monitored/index.ts'
export * from './notify/index.ts'
export * from './outages/index.ts'
export * from './overview/index.ts'
export * from './registry/index.ts'
export * from './reports/index.ts'
export * from './stream/index.ts'
export * from './uptime/index.ts'
export * from './work-orders/index.ts'

export const routes = {
  ...accessRoutes,
  ...overviewRoutes,
  ...registryRoutes,
  ...gatewaysRoutes,
  ...ingestRoutes,
  ...uptimeRoutes,
  ...monitoredRoutes,
  ...outagesRoutes,
  ...workOrdersRoutes,
  ...notifyRoutes,
  ...reportsRoutes,
  ...emergencyRoutes,
  ...streamRoutes,
}

export const messageTable = {
  ...ingestMessages,
  ...gatewaysMessages,
  ...registryMessages,
  ...uptimeMessages,
  ...outagesMessages,
  ...workOrdersMessages,
  ...notifyMessages,
  ...emergencyMessages,
  ...commonMessages,
}

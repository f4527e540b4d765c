/** The route table: the API mounts handlers by it, OpenAPI is generated from it. */
import { accessRoutes } from './routes/access.ts'
import { devicesRoutes } from './routes/devices.ts'
import { discoveryRoutes } from './routes/discovery.ts'
import { outagesRoutes } from './routes/outages.ts'
import { reportsRoutes } from './routes/reports.ts'

export type { Route } from './routes/route.ts'

export const routes = {
  ...accessRoutes,
  ...devicesRoutes,
  ...discoveryRoutes,
  ...reportsRoutes,
  ...outagesRoutes,
}

export type RouteName = keyof typeof routes
export const apiBase = '/api/v1'

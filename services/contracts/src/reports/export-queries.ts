/** What may be asked of each report that is exported: the query of its own route. */
import type { z } from 'zod'
import { registryRoutes } from '../registry/routes.ts'
import { uptimeRoutes } from '../uptime/routes.ts'
import type { exportReports } from './export.ts'
import { reportsRoutes } from './routes.ts'

/** Intervals are chosen as the uptime report chooses its time and devices; its groups say nothing there. */
export const exportQueries = {
  uptime: uptimeRoutes.uptime.query,
  intervals: uptimeRoutes.uptime.query,
  kpis: uptimeRoutes.kpis.query,
  scorecards: reportsRoutes.scorecards.query,
  adjustments: uptimeRoutes.adjustments.query,
  progress: registryRoutes.progress.query,
} as const satisfies Record<(typeof exportReports)[number], z.ZodType>

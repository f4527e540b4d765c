/** What may be asked of each report that is exported: the query of its own route. */
import type { z } from 'zod'
import { routes } from './routes.ts'
import type { exportReports } from './scorecard.ts'

/** Intervals are chosen as the uptime report chooses its time and devices; its groups say nothing there. */
export const exportQueries = {
  uptime: routes.uptime.query,
  intervals: routes.uptime.query,
  kpis: routes.kpis.query,
  scorecards: routes.scorecards.query,
  adjustments: routes.adjustments.query,
  progress: routes.progress.query,
} as const satisfies Record<(typeof exportReports)[number], z.ZodType>

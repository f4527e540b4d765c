/** Routes: systems that are watched. */
import { Period } from '../common/period.ts'
import type { Route } from '../route.ts'
import { PlatformReport } from './systems.ts'

export const monitoredRoutes = {
  platforms: {
    method: 'get',
    path: '/platforms',
    summary: 'Platforms and how often they were normal (default: the last 24 h)',
    needs: 'oversee',
    query: Period,
    response: PlatformReport,
  },
} as const satisfies Record<string, Route>

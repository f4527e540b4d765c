/** Routes: the city at a glance. */
import { z } from 'zod'
import type { Route } from '../route.ts'
import { Commissioning } from './commissioning.ts'
import { DistrictRow, Overview, OverviewQuery } from './overview.ts'

export const overviewRoutes = {
  overview: {
    method: 'get',
    path: '/overview',
    summary: 'Online rate of the city, its districts, applications and carriers',
    needs: 'view',
    query: OverviewQuery,
    response: Overview,
  },
  districts: {
    method: 'get',
    path: '/districts',
    summary: 'Districts with their snapshot',
    needs: 'view',
    response: z.array(DistrictRow),
  },
  commissioning: {
    method: 'get',
    path: '/commissioning',
    summary: 'How many devices have come how far from the record to online',
    needs: 'oversee',
    response: Commissioning,
  },
} as const satisfies Record<string, Route>

/** Routes: the live stream. */
import type { Route } from '../route.ts'

export const streamRoutes = {
  stream: {
    method: 'get',
    path: '/stream',
    summary: 'Live states: snapshot, deltas, transitions (server-sent events)',
    needs: 'view',
    produces: 'text/event-stream',
  },
} as const satisfies Record<string, Route>

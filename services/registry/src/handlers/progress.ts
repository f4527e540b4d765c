/** Progress of the rollout against the dates of the plan. */

import type { Deps, Handlers } from '@hub/platform'
import { registryQueries } from '../read-thread.ts'

export function progressHandlers({ clock, record }: Deps): Pick<Handlers, 'progress'> {
  const queries = registryQueries(record)
  return {
    progress: ({ viewer: { scope }, query }) => queries.ask('progress', { scope, query, now: clock.now() }),
  }
}

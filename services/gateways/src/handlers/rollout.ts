/** The planned rollout against what was found. */

import { dayOf } from '@hub/core'
import { type Deps, Download, type Handlers } from '@hub/platform'
import { gatewaysQueries } from '../read-thread.ts'

export function rolloutHandlers({ clock, record }: Deps): Pick<Handlers, 'rollout' | 'exportRollout'> {
  const queries = gatewaysQueries(record)
  return {
    rollout: ({ viewer: { scope }, query }) => queries.ask('rollout', { scope, query, now: clock.now() }),

    async exportRollout({ viewer: { scope }, query }) {
      const file = await queries.ask('rolloutFile', { scope, query, now: clock.now() })
      const name = `hengyang-rollout-${query.list}-${dayOf(clock.now())}.csv`
      return new Download('text/csv; charset=utf-8', { full: name }, file)
    },
  }
}

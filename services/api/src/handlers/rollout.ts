/** The planned rollout against what was found. */
import { dayOf } from '@hub/core'
import { rolloutCsv } from '../csv/rollout.ts'
import type { Handlers } from '../http/call.ts'
import { createCache } from '../live/cache.ts'
import { type RolloutSource, rolloutOf } from '../rollout.ts'
import { readRollout } from '../store/rollout.ts'
import type { Context } from './context.ts'

/** Reading and matching 20,000 cameras takes a good part of a second: askers within this time share one reading. */
const keptMs = 10_000

export function rolloutHandlers({ clock, record }: Context): Pick<Handlers, 'rollout' | 'exportRollout'> {
  const cache = createCache<RolloutSource>(clock, keptMs)
  const source = () => cache.get('city', () => readRollout(record.db, clock.now()))
  return {
    async rollout({ viewer, query }) {
      const { rows, ...rest } = rolloutOf(await source(), viewer.scope, query)
      return { ...rest, total: rows.length, rows: rows.slice(query.offset, query.offset + query.limit) }
    },

    async exportRollout({ viewer, query, res }) {
      const { rows } = rolloutOf(await source(), viewer.scope, query)
      res.set('Content-Type', 'text/csv; charset=utf-8')
      const name = `hengyang-rollout-${query.list}-${dayOf(clock.now())}.csv`
      res.set('Content-Disposition', `attachment; filename="${name}"`)
      res.send(rolloutCsv(rows))
      return undefined
    },
  }
}

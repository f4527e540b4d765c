/** The planned rollout against what was found. */
import { dayOf } from '@hub/core'
import type { Handlers } from '../http/call.ts'
import { registryReader } from '../reading/reader.ts'
import type { Context } from './context.ts'

export function rolloutHandlers({ clock, record }: Context): Pick<Handlers, 'rollout' | 'exportRollout'> {
  const reader = registryReader(record)
  return {
    rollout: ({ viewer: { scope }, query }) => reader.ask('rollout', { scope, query, now: clock.now() }),

    async exportRollout({ viewer: { scope }, query, res }) {
      const file = await reader.ask('rolloutFile', { scope, query, now: clock.now() })
      res.set('Content-Type', 'text/csv; charset=utf-8')
      const name = `hengyang-rollout-${query.list}-${dayOf(clock.now())}.csv`
      res.set('Content-Disposition', `attachment; filename="${name}"`)
      res.send(Buffer.from(file))
      return undefined
    },
  }
}

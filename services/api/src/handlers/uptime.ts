/** Online rate over any period, by any attribute; and over time. */
import type { UptimeReport, UptimeRow, UptimeSeries } from '@hub/contracts'
import { uptimeRules } from '@hub/core'
import type { Handlers, Language } from '../http/call.ts'
import type { Context } from './context.ts'

const nothing: UptimeRow = { key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null }

export function uptimeHandlers({ config, clock, uptime }: Context): Pick<Handlers, 'uptime' | 'uptimeSeries'> {
  const { target, provenance } = config.policy
  const policy = (language: Language) => ({ target, provenance, rules: uptimeRules.map((rule) => rule[language]) })
  return {
    async uptime({ viewer, query, language }): Promise<UptimeReport> {
      const now = clock.now()
      const { by, from, to: asked, ...filter } = query
      const to = Math.max(from, Math.min(asked, now))
      const selection = { scope: viewer.scope, filter, from, to, now }
      const rows = await uptime.by({ ...selection, by })
      const [total] = by.length === 0 ? rows : await uptime.by({ ...selection, by: [] })
      return { asOf: now, from, to, policy: policy(language), total: total ?? nothing, rows }
    },

    async uptimeSeries({ viewer, query, language }): Promise<UptimeSeries> {
      const now = clock.now()
      const { from, to: asked, step, ...filter } = query
      const to = Math.max(from, Math.min(asked, now))
      const points = step === 'hour' ? [] : await uptime.series({ scope: viewer.scope, filter, from, to, now, step })
      return { asOf: now, step, policy: policy(language), points }
    },
  }
}

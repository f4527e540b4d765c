/** Online rate over any period, by any attribute; and over time. */
import type { UptimeReport, UptimeRow, UptimeSeries } from '@hub/contracts'
import { uptimeRules } from '@hub/core'
import { hoursOf } from '../hours.ts'
import type { Handlers, Language } from '../http/call.ts'
import { untilGone } from '../http/gone.ts'
import type { Context } from './context.ts'

const nothing: UptimeRow = { key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null }

export function uptimeHandlers(context: Context): Pick<Handlers, 'uptime' | 'uptimeSeries'> {
  const { config, clock, uptime } = context
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

    async uptimeSeries({ viewer, query, language, res }): Promise<UptimeSeries> {
      const now = clock.now()
      const { from, to: asked, step, ...filter } = query
      const to = Math.max(from, Math.min(asked, now))
      const { scope } = viewer
      const points =
        step === 'hour'
          ? await hoursOf({ scope, filter, period: { from, to }, signal: untilGone(res) }, context)
          : await uptime.series({ scope, filter, from, to, now, step })
      return { asOf: now, step, policy: policy(language), points }
    },
  }
}

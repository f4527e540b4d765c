/** Online rate over any period, by any attribute; and over time. */

import {
  HubError,
  limitText,
  type UptimeChanges,
  type UptimeReport,
  type UptimeRow,
  type UptimeSeries,
} from '@hub/contracts'
import { seenAmong, uptimePolicy, withRateText } from '@hub/core'
import type { Deps, Handlers, UptimeSelection, Viewer } from '@hub/platform'
import { judgingVersions } from '../judging.ts'
import * as queries from '../queries.ts'

/** Devices of one answer. */
const mostDevices = 500

/** Nothing is known yet at an instant to come. @throws HubError `request.invalid` */
export function requireKnown(asOf: number | undefined, now: number): void {
  if (asOf !== undefined && asOf > now)
    throw new HubError('request.invalid', { field: 'asOf', value: asOf, limit: limitText('not-after-now', { now }) })
}

const nothing: UptimeRow = { key: {}, devices: 0, up: 0, down: 0, unknown: 0, exempt: 0, rate: null }

/** Narrowed to the devices that the viewer sees. */
function seenFilter({ devices }: Viewer, filter: UptimeSelection['filter']): UptimeSelection['filter'] {
  const device = seenAmong(devices, filter.device)
  return device ? { ...filter, device } : filter
}

export function uptimeHandlers(context: Deps): Pick<Handlers, 'uptime' | 'uptimeSeries' | 'uptimeChanges' | 'judging'> {
  const { clock, record, uptime } = context
  const long = record.reader(new URL('../queries.ts', import.meta.url), queries)
  return {
    async uptime({ viewer, query, language }): Promise<UptimeReport> {
      const now = clock.now()
      const { by, from, to: asked, asOf, ...filter } = query
      requireKnown(asOf, now)
      const to = Math.max(from, Math.min(asked, now, asOf ?? now))
      const selection = { scope: viewer.scope, filter: seenFilter(viewer, filter), from, to, now, asOf }
      const rows = await uptime.by({ ...selection, by })
      const [total] = by.length === 0 ? rows : await uptime.by({ ...selection, by: [] })
      const policy = uptimePolicy(await uptime.judging({ from, to }), language)
      return {
        asOf: asOf ?? now,
        from,
        to,
        policy,
        total: withRateText(total ?? nothing),
        rows: rows.map(withRateText),
      }
    },

    async uptimeSeries({ viewer, query, language }): Promise<UptimeSeries> {
      const now = clock.now()
      const { from, to: asked, step, asOf, ...filter } = query
      requireKnown(asOf, now)
      const to = Math.max(from, Math.min(asked, now, asOf ?? now))
      const selection = { scope: viewer.scope, filter: seenFilter(viewer, filter), from, to, now, asOf }
      const series =
        step === 'hour'
          ? await uptime.hours(selection)
          : { keptFrom: null, points: await uptime.series({ ...selection, step }) }
      return {
        asOf: asOf ?? now,
        step,
        policy: uptimePolicy(await uptime.judging({ from, to }), language),
        keptFrom: series.keptFrom,
        points: series.points.map(withRateText),
      }
    },

    async uptimeChanges({ viewer, query }): Promise<UptimeChanges> {
      const now = clock.now()
      const { from, to: asked, asOf, ...filter } = query
      requireKnown(asOf, now)
      const to = Math.max(from, Math.min(asked, asOf))
      const selection = {
        scope: viewer.scope,
        filter: seenFilter(viewer, filter),
        from,
        to,
        now,
        asOf,
        most: mostDevices,
      }
      return { asOf, now, from, to, ...(await long.ask('changes', selection)) }
    },

    judging: async () => ({ asOf: clock.now(), versions: await judgingVersions(context) }),
  }
}

/** What a sensor measures: the latest value and its history. */

import { type GatewaysViews, type Measure, measureNames, measures, type RegistryViews } from '@hub/contracts'
import { periodOf, requireSeen } from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { findDevice } from '../device.ts'

/** How far back a latest value is looked for. */
const latestWithinMs = 31 * 86_400_000

export function telemetryHandlers({ clock, record, history }: Deps): Pick<Handlers, 'telemetry'> {
  const { db } = tablesOf<RegistryViews & GatewaysViews>(record)
  async function read(device: string, measure: Measure, period: { from: number; to: number }, limit: number) {
    const asOf = clock.now()
    const points = await history.telemetry({ device, measure, ...period, limit })
    const [latest] = await history.telemetry({ device, measure, from: asOf - latestWithinMs, to: asOf + 1, limit: 1 })
    return { points, latest }
  }
  return {
    async telemetry({ viewer, params, query }) {
      requireSeen(viewer.devices, params.id)
      await findDevice(db, viewer.scope, params.id)
      const asOf = clock.now()
      const period = periodOf(query, asOf)
      const names = query.measure ? [query.measure] : measureNames
      const read1 = async (measure: Measure) => {
        const { points, latest } = await read(params.id, measure, period, query.limit)
        const { unit, min, max } = measures[measure]
        return {
          measure,
          unit,
          min,
          max,
          latest: latest ? { at: latest.at, value: latest.value } : null,
          points: points.map(({ at, value }): [number, number] => [at, value]),
        }
      }
      const all = await Promise.all(names.map(read1))
      const known = all.filter(
        ({ measure, latest, points }) => measure === query.measure || latest || points.length > 0,
      )
      return { device: params.id, asOf, ...period, measures: known }
    },
  }
}

/** The online rate of now by district, for Prometheus. */
import { districts, type Snapshot } from '@hub/contracts'
import type { Metrics } from '@hub/platform'
import type { LiveModel } from './model.ts'
import { due, snapshotOf } from './ranking.ts'

const states = ['up', 'degraded', 'down', 'unknown', 'exempt'] as const satisfies readonly (keyof Snapshot)[]

/** Call it now and then. Of a district of which nothing is known there is no rate: a gap, not 0. */
export function createRateGauges(metrics: Metrics, model: Pick<LiveModel, 'devices'>): () => void {
  const rates = metrics.gauge('hub_online_ratio', 'Online rate at this instant: (up + degraded) / (due - exempt)', [
    'district',
  ])
  const counts = metrics.gauge('hub_due_devices', 'Devices in service by state; exempt ones are in no other state', [
    'district',
    'state',
  ])
  return () => {
    const members = Map.groupBy(due(model.devices({ scope: 'city', units: 'all' })), ({ district }) => district)
    for (const { code: district } of districts) {
      const now = snapshotOf(members.get(district) ?? [])
      if (now.rate === null) rates.remove({ district })
      else rates.set({ district }, now.rate)
      for (const state of states) counts.set({ district, state }, now[state])
    }
  }
}

/** Uptime: time spent up, down, unknown and exempt, exact; what exempts and corrects it; the figures that the city reports. */

import { type Module, periodic } from '@hub/platform'
import { consumeProposals, proposals } from './adjustments/proposals.ts'
import { pendingBuckets } from './buckets/pending.ts'
import { writeBuckets } from './buckets/writer.ts'
import { type UptimeConfig, uptimeConfig } from './config.ts'
import { accountDevices } from './device-time.ts'
import { adjustmentHandlers } from './handlers/adjustments.ts'
import { intervalHandlers } from './handlers/intervals.ts'
import { kpiHandlers } from './handlers/kpis.ts'
import { uptimeHandlers } from './handlers/uptime.ts'
import { noteRules } from './judging.ts'
import { uptimeMigrations } from './migrations/index.ts'
import { uptimeMetrics } from './rollup/metrics.ts'
import { Rollup } from './rollup/rollup.ts'
import { uptimeViews } from './views.ts'

const rollupMs = 2_000
const bucketsMs = 10_000

export const uptimeModule: Module<UptimeConfig> = {
  name: 'uptime',
  migrations: uptimeMigrations,
  views: uptimeViews,
  config: uptimeConfig,
  prepare: noteRules,
  consumes: [proposals],
  routes: (deps) => ({
    handlers: { ...uptimeHandlers(deps), ...intervalHandlers(deps), ...kpiHandlers(deps), ...adjustmentHandlers(deps) },
  }),
  create(deps) {
    const { config, clock, exemptions, history, log, metrics: registry, record } = deps
    const metrics = uptimeMetrics(registry)
    const rollup = new Rollup({ record, clock, metrics })
    const pending = pendingBuckets(record.sqlite)
    const accounts = accountDevices(record.sqlite, exemptions)
    const stops: (() => Promise<void>)[] = []
    return {
      async start() {
        await record.commit(() => pending.adoptFormer())
        stops.push(
          await consumeProposals(deps),
          periodic(clock, log, rollupMs, 'rollup', () => rollup.run()),
          periodic(clock, log, bucketsMs, 'buckets', async () => {
            metrics.pendingBuckets.set(pending.size())
            await writeBuckets({ record, accounts, history, pending, exemptions, clock, keep: config.history.keep })
          }),
        )
      },
      async stop() {
        rollup.stop()
        for (const stop of stops) await stop()
      },
    }
  },
}

/** Emergency linkage: from the alarm to the archived review. */
import type { Module } from '@hub/platform'
import { type EmergencyConfig, emergencyConfig } from './config.ts'
import { emergencyRoutes } from './handlers.ts'
import { startWarnings } from './incidents/warnings.ts'
import { answers, consumeAnswers } from './incidents/work-orders.ts'
import { followOutbox, linkageConsumer } from './linkage/follower.ts'
import { Runner } from './linkage/runner.ts'
import { emergencyMigrations } from './migrations/index.ts'
import { emergencyViews } from './views.ts'

export const emergencyModule: Module<EmergencyConfig> = {
  name: 'emergency',
  migrations: emergencyMigrations,
  views: emergencyViews,
  config: emergencyConfig,
  consumes: [answers, linkageConsumer],
  routes: emergencyRoutes,
  create(deps) {
    const stops: (() => Promise<void>)[] = []
    return {
      async start() {
        const runner = new Runner(deps)
        stops.push(await consumeAnswers(deps), await startWarnings(deps), () => runner.stop())
        stops.push(await followOutbox(deps, () => runner.wake()))
        await runner.start()
      },
      async stop() {
        for (const stop of stops.splice(0)) await stop()
      },
    }
  },
}

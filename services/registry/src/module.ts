/** Registry: what the city has on record, where it hangs, and how far the rollout is. */

import type { Module } from '@hub/platform'
import { deviceHandlers } from './handlers/devices.ts'
import { progressHandlers } from './handlers/progress.ts'
import { registryHandlers } from './handlers/registry.ts'
import { topologyHandlers } from './handlers/topology.ts'
import { registryMigrations } from './migrations/index.ts'
import { plainRecords } from './plain-records.ts'
import { consumeDecisions, decisions } from './restate.ts'
import { registryViews } from './views.ts'

export const registryModule: Module = {
  name: 'registry',
  migrations: registryMigrations,
  views: registryViews,
  consumes: [decisions],
  routes: (deps) => ({
    handlers: {
      ...deviceHandlers(deps),
      ...registryHandlers(deps),
      ...topologyHandlers(deps),
      ...progressHandlers(deps),
    },
  }),
  create(deps) {
    let stop: (() => Promise<void>) | undefined
    return {
      async start() {
        await plainRecords(deps)
        stop = await consumeDecisions(deps)
      },
      async stop() {
        await stop?.()
      },
    }
  },
}

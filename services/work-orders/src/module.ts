/** Work orders: from an outage to somebody who repairs it, against the clock. */
import type { Module } from '@hub/platform'
import { startAutomaticSteps } from './automatic-steps.ts'
import { type WorkOrdersConfig, workOrdersConfig } from './config.ts'
import { workOrderHandlers } from './handlers.ts'
import { workOrdersMigrations } from './migrations/index.ts'
import { requestStanding } from './notifications.ts'
import { consumeOutages, outages } from './outages.ts'
import { consumeRequests, requests } from './requests.ts'
import { nameCauses } from './subjects.ts'
import { workOrdersViews } from './views.ts'

export const workOrdersModule: Module<WorkOrdersConfig> = {
  name: 'work-orders',
  migrations: workOrdersMigrations,
  views: workOrdersViews,
  config: workOrdersConfig,
  consumes: [outages, requests],
  routes: (deps) => ({ handlers: workOrderHandlers(deps) }),
  create(deps) {
    const stops: (() => Promise<void>)[] = []
    return {
      async start() {
        await nameCauses(deps)
        await requestStanding(deps)
        stops.push(await consumeOutages(deps), await consumeRequests(deps), startAutomaticSteps(deps))
      },
      async stop() {
        for (const stop of stops.splice(0)) await stop()
      },
    }
  },
}

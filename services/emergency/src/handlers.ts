/** Routes of emergency: each part answers its own. */
import type { RouteDeps, Routes } from '@hub/platform'
import { capHandlers } from './cap/handlers.ts'
import type { EmergencyConfig } from './config.ts'
import { incidentRoutes } from './incidents/handlers.ts'
import { intakeHandlers } from './intake/handlers.ts'
import { linkageHandlers } from './linkage/handlers.ts'
import { nearbyHandlers } from './nearby/handlers.ts'
import { createNearby } from './nearby/index.ts'
import { planHandlers } from './plans/handlers.ts'
import { resourceHandlers } from './resources/handlers.ts'
import { reviewHandlers } from './review/handlers.ts'

export function emergencyRoutes(deps: RouteDeps<EmergencyConfig>): Routes {
  const incidents = incidentRoutes(deps, createNearby(deps).of)
  return {
    ...incidents,
    handlers: {
      ...incidents.handlers,
      ...intakeHandlers(deps),
      ...capHandlers(deps),
      ...planHandlers(deps),
      ...resourceHandlers(deps),
      ...nearbyHandlers(deps),
      ...linkageHandlers(deps),
      ...reviewHandlers(deps),
    },
  }
}

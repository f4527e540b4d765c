/** Routes of emergency: each part answers its own. */
import type { Handlers, RouteDeps } from '@hub/platform'
import type { EmergencyConfig } from './config.ts'

export const emergencyHandlers = (_deps: RouteDeps<EmergencyConfig>): Partial<Handlers> => ({})

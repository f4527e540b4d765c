/** Emergency linkage: from the alarm to the archived review. */
import type { Module } from '@hub/platform'
import { type EmergencyConfig, emergencyConfig } from './config.ts'
import { emergencyHandlers } from './handlers.ts'
import { emergencyMigrations } from './migrations/index.ts'
import { emergencyViews } from './views.ts'

export const emergencyModule: Module<EmergencyConfig> = {
  name: 'emergency',
  migrations: emergencyMigrations,
  views: emergencyViews,
  config: emergencyConfig,
  routes: (deps) => ({ handlers: emergencyHandlers(deps) }),
}

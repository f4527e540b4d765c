export type { EmergencyConfig } from './config.ts'
export { emergencyModule } from './module.ts'

export type { MonitoredConfig } from './config.ts'
export { monitoredModule } from './module.ts'

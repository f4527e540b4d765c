export type { WorkOrdersConfig } from './config.ts'
export { workOrdersModule } from './module.ts'

export type { IngestConfig } from './config.ts'
export { ingestModule } from './module.ts'
export { putPast } from './put-past.ts'
export type { IngestTables } from './tables.ts'

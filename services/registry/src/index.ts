export { type FullDevice, findDevice } from './device-detail.ts'
export { registryModule } from './module.ts'
export type { RegistryData } from './tables.ts'

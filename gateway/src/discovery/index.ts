export { createDiscovery, type Discovery, type DiscoveryConfig, type DiscoveryOptions } from './discovery.ts'

export { createDiscovery, type Discovery } from './discovery.ts'
export { fillDiscoveryMetrics } from './metrics.ts'

import type { Meters } from '../meters.ts'
import type { DiscoveryCounters } from './registry.ts'

export const fillDiscoveryMetrics = ({ counters }: Meters, discovery: DiscoveryCounters): void =>
  counters('gateway_discovery_total', 'What discovery met, by kind', 'kind', Object.entries(discovery))

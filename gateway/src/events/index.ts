export { createEvents, type Events } from './events.ts'
export { createEventMemory } from './memory.ts'
export { fillEventMetrics } from './metrics.ts'

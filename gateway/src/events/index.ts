export { createEvents, type Events, type EventsConfig } from './events.ts'
export { createEventMemory } from './memory.ts'

export { createEvents, type Events, type EventsConfig } from './events.ts'

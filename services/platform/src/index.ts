export * from './bus/port.ts'
export * from './clock.ts'
export * from './history/port.ts'
export type * from './record/schema.ts'

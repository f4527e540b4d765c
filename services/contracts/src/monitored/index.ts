export * from './systems.ts'
export type * from './views.ts'

export * from './list.ts'
export * from './request.ts'
export type * from './views.ts'
export * from './work-order.ts'

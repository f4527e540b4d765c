export * from './commissioning.ts'
export * from './overview.ts'

export * from './channel.ts'
export * from './request.ts'

export { type Api, type ApiOptions, createApi, createApiModule } from './module.ts'

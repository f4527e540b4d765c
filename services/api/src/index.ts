export { type Api, type ApiOptions, apiModule, createApi } from './module.ts'

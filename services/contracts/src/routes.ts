/** The route table: the API mounts handlers by it, OpenAPI is generated from it. */
import { routes } from './features.ts'

export { routes }
export type RouteName = keyof typeof routes
export const apiBase = '/api/v1'

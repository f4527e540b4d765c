/** One route of the API. */
import type { z } from 'zod'
import type { Permission } from './access/roles.ts'

export type Route = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  summary: string
  /** `public` needs no session. */
  needs: Permission | 'public' | 'session'
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** JSON unless `produces` says otherwise; absent: 204. */
  response?: z.ZodType
  /** Media types of a file that it takes. */
  consumes?: readonly string[]
  produces?: string
}

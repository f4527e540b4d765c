/** One route of the API. */
import { z } from 'zod'
import type { Permission } from '../api.ts'

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
  consumes?: string
  produces?: string
}

/** Path parameters of what has a UUID. */
export const row = z.strictObject({ id: z.uuid() })

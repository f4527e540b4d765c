/** Errors as the API answers them. */
import { z } from 'zod'

/** RFC 9457 problem details, as every route answers an error. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  action: z.string(),
  field: z.string().optional(),
  row: z.int().optional(),
})
export type Problem = z.infer<typeof Problem>

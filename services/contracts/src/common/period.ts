/** A period that is asked about. */
import { z } from 'zod'
import { instant } from './query.ts'

export const Period = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
})

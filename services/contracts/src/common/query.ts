/** Parts of the queries of routes: values come as text, once or often. */

import { z } from 'zod'
import { limitText } from '../errors/limits.ts'
import { Instant } from './time.ts'

/** An instant, written as a number. */
export const instant = z.coerce.number().pipe(Instant)

/** For `refine`: a period that ends before it begins. */
export const ordered = { message: limitText('after-from'), path: ['to'] }

/** One value or several: always read as several. */
export const list = <T extends z.ZodType>(of: T) =>
  z.union([of, z.array(of)]).transform((v) => (Array.isArray(v) ? v : [v]))

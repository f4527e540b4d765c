/** A rate in words of an answer. */
import { z } from 'zod'

/** As it is printed everywhere: `95.99 %`, cut and never rounded; a dash where nothing is known. */
export const RateText = z.string().regex(/^(\d{1,3}\.\d\d %|—)$/)

/** Instants. */
import { z } from 'zod'

/** UTC milliseconds since 1970. Every time on the wire and in a store has this unit. */
export const Instant = z.int().min(0).max(8_640_000_000_000_000)
export type Instant = z.infer<typeof Instant>

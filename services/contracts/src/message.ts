/** One message of the bus: its topic, and the schema of its payload (JSON, UTF-8). */
import type { z } from 'zod'

/** `topic` is a pattern; `{…}` is one level. */
export type Message = { topic: string; schema: z.ZodType }

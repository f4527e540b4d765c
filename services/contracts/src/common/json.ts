/** Any JSON value. */
import { z } from 'zod'

export const JsonValue = z.json()

/** What an adjustment is, and as which of the four kinds of time it counts. */
import { z } from 'zod'

/** `record`: something else is said of what the record was over a stretch of the past. */
export const adjustmentKinds = ['exemption', 'correction', 'record'] as const
export const AdjustmentKind = z.enum(adjustmentKinds)
export type AdjustmentKind = z.infer<typeof AdjustmentKind>

export const countedStates = ['exempt', 'up', 'down', 'unknown'] as const
/** The four kinds of time. */
export const CountedState = z.enum(countedStates)
export type CountedState = z.infer<typeof CountedState>

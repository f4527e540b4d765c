/** The month that reports are of unless another is asked for. */
import { monthOf, monthSpan } from '@hub/core'

/** `YYYY-MM` of the month before the running one, in the city's time. */
export const lastMonth = (now: number): string => monthOf(monthSpan(monthOf(now)).from - 1)

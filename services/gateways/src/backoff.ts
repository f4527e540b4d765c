/** When what a gateway has not confirmed is sent to it again. Pure: entropy comes in. */
import { secondMs } from '@hub/core'

const firstMs = 10 * secondMs
const mostMs = 120 * secondMs

/** Milliseconds after the `attempt`th sending (from 1): doubling, capped, ±25 % so that gateways that were lost together come apart. */
export const confirmWithin = (attempt: number, entropy: number): number =>
  Math.round(Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 16)) * (0.75 + entropy / 2))

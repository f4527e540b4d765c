/** The clocks of an outage, and how the configuration sets them. */
import { OrdersAtClose } from '@hub/contracts'
import { defaultLifePolicy, type LifePolicy } from '@hub/core'
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const outagesConfig = configPart('policy.outages', {
  escalateMinutes: z.number().min(1).max(10_080).default(30),
  resolveAfterSeconds: z.number().min(0).max(86_400).default(120),
  closeAfterHours: z.number().min(0).max(720).default(24),
  /** A closed outage may be reopened by a person for so long. */
  reopenWithinHours: z.number().min(0).max(8_760).default(72),
  /** What becomes of the work orders of an outage that the hub closes by itself; a person is asked. */
  ordersAtClose: OrdersAtClose.default('leave'),
})
export type OutagesConfig = PlatformConfig & ConfigOf<typeof outagesConfig>

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export const lifePolicyOf = ({ outages }: OutagesConfig['policy']): LifePolicy => ({
  ...defaultLifePolicy,
  resolveAfterMs: outages.resolveAfterSeconds * 1_000,
  closeAfterMs: outages.closeAfterHours * hourMs,
  escalateAfterMs: outages.escalateMinutes * minuteMs,
  reopenWithinMs: outages.reopenWithinHours * hourMs,
})

/** The clocks of an outage as the configuration sets them. */
import { defaultLifePolicy, type LifePolicy } from '@hub/core'
import type { HubConfig } from '../hub-config.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export const lifePolicyOf = ({ outages }: HubConfig['policy']): LifePolicy => ({
  ...defaultLifePolicy,
  resolveAfterMs: outages.resolveAfterSeconds * 1_000,
  closeAfterMs: outages.closeAfterHours * hourMs,
  escalateAfterMs: outages.escalateMinutes * minuteMs,
  reopenWithinMs: outages.reopenWithinHours * hourMs,
})

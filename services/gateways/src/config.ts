/** What gateways read of the configuration. */
import type { ConfigOf, PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const gatewaysConfig = {
  /**
   * Two cameras that have been given each other's address (DHCP): `follow` assigns each where it answers now, once both are heard there;
   * `ask` leaves both unknown until an operator has approved them.
   */
  'policy.addressSwaps': z.enum(['follow', 'ask']).default('follow'),
  /** Approves found devices of this project by themselves when they match an imported record. Demonstrations only. */
  demo: z.strictObject({ approveProject: z.string().min(1).max(64), credential: z.string().min(1).max(64) }).optional(),
}
export type GatewaysConfig = PlatformConfig & ConfigOf<typeof gatewaysConfig>

/** Whether a gateway is online. */
import type { GatewayStatus } from '@hub/contracts'
import { secondMs } from '../common/time/units.ts'

/** A gateway says how it is every five seconds: after four of them in silence it is not online, whatever it said last. */
const silentMs = 20 * secondMs

export const isGatewayOnline = (
  { status, lastSeenAt }: { status: Pick<GatewayStatus, 'online'> | null; lastSeenAt: number | null },
  now: number,
): boolean => status?.online === true && lastSeenAt !== null && now - lastSeenAt < silentMs

/** The gateway's own network: while it is down, a device that does not answer is not known to be down. */
import { networkInterfaces } from 'node:os'
import type { Observation } from '@hub/contracts'
import type { Clock } from '@hub/platform'

const rememberMs = 500

/** Addresses of the interfaces that are up. */
const addressesUp = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) => list?.map((each) => each.address) ?? [])

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1'

/**
 * Whether none of the field's interfaces is up. When none is configured: whether nothing but loopback is, unless the field is simulated
 * there. (A cable that is pulled leaves its route in place for a while, and every camera would seem unreachable.)
 */
export function createNetworkWatch(
  clock: Clock,
  { interfaces, allowLoopback }: { interfaces: readonly string[]; allowLoopback: boolean },
  read: () => string[] = addressesUp,
): () => boolean {
  let blind = false
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = clock.now()
    if (now - readAt >= rememberMs) {
      const up = read()
      blind =
        interfaces.length > 0
          ? !interfaces.some((address) => up.includes(address))
          : !allowLoopback && up.every((address) => isLoopback(address))
      readAt = now
    }
    return blind
  }
}

/** A failure seen through a network that is down says nothing about the device. Pure. */
export const throughNetwork = (observation: Observation, blind: boolean): Observation =>
  blind && observation.verdict === 'fail'
    ? { ...observation, verdict: 'blind', reason: 'gateway-network' }
    : observation

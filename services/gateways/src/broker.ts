/** The embedded broker that gateways connect to: each with its own password, each on its own topics. */
import { type DeviceId, type MessageName, topic } from '@hub/contracts'
import { type Backpressure, filterCovers } from '@hub/core'
import { type Broker, createBroker, type Log, type PlatformConfig, sameDigest, sha256 } from '@hub/platform'

/** A gateway by its code, or the centre itself, which is attached inside the process. */
export type Principal = { gateway: DeviceId } | 'centre'

const upward: readonly MessageName[] = ['observations', 'status', 'inventory', 'replies']
const downward: readonly MessageName[] = ['acks', 'assignment', 'commands', 'inventoryWanted', 'keyWanted']

/** An inventory of 1,000 cameras or a batch of 5,000 observations fits; an assignment of 20,000 cameras goes the other way. */
const messageBytes = 8 * 1024 * 1024

export function createGatewayBroker(
  config: Pick<PlatformConfig, 'gateways'> & { bus: { host: string; port: number } },
  log: Log,
  backpressure?: Backpressure,
): Broker<Principal> {
  const passwordHashes = new Map(config.gateways.map(({ id, passwordHash }) => [id, passwordHash]))
  const among = (names: readonly MessageName[], principal: Principal, test: (own: string) => boolean) =>
    principal === 'centre' || names.some((name) => test(topic(name, principal)))
  return createBroker<Principal>({
    ...config.bus,
    log,
    limits: { messageBytes },
    ...(backpressure && { backpressure }),
    authenticate(user, password) {
      const expected = passwordHashes.get(user)
      return expected !== undefined && sameDigest(sha256(password), expected) ? { gateway: user } : undefined
    },
    mayPublish: (principal, published) => among(upward, principal, (own) => own === published),
    // One that is refused tries for ever, and its district is unknown meanwhile.
    onEnded({ user, principal, reason }) {
      if (principal === undefined)
        log.warn({ user: user.slice(0, 32), known: passwordHashes.has(user), reason }, 'a gateway was refused')
    },
    maySubscribe: (principal, filter) => among(downward, principal, (own) => filterCovers(own, filter)),
  })
}

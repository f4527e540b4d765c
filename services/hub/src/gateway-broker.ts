/** The embedded broker that gateways connect to: each with its own password, each on its own topics. */
import { type DeviceId, type TopicName, topic } from '@hub/contracts'
import { type Broker, covers, createBroker, type HubConfig, type Log, sameDigest, sha256 } from '@hub/platform'

/** A gateway by its code, or the centre itself, which is attached inside the process. */
export type Principal = { gateway: DeviceId } | 'centre'

const upward: readonly TopicName[] = ['observations', 'status', 'inventory', 'replies']
const downward: readonly TopicName[] = ['acks', 'assignment', 'commands']

/** An inventory of 1,000 cameras or a batch of 5,000 observations fits; an assignment of 20,000 cameras goes the other way. */
const messageBytes = 8 * 1024 * 1024

export function createGatewayBroker(
  config: Pick<HubConfig, 'gateways'> & { bus: { host: string; port: number } },
  log: Log,
): Broker<Principal> {
  const passwordHashes = new Map(config.gateways.map(({ id, passwordHash }) => [id, passwordHash]))
  const among = (names: readonly TopicName[], principal: Principal, test: (own: string) => boolean) =>
    principal === 'centre' || names.some((name) => test(topic(name, principal)))
  return createBroker<Principal>({
    ...config.bus,
    log,
    limits: { messageBytes },
    authenticate(user, password) {
      const expected = passwordHashes.get(user)
      return expected !== undefined && sameDigest(sha256(password), expected) ? { gateway: user } : undefined
    },
    mayPublish: (principal, published) => among(upward, principal, (own) => own === published),
    maySubscribe: (principal, filter) => among(downward, principal, (own) => covers(own, filter)),
  })
}

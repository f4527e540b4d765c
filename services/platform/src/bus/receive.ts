/** What gateways say: checked by its schema and by whose topic it came on, or kept as a dead letter with the reason. */
import { type GatewayId, HubError, type MessageName, type MessageValue } from '@hub/contracts'
import type { Clock } from '../clock.ts'
import type { RecordStore } from '../database/open.ts'
import type { Log } from '../log.ts'
import { putDeadLetter } from './dead-letters.ts'
import { type MessageBus, parseMessage, type Unsubscribe } from './message-bus.ts'

type FromGateway = { [N in MessageName]: MessageValue<N> extends { gateway: GatewayId } ? N : never }[MessageName]
type Parts = { bus: MessageBus; record: RecordStore; clock: Clock; log: Log }

/** Calls `take` for each sound message, one after another. Returns the unsubscribe. */
export async function receive<N extends FromGateway>(
  { bus, record, clock, log }: Parts,
  name: N,
  take: (message: MessageValue<N>) => Promise<void>,
): Promise<Unsubscribe> {
  let last = Promise.resolve()
  const receiveOne = async (payload: Buffer, gateway: GatewayId | undefined, source: string) => {
    try {
      const message = parseMessage(name, payload, source)
      if (message.gateway !== gateway)
        throw new HubError('payload.invalid', { value: source, field: 'gateway', limit: `is ${message.gateway}` })
      await take(message)
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      log.warn({ topic: source, reason: error.message }, 'message of a gateway refused')
      await putDeadLetter(record.db, { at: clock.now(), source, reason: error.message, payload })
    }
  }
  return bus.subscribeBytes(name, (payload, params, source) => {
    const received = last.then(() => receiveOne(payload, (params as { gateway?: GatewayId }).gateway, source))
    last = received.catch((err: unknown) => log.error({ err, topic: source }, 'message of a gateway not taken'))
    return last
  })
}

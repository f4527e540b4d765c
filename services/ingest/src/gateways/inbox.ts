/** One kind of message from gateways: checked by its schema and its topic's owner, or kept as a dead letter with the reason. */
import { type GatewayId, HubError, messages, parseOr, parseTopic, topicFilter } from '@hub/contracts'
import type { Deps, Message } from '@hub/platform'

type InboxDeps = Pick<Deps, 'bus' | 'record' | 'clock' | 'log'>
type Said = { status: typeof messages.status._output; inventory: typeof messages.inventory._output }

/** Calls `take` for each sound message, one after another. Returns the unsubscribe. */
export async function openInbox<K extends keyof Said>(
  deps: InboxDeps,
  name: K,
  take: (gateway: GatewayId, said: Said[K]) => Promise<void>,
): Promise<() => Promise<void>> {
  let last = Promise.resolve()
  const receive = async (message: Message) => {
    try {
      await take(...read(name, message))
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      await bury(deps, message, error)
    }
  }
  return deps.bus.subscribe(topicFilter(name), (message) => {
    const turn = last.then(() => receive(message))
    last = turn.catch((err: unknown) => deps.log.error({ err, topic: message.topic }, 'message of a gateway not taken'))
    return last
  })
}

function read<K extends keyof Said>(name: K, { topic, payload }: Message): [GatewayId, Said[K]] {
  const gateway = parseTopic(topic)!.params.gateway!
  let input: unknown
  try {
    input = JSON.parse(payload.toString())
  } catch (error) {
    throw new HubError('payload.invalid', {
      value: topic,
      field: 'body',
      limit: `not JSON: ${(error as Error).message}`,
    })
  }
  const said = parseOr(messages[name] as never, input, 'payload.invalid', { value: topic }) as Said[K]
  if (said.gateway !== gateway)
    throw new HubError('payload.invalid', { value: topic, field: 'gateway', limit: `is ${said.gateway}` })
  return [gateway, said]
}

async function bury({ record, clock, log }: InboxDeps, { topic, payload }: Message, error: HubError): Promise<void> {
  log.warn({ topic, reason: error.message }, 'message of a gateway refused')
  await record.db
    .insertInto('dead_letter')
    .values({ at: clock.now(), source: topic, reason: error.message, payload })
    .execute()
}

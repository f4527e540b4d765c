/**
 * The typed bus: messages by name, with the levels of their topic and a parsed value. Topics and JSON are spelled here and nowhere else;
 * below it lies a transport that encodes and parses the same way inside one process as over a network.
 */
import {
  HubError,
  type MessageInput,
  type MessageName,
  type MessageParams,
  type MessageValue,
  messages,
  parseOr,
  parseTopic,
  topic,
  topicFilter,
} from '@hub/contracts'
import type { z } from 'zod'
import type { Log } from '../log.ts'
import type { Bus } from './port.ts'

export type Unsubscribe = () => Promise<void>

export interface MessageBus {
  /** Resolves when the broker has taken it. While disconnected it waits for the connection. */
  publish<N extends MessageName>(name: N, params: MessageParams<N>, value: MessageInput<N>): Promise<void>
  /** `handler` is given what its schema holds for sound; anything else is logged. Taken (PUBACK) when its promise settles. */
  subscribe<N extends MessageName>(
    name: N,
    handler: (value: MessageValue<N>, params: MessageParams<N>) => void | Promise<void>,
  ): Promise<Unsubscribe>
  /** As it came, for whoever keeps what is no sound message (`receive`) or parses it faster than its schema (ingest). */
  subscribeBytes<N extends MessageName>(
    name: N,
    handler: (payload: Buffer, params: MessageParams<N>, topic: string) => void | Promise<void>,
  ): Promise<Unsubscribe>
  /** To a topic that is not the hub's own: a notification channel that somebody has configured. */
  publishTo(topic: string, payload: Buffer | string): Promise<void>
  readonly connected: boolean
}

export function createMessageBus(transport: Bus, log: Log): MessageBus {
  const subscribeBytes: MessageBus['subscribeBytes'] = (name, handler) =>
    transport.subscribe(topicFilter(name), ({ topic: from, payload }) => {
      const parsed = parseTopic(from)
      if (parsed?.name === name) return handler(payload, parsed.params as MessageParams<typeof name>, from)
      log.warn({ topic: from }, 'a topic is not in the table')
    })
  return {
    publish: (name, params, value) => transport.publish(topic(name, params), JSON.stringify(value)),
    publishTo: (name, payload) => transport.publish(name, payload),
    subscribeBytes,
    subscribe: (name, handler) =>
      subscribeBytes(name, (payload, params, from) => {
        let value: MessageValue<typeof name>
        try {
          value = parseMessage(name, payload, from)
        } catch (err) {
          return log.warn({ topic: from, err }, 'a message is not one')
        }
        return handler(value, params)
      }),
    get connected() {
      return transport.connected
    },
  }
}

/** @throws HubError `payload.invalid`: no JSON, or not what its schema says */
export function parseMessage<N extends MessageName>(name: N, payload: Buffer, from: string): MessageValue<N> {
  const schema = messages[name] as unknown as z.ZodType<MessageValue<N>>
  return parseOr(schema, jsonOf(payload, from), 'payload.invalid', { value: from })
}

function jsonOf(payload: Buffer, from: string): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch (error) {
    const limit = `not JSON: ${(error as Error).message}`
    throw new HubError('payload.invalid', { value: from, field: 'body', limit })
  }
}

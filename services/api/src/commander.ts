/** Commands to gateways: a request on one topic, its reply on another, a deadline between them. */
import { randomUUID } from 'node:crypto'
import { type Command, CommandReply, type GatewayId, HubError, parseTopic, topic, topicFilter } from '@hub/contracts'
import type { Bus, Clock, Log, Message } from '@hub/platform'
import { clockTime } from './city-time.ts'

const patienceMs = 10_000

export interface Commander {
  start(): Promise<void>
  stop(): Promise<void>
  /** @throws HubError `command.expired` when the gateway is silent, `command.failed` when it could not */
  send(gateway: GatewayId, command: Pick<Command, 'name' | 'device' | 'args'>): Promise<CommandReply>
}

type Waiting = { gateway: GatewayId; settle(reply: CommandReply | undefined): void }

export function createCommander({ bus, clock, log }: { bus: Bus; clock: Clock; log: Log }): Commander {
  const waiting = new Map<string, Waiting>()
  let unsubscribe = async () => {}

  const onReply = ({ topic: from, payload }: Message) => {
    let reply: CommandReply
    try {
      reply = CommandReply.parse(JSON.parse(payload.toString('utf8')))
    } catch (err) {
      return log.warn({ err, from }, 'a reply is not one')
    }
    const asked = waiting.get(reply.id)
    // The topic says who speaks: the broker lets each gateway publish on its own only.
    if (asked && asked.gateway === reply.gateway && parseTopic(from)?.params.gateway === asked.gateway)
      asked.settle(reply)
  }

  const ask = (gateway: GatewayId, message: Command) =>
    new Promise<CommandReply | undefined>((resolve) => {
      const cancel = clock.after(patienceMs, () => settle(undefined))
      const settle = (reply: CommandReply | undefined) => {
        cancel()
        waiting.delete(message.id)
        resolve(reply)
      }
      waiting.set(message.id, { gateway, settle })
      bus.publish(topic('commands', { gateway }), JSON.stringify(message)).catch((err: unknown) => {
        log.warn({ err, gateway }, 'a command was not published')
        settle(undefined)
      })
    })

  return {
    async start() {
      unsubscribe = await bus.subscribe(topicFilter('replies'), onReply)
    },
    async stop() {
      for (const { settle } of [...waiting.values()]) settle(undefined)
      await unsubscribe()
    },
    async send(gateway, command) {
      const deadline = clock.now() + patienceMs
      const reply = await ask(gateway, { v: 1, id: randomUUID(), ...command, deadline })
      if (!reply || reply.error?.code === 'command.expired')
        throw new HubError('command.expired', { value: gateway, limit: clockTime(deadline) })
      if (!reply.ok)
        throw new HubError('command.failed', { field: command.name, limit: reply.error?.message ?? 'no reason given' })
      return reply
    },
  }
}

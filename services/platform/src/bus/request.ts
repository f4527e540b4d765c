/** Commands to gateways: a request on one topic, its reply on another, a deadline between them. */
import { randomUUID } from 'node:crypto'
import { type Command, type CommandReply, type GatewayId, HubError } from '@hub/contracts'
import { cityMinute } from '@hub/core'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MessageBus } from './message-bus.ts'

const patienceMs = 10_000

export interface Commands {
  start(): Promise<void>
  stop(): Promise<void>
  /** @throws HubError `command.expired` when the gateway is silent, `command.failed` when it could not */
  send(gateway: GatewayId, command: Pick<Command, 'name' | 'device' | 'args'>): Promise<CommandReply>
}

type Waiting = { gateway: GatewayId; settle(reply: CommandReply | undefined): void }

export function createCommands({ bus, clock, log }: { bus: MessageBus; clock: Clock; log: Log }): Commands {
  const waiting = new Map<string, Waiting>()
  let unsubscribe = async () => {}

  // The topic says who speaks: the broker lets each gateway publish on its own only.
  const onReply = (reply: CommandReply, { gateway }: { gateway: string }) => {
    const asked = waiting.get(reply.id)
    if (asked && asked.gateway === reply.gateway && gateway === asked.gateway) asked.settle(reply)
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
      bus.publish('commands', { gateway }, message).catch((err: unknown) => {
        log.warn({ err, gateway }, 'a command was not published')
        settle(undefined)
      })
    })

  return {
    async start() {
      unsubscribe = await bus.subscribe('replies', onReply)
    },
    async stop() {
      for (const { settle } of [...waiting.values()]) settle(undefined)
      await unsubscribe()
    },
    async send(gateway, command) {
      const deadline = clock.now() + patienceMs
      const reply = await ask(gateway, { v: 1, id: randomUUID(), ...command, deadline })
      if (!reply || reply.error?.code === 'command.expired')
        throw new HubError('command.expired', { value: gateway, limit: `${cityMinute(deadline)} (UTC+8)` })
      if (!reply.ok)
        throw new HubError('command.failed', { field: command.name, limit: reply.error?.message ?? 'no reason given' })
      return reply
    },
  }
}

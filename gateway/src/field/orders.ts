/** Commands to field devices that act: sent to the device's own topic, answered on another, with the key of the command between them. */
import { type FieldCommand, FieldReply, HubError, topic } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import { readJson } from '../json.ts'

type Waiting = { device: string; settle(reply: FieldReply): void }

export interface FieldOrders {
  /** Resolves when the device has done it. @throws HubError `command.failed` */
  send(device: string, order: Omit<FieldCommand, 'v' | 'deadline'>): Promise<FieldReply>
  /** What a device has published as its answer. @returns whether it was one, and of its own */
  answered(device: string, payload: Buffer): boolean
}

/** A device that is there answers at once, and one that is not would not by waiting longer. */
const patienceMs = 5_000

/** @param publish to the device, as JSON; it hears it only while it is connected */
export function createFieldOrders(options: {
  clock: Clock
  isConnected(device: string): boolean
  publish(topic: string, payload: string): Promise<void>
}): FieldOrders {
  const { clock, isConnected, publish } = options
  const waiting = new Map<string, Waiting>()
  const failed = (limit: string) => new HubError('command.failed', { field: 'field-command', limit })

  return {
    async send(device, order) {
      if (!isConnected(device)) throw failed('the device is not connected')
      const deadline = clock.now() + patienceMs
      const answer = new Promise<FieldReply | undefined>((resolve) => {
        const cancel = clock.after(patienceMs, () => settle(undefined))
        const settle = (reply: FieldReply | undefined) => {
          cancel()
          waiting.delete(order.key)
          resolve(reply)
        }
        waiting.set(order.key, { device, settle })
      })
      await publish(topic('fieldCommand', { device }), JSON.stringify({ v: 1, ...order, deadline }))
      const reply = await answer
      if (!reply) throw failed('the device does not answer')
      if (!reply.ok) throw failed(reply.error ?? 'the device could not')
      return reply
    },
    answered(device, payload) {
      const reply = FieldReply.safeParse(readJson(payload))
      if (!reply.success) return false
      // Whoever answers for another is not heard.
      const asked = waiting.get(reply.data.key)
      if (asked?.device === device) asked.settle(reply.data)
      return true
    },
  }
}

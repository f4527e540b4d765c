/** On the hub's own bus. */
import { secondMs } from '@hub/core'
import type { Clock, MessageBus } from '@hub/platform'
import { z } from 'zod'
import { channelFields } from './fields.ts'
import { failed, payloadOf, type Send, sent } from './outcome.ts'
import { problemOf } from './post.ts'

export const mqttConfig = z.strictObject({
  kind: z.literal('mqtt'),
  ...channelFields,
  topic: z.string().regex(/^hub\/v1\/notices\/[a-z0-9-]{1,64}$/, 'must be hub/v1/notices/NAME'),
})

const busPatienceMs = 10 * secondMs

/** The bus waits for its connection: after a while it counts as not sent, and whoever hears it twice knows it by its key. */
export const mqtt =
  (name: string, bus: MessageBus, clock: Clock): Send =>
  async (notification) => {
    let cancel = () => {}
    const late = new Promise<false>((resolve) => {
      cancel = clock.after(busPatienceMs, () => resolve(false))
    })
    try {
      const taken = bus.publishTo(name, payloadOf(notification, clock.now())).then(() => true)
      return (await Promise.race([taken, late])) ? sent : failed('no answer in time')
    } catch (err) {
      return failed(problemOf(err))
    } finally {
      cancel()
    }
  }

/** Each kind of channel and how it sends. */
import type { Bus, Clock, HubConfig } from '@hub/platform'
import { email } from './email.ts'
import { failed, payloadOf, type Send, sent } from './outcome.ts'
import { problemOf } from './post.ts'
import { dingtalk, feishu, wecom } from './robots.ts'
import { webhook } from './webhook.ts'

const busPatienceMs = 10_000

export function openChannel(channel: HubConfig['channels'][number], { bus, clock }: { bus: Bus; clock: Clock }): Send {
  const now = () => clock.now()
  switch (channel.kind) {
    case 'webhook':
      return webhook(channel, now)
    case 'email':
      return email(channel)
    case 'wecom':
      return wecom(channel, now)
    case 'dingtalk':
      return dingtalk(channel, now)
    case 'feishu':
      return feishu(channel, now)
    case 'mqtt':
      return mqtt(channel.topic, bus, clock)
  }
}

/** The bus waits for its connection: after a while it counts as not sent, and whoever hears it twice knows it by its key. */
const mqtt =
  (name: string, bus: Bus, clock: Clock): Send =>
  async (notice) => {
    let cancel = () => {}
    const late = new Promise<false>((resolve) => {
      cancel = clock.after(busPatienceMs, () => resolve(false))
    })
    try {
      const taken = bus.publish(name, payloadOf(notice, clock.now())).then(() => true)
      return (await Promise.race([taken, late])) ? sent : failed('no answer in time')
    } catch (err) {
      return failed(problemOf(err))
    } finally {
      cancel()
    }
  }

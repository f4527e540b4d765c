/** The kinds of channels: how each is configured, and how it sends. */
import type { Clock, MessageBus } from '@hub/platform'
import { z } from 'zod'
import { dingtalk, dingtalkConfig } from './dingtalk.ts'
import { email, emailConfig } from './email.ts'
import { feishu, feishuConfig } from './feishu.ts'
import { mqtt, mqttConfig } from './mqtt.ts'
import type { Send } from './outcome.ts'
import { webhook, webhookConfig } from './webhook.ts'
import { wecom, wecomConfig } from './wecom.ts'

/** Where notifications go. Addresses of robots are secrets: they are never shown nor logged. */
export const Channel = z.discriminatedUnion(
  'kind',
  [webhookConfig, emailConfig, wecomConfig, dingtalkConfig, feishuConfig, mqttConfig],
  { error: 'must be webhook, email, wecom, dingtalk, feishu or mqtt' },
)
export type Channel = z.output<typeof Channel>

export function openChannel(channel: Channel, { bus, clock }: { bus: MessageBus; clock: Clock }): Send {
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

/** Never more than the host: the address of a robot is a secret. */
export function targetOf(channel: Channel): string {
  if (channel.kind === 'email') return channel.host
  return channel.kind === 'mqtt' ? channel.topic : new URL(channel.url).host
}

/** The topic table: the only place where a topic is spelled. */
import type { DeviceId, DistrictCode, GatewayId } from './identity.ts'

/** name → pattern; `{…}` is one level. The first block crosses the uplink, the second stays in the centre, the third is the field broker's. */
export const topicTable = {
  observations: 'hub/v1/gateways/{gateway}/observations',
  acks: 'hub/v1/gateways/{gateway}/acks',
  status: 'hub/v1/gateways/{gateway}/status',
  inventory: 'hub/v1/gateways/{gateway}/inventory',
  assignment: 'hub/v1/gateways/{gateway}/assignment',
  commands: 'hub/v1/gateways/{gateway}/commands',
  replies: 'hub/v1/gateways/{gateway}/replies',

  transitions: 'hub/v1/districts/{district}/transitions',
  corrections: 'hub/v1/districts/{district}/corrections',
  events: 'hub/v1/districts/{district}/events',
  registry: 'hub/v1/registry/changed',
  adjustments: 'hub/v1/adjustments/changed',
  exports: 'hub/v1/exports/changed',
  outages: 'hub/v1/outages/changed',
  workOrders: 'hub/v1/work-orders/changed',
  topology: 'hub/v1/topology/changed',

  telemetry: 'field/v1/{device}/telemetry',
  fieldStatus: 'field/v1/{device}/status',
} as const

export type TopicName = keyof typeof topicTable
export type TopicParams = { gateway?: GatewayId; district?: DistrictCode; device?: DeviceId }

const levels = /\{(\w+)\}/g

/** The topic of a name. Throws when a level is missing or could not be one level. */
export function topic(name: TopicName, params: TopicParams = {}): string {
  return topicTable[name].replace(levels, (_, key: keyof TopicParams) => {
    const value = params[key]
    if (!value || /[/+#\0]/.test(value)) throw new TypeError(`topic ${name}: ${key} is ${JSON.stringify(value)}`)
    return value
  })
}

/** The filter that covers every topic of a name. */
export const topicFilter = (name: TopicName): string => topicTable[name].replace(levels, '+')

const patterns = (Object.keys(topicTable) as TopicName[]).map((name) => ({
  name,
  regex: new RegExp(`^${topicTable[name].replace(levels, (_, key) => `(?<${key}>\\d+)`)}$`),
}))

/** Which name a topic has, and its levels. Undefined for a topic that is not in the table. */
export function parseTopic(text: string): { name: TopicName; params: TopicParams } | undefined {
  for (const { name, regex } of patterns) {
    const match = regex.exec(text)
    if (match) return { name, params: { ...match.groups } as TopicParams }
  }
  return undefined
}

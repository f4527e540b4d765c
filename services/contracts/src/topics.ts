/** Topics: built from a name and its levels, and parsed. The patterns are in each feature's `messages.ts` and nowhere else. */
import type { DistrictCode } from './common/geo.ts'
import type { DeviceId, GatewayId } from './common/identity.ts'
import { type MessageName, topicTable } from './messages.ts'

export type TopicParams = { gateway?: GatewayId; district?: DistrictCode; device?: DeviceId }

const levels = /\{(\w+)\}/g

/** The topic of a name. Throws when a level is missing or could not be one level. */
export function topic(name: MessageName, params: TopicParams = {}): string {
  return topicTable[name].replace(levels, (_, key: keyof TopicParams) => {
    const value = params[key]
    if (!value || /[/+#\0]/.test(value)) throw new TypeError(`topic ${name}: ${key} is ${JSON.stringify(value)}`)
    return value
  })
}

/** The filter that covers every topic of a name. */
export const topicFilter = (name: MessageName): string => topicTable[name].replace(levels, '+')

const patterns = (Object.keys(topicTable) as MessageName[]).map((name) => ({
  name,
  regex: new RegExp(`^${topicTable[name].replace(levels, (_, key) => `(?<${key}>\\d+)`)}$`),
}))

/** Which name a topic has, and its levels. Undefined for a topic that is not in the table. */
export function parseTopic(text: string): { name: MessageName; params: TopicParams } | undefined {
  for (const { name, regex } of patterns) {
    const match = regex.exec(text)
    if (match) return { name, params: { ...match.groups } as TopicParams }
  }
  return undefined
}

/** The messages of the bus, by name. */
import type { z } from 'zod'
import { messageTable as parts } from './features.ts'

type Parts = typeof parts
export type MessageName = keyof Parts

type Levels<Topic extends string> = Topic extends `${string}{${infer Level}}${infer Rest}`
  ? Level | Levels<Rest>
  : never
/** The levels of its topic. */
export type MessageParams<N extends MessageName> = { [L in Levels<Parts[N]['topic']>]: string }
/** As it is written, before defaults. */
export type MessageInput<N extends MessageName> = z.input<Parts[N]['schema']>
/** As it is read. */
export type MessageValue<N extends MessageName> = z.output<Parts[N]['schema']>

const each = <K extends 'topic' | 'schema'>(key: K) =>
  Object.fromEntries(Object.entries(parts).map(([name, message]) => [name, message[key]])) as {
    readonly [N in MessageName]: Parts[N][K]
  }

/** Which schema the payload of each topic has. */
export const messages = each('schema')

/** The topic table: name → pattern; `{…}` is one level. */
export const topicTable = each('topic')

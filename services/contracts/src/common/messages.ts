/** Messages that every feature sends. They stay in the centre. */
import type { Message } from '../message.ts'
import { Changed } from './changed.ts'

export const commonMessages = {
  changed: { topic: 'hub/v1/changed', schema: Changed },
} as const satisfies Record<string, Message>

/** Messages of uptime. They stay in the centre. */
import type { Message } from '../message.ts'
import { RecordChangeDecided } from './record-change.ts'

export const uptimeMessages = {
  recordChangeDecided: { topic: 'hub/v1/record-change/decided', schema: RecordChangeDecided },
} as const satisfies Record<string, Message>

/** The ground truth: what really happened to the devices. Tests compare what the hub says with it. */
import { appendFileSync } from 'node:fs'
import type { EventTopic } from '../camera/events/message.ts'
import type { FaultName, FaultValue } from './fault.ts'

export type TruthEntry = {
  /** UTC milliseconds. */
  at: number
  device: string
  what: FaultName | EventTopic
  phase: 'began' | 'ended'
  value?: FaultValue
}

export type TruthLog = {
  entries: readonly TruthEntry[]
  append(entry: TruthEntry): void
  /** JSON lines, in order. */
  text(): string
}

/** Kept in memory; with `file`, also appended there line by line. */
export function createTruthLog(file?: string): TruthLog {
  const entries: TruthEntry[] = []
  return {
    entries,
    append(entry) {
      entries.push(entry)
      if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`)
    },
    text: () => entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  }
}

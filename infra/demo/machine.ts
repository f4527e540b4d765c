/** What this machine has for a city. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Machine } from './pace.ts'

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    // Within the limit of a container, too.
    memory: process.availableMemory(),
    descriptors: openFileLimit(),
  }
}

/** The hard limit of proc(5) limits; where there is no /proc no limit is known. */
function openFileLimit(): number {
  try {
    const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * What is going on at the cameras, on disk. A gateway that was away hears how things stand when it is back, and an end that it
 * slept through is an event only for who remembers the beginning.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Log } from '@hub/platform'
import { z } from 'zod'

/** Properties that are so, by device. */
const Ongoing = z.record(z.string(), z.array(z.string()))
export type Ongoing = z.infer<typeof Ongoing>

export interface EventMemory {
  /** Empty when there is nothing that can be read. */
  load(): Ongoing
  save(ongoing: Ongoing): void
}

export const createEventMemory = (path: string, log: Log): EventMemory => ({
  load() {
    try {
      return Ongoing.parse(JSON.parse(readFileSync(path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log.warn({ path, reason: String(error).slice(0, 200) }, 'what was going on at the cameras cannot be read')
      return {}
    }
  },
  save(ongoing) {
    try {
      writeFileSync(`${path}.new`, JSON.stringify(ongoing), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    } catch (err) {
      log.warn({ err, path }, 'what is going on at the cameras could not be written down')
    }
  },
})

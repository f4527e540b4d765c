/** Work that comes back by the clock, one run at a time; a run that fails is logged and tried again at its next time. */
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

type Stop = () => Promise<void>

/** @returns the stop; it waits for a run that is under way. */
export function periodic(clock: Clock, log: Log, ms: number, name: string, work: () => Promise<unknown>): Stop {
  let running: Promise<unknown> | null = null
  const cancel = clock.every(ms, () => {
    running ??= work()
      .catch((err: unknown) => log.error({ err, work: name }, 'periodic work failed; it is tried again'))
      .finally(() => {
        running = null
      })
  })
  return async () => {
    cancel()
    await running
  }
}

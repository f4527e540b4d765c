/**
 * Writes on which nobody who reads or comes in may depend: where the disk refuses one, it and those after it wait in memory, in their order,
 * and are tried again until the disk takes them. What still waits is lost with the process.
 */
import { secondMs } from '@hub/core'
import { type Clock, isDiskRefusal, type Log } from '@hub/platform'

const retryMs = 2 * secondMs
/** Beyond it the oldest are given up. */
const most = 10_000

export interface Deferred {
  /** Resolves when it is written, or waits. @throws what `work` throws for another reason */
  run(work: () => Promise<unknown>): Promise<void>
}

export function createDeferred(clock: Clock, log: Log): Deferred {
  const waiting: (() => Promise<unknown>)[] = []
  const retry = async () => {
    try {
      for (; waiting.length > 0; waiting.shift()) await waiting[0]!()
      log.info('the disk takes what had to wait')
    } catch (err) {
      if (!isDiskRefusal(err))
        log.error({ err, given: waiting.shift() !== undefined }, 'a write that had to wait failed')
      clock.after(retryMs, () => void retry())
    }
  }
  return {
    async run(work) {
      if (waiting.length === 0)
        try {
          await work()
          return
        } catch (err) {
          if (!isDiskRefusal(err)) throw err
          log.warn({ err }, 'the disk refuses: what sessions write waits in memory')
          clock.after(retryMs, () => void retry())
        }
      if (waiting.length >= most) waiting.shift()
      waiting.push(work)
    },
  }
}

/** The History that the configuration names. */
import { join } from 'node:path'
import { hourMs, secondMs } from '@hub/core'
import type { DeadLetter } from '../bus/dead-letters.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { PlatformConfig } from '../platform-config.ts'
import { openEmbeddedHistory } from './embedded.ts'
import { openInfluxHistory } from './influxdb/history.ts'
import { openJournal } from './journal/journal.ts'
import type { History } from './port.ts'

const trimEveryMs = hourMs

export function openHistory(
  { history: config, data }: Pick<PlatformConfig, 'history' | 'data'>,
  deps: { clock: Clock; log: Log; metrics: Metrics; park(letter: DeadLetter): Promise<void> },
): History {
  if (config.kind === 'embedded') {
    const history = openEmbeddedHistory(join(data, 'history.db'), { keep: config.keep, now: deps.clock.now })
    const cancel = deps.clock.every(trimEveryMs, () => {
      history.trim().catch((err: unknown) => deps.log.error({ err }, 'the history was not trimmed; it is tried again'))
    })
    return {
      ...history,
      async close() {
        cancel()
        await history.close()
      },
    }
  }
  const { url, version, database, org, token, keep, journal } = config
  const server = openInfluxHistory({
    url,
    version,
    database,
    keep,
    timeoutMs: config.timeoutSeconds * secondMs,
    ...(org !== undefined && { org }),
    ...(token !== undefined && { token }),
  })
  return openJournal(server, {
    ...deps,
    keep,
    path: join(data, 'history-journal.db'),
    maxBytes: journal.maxMegabytes * 1_000_000,
    settleMs: journal.settleSeconds * secondMs,
    staleAfterMs: journal.staleAfterSeconds * secondMs,
  })
}

/** A journal in a folder of its own, on the real clock, with a way to wait for what it does. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { DeadLetter } from '../../bus/dead-letters.ts'
import { silentLog } from '../../log.ts'
import { createMetrics } from '../../metrics.ts'
import { createSystemClock } from '../../system-clock.ts'
import type { RowStore } from '../influxdb/history.ts'
import { type JournalOptions, openJournal } from '../journal/journal.ts'
import type { History } from '../port.ts'

export const forever = { fiveMinutes: 'forever', hours: 'forever', days: 'forever', telemetry: 'forever' } as const

export function openTestJournal(store: History & RowStore, options: Partial<JournalOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const path = join(folder, 'history-journal.db')
  const metrics = createMetrics()
  const clock = createSystemClock()
  const parked: DeadLetter[] = []
  const history = openJournal(store, {
    path,
    clock,
    metrics,
    log: silentLog,
    park: async (letter) => void parked.push(letter),
    keep: forever,
    maxBytes: 100_000_000,
    settleMs: 60_000,
    staleAfterMs: 1_000,
    ...options,
  })
  const file = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  const waiting = (phase?: string) =>
    (
      file.prepare('SELECT count(*) AS n FROM waiting WHERE ?1 IS NULL OR phase = ?1').get(phase ?? null) as {
        n: number
      }
    ).n
  const until = async (done: () => boolean, ms = 60_000) => {
    for (const end = Date.now() + ms; !done(); ) {
      if (Date.now() > end) throw new Error(`the journal still holds ${waiting('open')} + ${waiting('settling')} rows`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const readBack = () => until(() => waiting('open') === 0)
  /** Each write resolves when it has been read back once. */
  const patiently =
    <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      await write(...args)
      await readBack()
    }
  const patient: History = {
    ...history,
    writeUptime: patiently(history.writeUptime),
    writeProbes: patiently(history.writeProbes),
    writeTelemetry: patiently(history.writeTelemetry),
  }
  return {
    history,
    parked,
    patient,
    waiting,
    readBack,
    /** Until nothing waits: what is written has been read back twice. */
    empty: (ms?: number) => until(() => waiting() === 0, ms),
    async figure(name: string): Promise<number> {
      const line = (await metrics.text()).split('\n').find((line) => line.startsWith(name))
      return Number(line?.split(' ').at(-1) ?? Number.NaN)
    },
    async close() {
      file.close()
      await history.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The usual design: a row for each observation, indexed by device and time, with the same durability for the same groups. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ObservationBatch } from '@hub/contracts'
import { makeLoad } from './load.ts'
import { type Figures, measure, warmUpRounds } from './measure.ts'

export async function rows(folder: string, roundCount: number): Promise<Figures> {
  const sqlite = new DatabaseSync(join(folder, 'rows.db'))
  sqlite.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE observation (device TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, verdict TEXT NOT NULL, rung TEXT NOT NULL,
      reason TEXT, ms REAL, vals TEXT, PRIMARY KEY (device, at)) WITHOUT ROWID`)
  const insert = sqlite.prepare('INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const load = makeLoad(warmUpRounds + roundCount, Date.now() - 5 * 86_400_000)
  const store = (round: Buffer[]) => {
    sqlite.exec('BEGIN IMMEDIATE')
    for (const payload of round)
      for (const o of ObservationBatch.parse(JSON.parse(payload.toString())).observations)
        insert.run(
          o.device,
          o.at,
          o.kind,
          o.verdict,
          o.rung,
          o.reason ?? null,
          o.ms ?? null,
          o.values ? JSON.stringify(o.values) : null,
        )
    sqlite.exec('COMMIT')
  }
  for (const round of load.rounds.slice(0, warmUpRounds)) store(round)
  const figures = await measure(roundCount * load.devices.length, async () => {
    for (const round of load.rounds.slice(warmUpRounds)) store(round)
  })
  sqlite.close()
  return figures
}

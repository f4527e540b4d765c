/** What lies on the disks of the hub and of a gateway, read from outside with SQLite alone. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'
import type { Observation } from '@hub/contracts'

export type RawBatch = { id: number; gateway: string; epoch: number; seq: number; observations: Observation[] }
type BatchRow = Omit<RawBatch, 'observations'> & { payload: Uint8Array }

/** Every batch that the centre has committed after that one, in order of commit. The hub may be running. */
export function committed(data: string, after = 0): RawBatch[] {
  const db = new DatabaseSync(join(data, 'record.db'), { readOnly: true, timeout: 5_000 })
  try {
    const rows = db
      .prepare('SELECT id, gateway, epoch, seq, payload FROM batch WHERE id > ? ORDER BY id')
      .all(after) as BatchRow[]
    return rows.map(({ payload, ...name }) => ({
      ...name,
      observations: JSON.parse(zstdDecompressSync(payload).toString()).observations,
    }))
  } finally {
    db.close()
  }
}

export type Spooled = { epoch: number /** Last number given. */; seq: number; waiting: number[] }

/** The spool of a gateway that is not running: it lets nobody else in. A copy is read, so that the file stays as the crash left it. */
export function spooled(dir: string): Spooled {
  const copy = mkdtempSync(join(tmpdir(), 'spool-'))
  for (const name of ['spool.sqlite', 'spool.sqlite-wal'])
    if (existsSync(join(dir, name))) copyFileSync(join(dir, name), join(copy, name))
  const db = new DatabaseSync(join(copy, 'spool.sqlite'))
  try {
    const { epoch, seq } = db.prepare('SELECT epoch, seq FROM spool').get() as { epoch: number; seq: number }
    const rows = db.prepare('SELECT seq FROM batch ORDER BY seq').all() as { seq: number }[]
    return { epoch, seq, waiting: rows.map((row) => row.seq) }
  } finally {
    db.close()
    rmSync(copy, { recursive: true })
  }
}

/** All looks at each device, in order of commit. */
export function looksByDevice(batches: readonly RawBatch[]): Map<string, Observation[]> {
  return Map.groupBy(
    batches.flatMap((batch) => batch.observations),
    (observation) => observation.device,
  )
}

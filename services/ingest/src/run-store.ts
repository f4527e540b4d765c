/**
 * Runs in the Record: the newest as rows, those of days that are over packed, a row for a device and day; of settled months a row for a
 * device and month with its digest. Whoever reads sees no difference. A run is in a row or in a pack, never in both: what is late is
 * written after its day was opened again (`openDays`), and packed with the next pass.
 */
import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { daySpan, decodeRuns, encodeRuns, monthOf, monthSpan, type Run, type Span } from '@hub/core'

export type RunRow = {
  first_at: number
  last_at: number
  fresh_until: number
  count: number
  verdict: Run['verdict']
  rung: Run['rung']
  reason: NonNullable<Run['reason']> | null
  heads: string
}
type PackRow = { from_at: number; to_at: number; runs: Uint8Array }

/** Rows of one device that are packed at once. */
const rowsAtOnce = 2_000

const runOf = (r: RunRow): Run => ({
  verdict: r.verdict,
  rung: r.rung,
  ...(r.reason === null ? {} : { reason: r.reason }),
  firstAt: r.first_at,
  lastAt: r.last_at,
  freshUntil: r.fresh_until,
  count: r.count,
  heads: JSON.parse(r.heads),
})

export const unpackRuns = (packed: Uint8Array): Run[] => decodeRuns(zstdDecompressSync(packed))

export function createRunStore(sqlite: DatabaseSync) {
  const put = sqlite.prepare('INSERT OR REPLACE INTO probe_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const drop = sqlite.prepare('DELETE FROM probe_run WHERE device = ? AND first_at = ?')
  const dropBefore = sqlite.prepare('DELETE FROM probe_run WHERE device = ? AND first_at <= ?')
  const rowsFrom = sqlite.prepare('SELECT * FROM probe_run WHERE device = ? AND first_at >= ? ORDER BY first_at')
  const rowsUpTo = sqlite.prepare('SELECT * FROM probe_run WHERE device = ? AND first_at < ? ORDER BY first_at LIMIT ?')
  const rowsBefore = sqlite.prepare('SELECT * FROM probe_run WHERE device = ? AND first_at < ? ORDER BY first_at DESC')
  const ofPacks = 'SELECT from_at, to_at, runs FROM probe_run_pack WHERE device = ? AND runs IS NOT NULL'
  const packsFrom = sqlite.prepare(`${ofPacks} AND to_at > ? ORDER BY from_at`)
  const packsBefore = sqlite.prepare(`${ofPacks} AND from_at < ? ORDER BY from_at DESC`)
  const packsToJoin = sqlite.prepare(
    `${ofPacks} AND ((digest IS NULL AND from_at < ?) OR (from_at <= ? AND to_at > ?)) ORDER BY from_at`,
  )
  const putPack = sqlite.prepare('INSERT OR REPLACE INTO probe_run_pack VALUES (?, ?, ?, ?, ?, ?)')
  const dropPack = sqlite.prepare('DELETE FROM probe_run_pack WHERE device = ? AND from_at = ?')
  const emptyPacks = sqlite.prepare(
    'UPDATE probe_run_pack SET runs = NULL WHERE device = ? AND to_at <= ? AND runs IS NOT NULL',
  )

  const putRun = (device: string, r: Run): void =>
    void put.run(
      device,
      r.firstAt,
      r.lastAt,
      r.freshUntil,
      r.count,
      r.verdict,
      r.rung,
      r.reason ?? null,
      JSON.stringify(r.heads),
    )
  /** @param sealed with its digest: of a month that is settled */
  const writePack = (device: string, { from, to }: Span, runs: readonly Run[], sealed: boolean): void => {
    const bytes = encodeRuns(runs)
    const digest = sealed ? createHash('sha256').update(bytes).digest() : null
    putPack.run(device, from, to, runs.length, digest, zstdCompressSync(bytes))
  }

  return {
    putRun,
    dropRun: (device: string, firstAt: number) => void drop.run(device, firstAt),

    /** Runs that begin at or after `from`, oldest first. */
    runsFrom(device: string, from: number): Run[] {
      const rows = (rowsFrom.all(device, from) as RunRow[]).map(runOf)
      const packs = packsFrom.all(device, from) as PackRow[]
      if (packs.length === 0) return rows
      const packed = packs.flatMap(({ runs }) => unpackRuns(runs)).filter(({ firstAt }) => firstAt >= from)
      return [...packed, ...rows].sort((a, b) => a.firstAt - b.firstAt)
    },

    /** Runs that begin before `at`, newest first, read only as far as they are asked for. */
    *runsBefore(device: string, at: number): Generator<Run> {
      function* packed(): Generator<Run> {
        for (const { runs } of packsBefore.iterate(device, at) as Iterable<PackRow>)
          for (const run of unpackRuns(runs).reverse()) if (run.firstAt < at) yield run
      }
      const packs = packed()
      try {
        let next = packs.next()
        for (const row of rowsBefore.iterate(device, at) as Iterable<RunRow>) {
          for (; !next.done && next.value.firstAt > row.first_at; next = packs.next()) yield next.value
          yield runOf(row)
        }
        for (; !next.done; next = packs.next()) yield next.value
      } finally {
        // A statement that is left half read keeps its snapshot, and the log of SQLite grows until it is collected.
        packs.return(undefined)
      }
    },

    /** Before runs that begin then are written or dropped: the packed runs of those days become rows again. */
    openDays(device: string, beginnings: readonly number[]): void {
      const least = beginnings.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
      for (const { from_at: from, to_at: to, runs } of packsFrom.all(device, least) as PackRow[]) {
        const days = beginnings.filter((at) => at >= from && at < to).map((at) => daySpan(at).from)
        if (days.length === 0) continue
        const apart = Map.groupBy(unpackRuns(runs), ({ firstAt }) => days.includes(daySpan(firstAt).from))
        for (const run of apart.get(true) ?? []) putRun(device, run)
        dropPack.run(device, from)
        const rest = apart.get(false) ?? []
        if (rest.length > 0) writePack(device, { from, to }, rest, false)
      }
    },

    /**
     * Packs runs that begin before `before` by days, and what is of settled months by months.
     * @param before no run that begins earlier may still grow
     * @returns false when there are more rows: call it again
     */
    packRuns(device: string, { before, settled }: { before: number; settled: number }): boolean {
      const rows = rowsUpTo.all(device, before, rowsAtOnce) as RunRow[]
      const [first = Number.POSITIVE_INFINITY, last = Number.NEGATIVE_INFINITY] = [
        rows[0]?.first_at,
        rows.at(-1)?.first_at,
      ]
      const packs = packsToJoin.all(device, settled, last, first) as PackRow[]
      if (rows.length === 0 && packs.length === 0) return true
      const runs = [...packs.flatMap((pack) => unpackRuns(pack.runs)), ...rows.map(runOf)]
      runs.sort((a, b) => a.firstAt - b.firstAt)
      for (const { from_at } of packs) dropPack.run(device, from_at)
      dropBefore.run(device, last)
      for (const [month, some] of Map.groupBy(runs, ({ firstAt }) => spanOf(firstAt, settled).from))
        writePack(device, spanOf(month, settled), some, month < settled)
      return rows.length < rowsAtOnce
    },

    /** What was said in a row before then is no longer kept; its digest is. */
    emptyRuns: (device: string, before: number) => void emptyPacks.run(device, before),
  }
}

const spanOf = (at: number, settled: number): Span => (at < settled ? monthSpan(monthOf(at)) : daySpan(at))

/**
 * Digests of batches, packed by source and hour: their numbers by column, and the Merkle root over their lines (reports/docs/pack.md), by which a
 * pack of a month can name them when the digests have gone. Made on the thread of long queries.
 */
import { createHash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import { type BatchDigest, type BatchSource, batchLine, encodeDigests, hourMs, seqRanges } from '@hub/core'
import type { ReadSource } from '@hub/platform'

/** Of one transaction, which deletes as many rows: some ten milliseconds. */
const batchesAtMost = 5_000

export type DigestPack = {
  /** Of its first batch. */
  id: number
  source: number
  receivedFrom: number
  receivedTo: number
  firstAt: number
  lastAt: number
  batches: number
  count: number
  seqs: string
  root: Uint8Array
  payload: Uint8Array
}
/** `upTo`: the last row that is in one of these packs. */
export type DigestPacks = { packs: DigestPack[]; upTo: number }

type Row = BatchSource & {
  id: number
  source: number
  seq: number
  firstAt: number
  lastAt: number
  count: number
  receivedAt: number
  digest: Uint8Array
  signature: Uint8Array | null
}

/** The oldest digests that are rows, as far as they came in one hour. @param before only hours that had ended by then. Null: there are none */
export const packOldestDigests = (source: ReadSource, { before }: { before: number }): Promise<DigestPacks | null> =>
  source.snapshot((sqlite) => {
    const rows = sqlite
      .prepare(
        `SELECT batch_digest.id, source, gateway, epoch, key, seq, first_at AS firstAt, last_at AS lastAt, count, received_at AS receivedAt,
         digest, signature FROM batch_digest JOIN batch_source ON batch_source.id = source ORDER BY batch_digest.id LIMIT ${batchesAtMost}`,
      )
      .all() as Row[]
    const hour = (row: Row) => Math.floor(row.receivedAt / hourMs)
    const first = rows[0]
    if (!first || (hour(first) + 1) * hourMs > before) return null
    const end = rows.findIndex((row) => hour(row) !== hour(first))
    const own = end < 0 ? rows : rows.slice(0, end)
    const packs = [...Map.groupBy(own, (row) => row.source).values()].map(packed)
    return { packs, upTo: own.at(-1)!.id }
  })

function packed(rows: readonly Row[]): DigestPack {
  const [{ id, source, gateway, epoch, key }] = rows as [Row, ...Row[]]
  const batches = rows
    .map(({ digest, signature, seq, firstAt, lastAt, count, receivedAt }): BatchDigest => {
      const signed = signature ? Buffer.from(signature).toString('base64url') : ''
      return {
        seq,
        firstAt,
        lastAt,
        count,
        receivedAt,
        digest: Buffer.from(digest).toString('hex'),
        signature: signed,
      }
    })
    .sort((a, b) => a.seq - b.seq)
  return {
    id,
    source,
    receivedFrom: Math.min(...rows.map(({ receivedAt }) => receivedAt)),
    receivedTo: Math.max(...rows.map(({ receivedAt }) => receivedAt)),
    firstAt: Math.min(...rows.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...rows.map(({ lastAt }) => lastAt)),
    batches: rows.length,
    count: rows.reduce((sum, { count }) => sum + count, 0),
    seqs: seqRanges(batches.map(({ seq }) => seq)),
    root: rootOfLines(batches.map((batch) => batchLine({ gateway, epoch, key }, batch))),
    payload: zstdCompressSync(encodeDigests(batches)),
  }
}

/** RFC 6962 2.1: neighbours in pairs, one that is left goes up as it is. */
export function rootOfLines(lines: readonly string[]): Buffer {
  const hash = (prefix: number, ...parts: (string | Buffer)[]) => {
    const sum = createHash('sha256').update(Uint8Array.of(prefix))
    for (const part of parts) sum.update(part)
    return sum.digest()
  }
  let level = lines.map((line) => hash(0, line))
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const [left, right] = [level[2 * i]!, level[2 * i + 1]]
      return right ? hash(1, left, right) : left
    })
  return level[0] ?? createHash('sha256').digest()
}

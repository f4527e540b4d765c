/** The batches that the figures of a month rest on: what stays of them, one line each; where only the root of an hour is left, one line an hour. */
import { zstdDecompressSync } from 'node:zlib'
import type { IngestViews } from '@hub/contracts'
import { type BatchDigest, type BatchSource, batchLine, decodeDigests, rangesOf, type Span } from '@hub/core'
import { yieldToEventLoop } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'
import { type Gap, gapsOf, Spools } from './gaps.ts'
import { MerkleTree } from './merkle.ts'

type Db = Kysely<ReportsData>
/** `hours`: those whose digests have gone; absent where there are none. */
export type Evidence = {
  batches: number
  unsigned: number
  root: string
  missing: Gap[]
  hours?: { lines: number; batches: number; unsigned: number; root: string }
}

/** Rows of one read: the thread is everybody's. */
const perRead = 2_000
const packsPerRead = 16

export const evidenceColumns =
  'gateway\tepoch\tseq\tfirstAt\tlastAt\tcount\treceivedAt\tdigest\tkey\tsignature' as const
export const hourColumns =
  'gateway\tepoch\tseqs\tfirstAt\tlastAt\tcount\treceivedFrom\treceivedTo\tbatches\troot\tkey' as const

type Pack = IngestViews['ingest_batch_digest_pack']
/** Whether a batch of this spool, of these numbers and of this time, is one of those that are looked for. */
type Wanted = (source: BatchSource, seqs: { from: number; to: number }, time: Span) => boolean

/**
 * All batches of these gateways with an observation in the period, and those between them by number; what is still missing then is named.
 * Rows are read before packs: what is packed meanwhile is then read twice, and counted once.
 * @param write takes the lines, each with its end
 * @returns also the lines of hours, for a file of their own
 */
export async function writeEvidence(
  db: Db,
  gateways: readonly string[],
  { from, to }: Span,
  write: (text: string) => void,
): Promise<{ evidence: Evidence; hours: string[] }> {
  const sources = await db.selectFrom('ingest_batch_source').selectAll().execute()
  const served = new Map(sources.filter(({ gateway }) => gateways.includes(gateway)).map((one) => [one.id, one]))
  const [tree, hourTree] = [new MerkleTree(), new MerkleTree()]
  const spools = new Spools()
  const counted = { batches: 0, unsigned: 0 }
  const ofHours = { lines: 0, batches: 0, unsigned: 0 }
  const hours: string[] = []
  /** Of rows: each may be packed by the time at which packs are read. */
  const recent = new Set<string>()

  const put = (some: readonly (readonly [BatchSource, BatchDigest])[]) => {
    const lines = some.map(([source, batch]) => {
      const line = batchLine(source, batch)
      tree.add(line)
      counted.batches++
      if (batch.signature === '') counted.unsigned++
      spools.add(source, { from: batch.seq, to: batch.seq })
      return `${line}\n`
    })
    write(lines.join(''))
  }
  const putHour = (source: BatchSource, pack: Pack) => {
    const { gateway, epoch, key } = source
    const times = [pack.first_at, pack.last_at, pack.count, pack.received_from, pack.received_to, pack.batches]
    const line = [gateway, epoch, pack.seqs, ...times, hex(pack.root), key || '-'].join('\t')
    hourTree.add(line)
    hours.push(`${line}\n`)
    ofHours.lines++
    ofHours.batches += pack.batches
    if (key === '') ofHours.unsigned += pack.batches
    for (const range of rangesOf(pack.seqs)) spools.add(source, range)
  }
  const take = async (wanted: Wanted) => {
    for await (const rows of rowsSince(db, from)) {
      const own = rows.flatMap((row) => {
        const source = served.get(row.source)
        const batch = batchOf(row)
        const time = { from: batch.firstAt, to: batch.lastAt }
        return source && wanted(source, { from: row.seq, to: row.seq }, time) ? [[source, batch] as const] : []
      })
      const fresh = own.filter(([source, { seq }]) => !recent.has(nameOf(source, seq)))
      for (const [source, { seq }] of fresh) recent.add(nameOf(source, seq))
      put(fresh)
    }
    for await (const packs of packsSince(db, from - aheadMs))
      for (const pack of packs) {
        const source = served.get(pack.source)
        if (!source) continue
        const time = { from: pack.first_at, to: pack.last_at }
        if (!rangesOf(pack.seqs).some((range) => wanted(source, range, time))) continue
        if (pack.payload === null) putHour(source, pack)
        else
          put(
            decodeDigests(zstdDecompressSync(pack.payload).toString())
              .filter(({ seq, firstAt, lastAt }) =>
                wanted(source, { from: seq, to: seq }, { from: firstAt, to: lastAt }),
              )
              .filter(({ seq }) => !recent.has(nameOf(source, seq)))
              .map((batch) => [source, batch] as const),
          )
        await yieldToEventLoop()
      }
  }
  const within = (time: Span) => time.to >= from && time.from < to
  await take((_, __, time) => within(time))
  // One of which all was refused has no time of its own, and a sensor's clock may lie: their numbers say that they belong between.
  const gaps = gapsOf(spools)
  if (gaps.length > 0)
    await take(
      ({ gateway, epoch }, seqs, time) =>
        !within(time) &&
        gaps.some(
          (gap) => gap.gateway === gateway && gap.epoch === epoch && seqs.to >= gap.from && seqs.from <= gap.to,
        ),
    )
  const evidence = { ...counted, root: tree.root(), missing: gapsOf(spools) }
  return hours.length === 0
    ? { evidence, hours }
    : { evidence: { ...evidence, hours: { ...ofHours, root: hourTree.root() } }, hours }
}

const nameOf = ({ gateway, epoch }: BatchSource, seq: number): string => `${gateway}/${epoch}/${seq}`
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const batchOf = (row: IngestViews['ingest_batch_digest']): BatchDigest => ({
  seq: row.seq,
  firstAt: row.first_at,
  lastAt: row.last_at,
  count: row.count,
  receivedAt: row.received_at,
  digest: hex(row.digest),
  signature: row.signature ? Buffer.from(row.signature).toString('base64url') : '',
})

/** In the order in which they were taken. */
async function* rowsSince(db: Db, from: number) {
  for (let last = (await firstSince(db, from)) - 1; ; ) {
    const rows = await db
      .selectFrom('ingest_batch_digest')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(perRead)
      .execute()
    if (rows.length === 0) return
    last = rows.at(-1)!.id
    yield rows
    await yieldToEventLoop()
  }
}

async function* packsSince(db: Db, receivedFrom: number) {
  for (let last = -1; ; ) {
    const packs = await db
      .selectFrom('ingest_batch_digest_pack')
      .selectAll()
      .where('id', '>', last)
      .where('received_to', '>=', receivedFrom)
      .orderBy('id')
      .limit(packsPerRead)
      .execute()
    if (packs.length === 0) return
    last = packs.at(-1)!.id
    yield packs
  }
}

/** The id of the first batch that came at an instant or after it: they are numbered as they came. Nothing of a period comes before it begins. */
async function firstSince(db: Db, at: number): Promise<number> {
  const from = (id: number) =>
    db
      .selectFrom('ingest_batch_digest')
      .select(['id', 'received_at'])
      .where('id', '>=', id)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
  let low = 0
  let high =
    ((
      await db
        .selectFrom('ingest_batch_digest')
        .select((of) => of.fn.max('id').as('id'))
        .executeTakeFirst()
    )?.id ?? 0) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await from(middle)
    if (row && row.received_at < at - aheadMs) low = row.id + 1
    else high = middle
  }
  return low
}

/** A gateway's clock may run ahead by as much (ingest refuses more): its observations may be of the minute to come. */
const aheadMs = 60_000

/** The batches that the figures of a month rest on: what stays of them for ever, one line each. */
import type { Span } from '@hub/core'
import { yieldToEventLoop } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { ReportsData } from '../tables.ts'
import { MerkleTree } from './merkle.ts'

type Db = Kysely<ReportsData>
export type Gap = { gateway: string; epoch: number; from: number; to: number }
export type Evidence = { batches: number; unsigned: number; root: string; missing: Gap[] }

/** Rows of one read: the thread is everybody's. */
const perRead = 2_000

export const evidenceColumns =
  'gateway\tepoch\tseq\tfirstAt\tlastAt\tcount\treceivedAt\tdigest\tkey\tsignature' as const

/**
 * All batches of these gateways with an observation in the period, in the order in which they were taken, and those between them by number;
 * what is still missing then is named.
 * @param write takes the lines, each with its end
 */
export async function writeEvidence(
  db: Db,
  gateways: readonly string[],
  { from, to }: Span,
  write: (text: string) => void,
): Promise<Evidence> {
  const sources = await db.selectFrom('ingest_batch_source').selectAll().execute()
  const served = new Map(sources.filter(({ gateway }) => gateways.includes(gateway)).map((one) => [one.id, one]))
  const tree = new MerkleTree()
  const seqs = new Map<string, number[]>()
  const found: Evidence = { batches: 0, unsigned: 0, root: '', missing: [] }
  const first = await firstSince(db, from)
  const take = async (wanted: (row: { source: number; seq: number; first_at: number; last_at: number }) => boolean) => {
    for (let last = first - 1; ; ) {
      const rows = await db
        .selectFrom('ingest_batch_digest')
        .selectAll()
        .where('id', '>', last)
        .orderBy('id')
        .limit(perRead)
        .execute()
      if (rows.length === 0) return
      last = rows.at(-1)!.id
      const lines: string[] = []
      for (const row of rows) {
        const source = served.get(row.source)
        if (!source || !wanted(row)) continue
        const { gateway, epoch, key } = source
        const digest = Buffer.from(row.digest).toString('hex')
        const signature = row.signature ? Buffer.from(row.signature).toString('base64url') : '-'
        const times = [row.first_at, row.last_at, row.count, row.received_at]
        const line = [gateway, epoch, row.seq, ...times, digest, key || '-', signature].join('\t')
        tree.add(line)
        lines.push(`${line}\n`)
        found.batches++
        if (!row.signature) found.unsigned++
        const spool = `${gateway}:${epoch}`
        const numbers = seqs.get(spool)
        if (numbers) numbers.push(row.seq)
        else seqs.set(spool, [row.seq])
      }
      write(lines.join(''))
      await yieldToEventLoop()
    }
  }
  await take(({ first_at, last_at }) => last_at >= from && first_at < to)
  // One of which all was refused has no time of its own, and a sensor's clock may lie: their numbers say that they belong between.
  const gaps = gapsOf(seqs)
  if (gaps.length > 0)
    await take(({ source, seq, first_at, last_at }) => {
      if (last_at >= from && first_at < to) return false
      const { gateway, epoch } = served.get(source)!
      return gaps.some((gap) => gap.gateway === gateway && gap.epoch === epoch && seq >= gap.from && seq <= gap.to)
    })
  return { ...found, root: tree.root(), missing: gapsOf(seqs) }
}

/** Numbers that are missing between the first and the last of each spool: a spool counts without gaps. */
function gapsOf(spools: ReadonlyMap<string, number[]>): Gap[] {
  return [...spools].flatMap(([spool, numbers]) => {
    const [gateway, epoch] = spool.split(':')
    const sorted = numbers.toSorted((a, b) => a - b)
    return sorted.flatMap((seq, n): Gap[] => {
      const next = sorted[n + 1]
      return next === undefined || next <= seq + 1
        ? []
        : [{ gateway: gateway!, epoch: Number(epoch), from: seq + 1, to: next - 1 }]
    })
  })
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

/**
 * The batches of a hub's database: their digests as rows, packed by the hour, or of hours of which only the root is left; held against the signatures
 * of the gateways, the observations that are still kept, and what packs have sealed.
 */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { zstdDecompressSync } from 'node:zlib'
import { type Batch, type Hour, hourLineOf, hourNameOf, isSealed, lineOf, nameOf, spansOf } from './batches.ts'
import { utf8 } from './bytes.ts'
import type { Findings } from './findings.ts'
import { merkleRoot } from './merkle.ts'
import type { Pack } from './pack.ts'

export type All = <T>(sql: string, ...parameters: (string | number)[]) => T[]

export type RecordBatches = {
  /** By name. */
  rows: Map<string, Batch>
  /** Of which only numbers and root are left. */
  hours: Hour[]
  /** Lines of these hours that packs have, by number. */
  sealed: Map<Hour, Map<number, string>>
  hourOf(batch: Pick<Batch, 'gateway' | 'epoch' | 'seq'>): Hour | undefined
}

type Source = { gateway: string; epoch: number; key: string }
type PackRow = Source & Omit<Hour, 'root'> & { root: Uint8Array; payload: Uint8Array | null }

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
/** `,"seal":{"key":"` 43 `","signature":"` 86 `"}}`. */
const suffixBytes = 163

export async function readBatches(found: Findings, all: All): Promise<RecordBatches> {
  const rows = new Map<string, Batch>()
  const hours: Hour[] = []
  type Row = Omit<Batch, 'digest' | 'signature'> & { digest: Uint8Array; signature: Uint8Array | null }
  for (const { digest, signature, key, ...row } of all<Row>(
    `SELECT gateway, epoch, seq, first_at AS firstAt, last_at AS lastAt, count, received_at AS receivedAt, digest, key, signature
     FROM batch_digest JOIN batch_source ON batch_source.id = source ORDER BY batch_digest.id`,
  )) {
    const signed = signature ? Buffer.from(signature).toString('base64url') : '-'
    rows.set(nameOf(row), { ...row, digest: hex(digest), key: key || '-', signature: signed })
  }
  const isPacked = all("SELECT 1 FROM sqlite_schema WHERE name = 'batch_digest_pack'").length > 0
  const packs = isPacked
    ? all<PackRow>(
        `SELECT gateway, epoch, key, seqs, first_at AS firstAt, last_at AS lastAt, count, received_from AS receivedFrom,
         received_to AS receivedTo, batches, root, payload FROM batch_digest_pack JOIN batch_source ON batch_source.id = source ORDER BY batch_digest_pack.id`,
      )
    : []
  for (const { payload, root, ...row } of packs) {
    const hour = { ...row, key: row.key || '-', root: hex(root) }
    if (!payload) {
      hours.push(hour)
      continue
    }
    const batches = unpacked(row, zstdDecompressSync(payload).toString())
    for (const batch of batches) rows.set(nameOf(batch), batch)
    if ((await rootOf(batches.map(lineOf))) !== hour.root)
      found.fault('record', 'record-hour-differs', hourNameOf(hour))
  }
  const spans = Map.groupBy(
    hours.flatMap((hour) => spansOf(hour).map((span) => ({ ...span, hour }))),
    ({ gateway, epoch }) => `${gateway}/${epoch}`,
  )
  for (const own of spans.values()) own.sort((a, b) => a.from - b.from)
  return {
    rows,
    hours,
    sealed: new Map(),
    hourOf({ gateway, epoch, seq }) {
      const own = spans.get(`${gateway}/${epoch}`) ?? []
      let [low, high] = [0, own.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (own[middle]!.to < seq) low = middle + 1
        else high = middle
      }
      const span = own[low]
      return span && span.from <= seq ? span.hour : undefined
    },
  }
}

/** Lines of tab-separated numbers: of numbers and times the steps, then what follows from them; digests and signatures on end. */
function unpacked({ gateway, epoch, key }: Source, text: string): Batch[] {
  const [seqs, firsts, lengths, counts, delays, digests, signatures] = text.split('\n') as [string, ...string[]]
  const column = (line: string | undefined) => line!.split('\t').map(Number)
  const [starts, spans, counted, waits] = [column(firsts), column(lengths), column(counts), column(delays)]
  let [seq, firstAt] = [0, 0]
  return column(seqs).map((step, i) => {
    seq += step
    firstAt += starts[i]!
    const lastAt = firstAt + spans[i]!
    const digest = digests!.slice(64 * i, 64 * i + 64)
    const signature = signatures!.slice(86 * i, 86 * i + 86) || '-'
    return {
      gateway,
      epoch,
      seq,
      firstAt,
      lastAt,
      count: counted[i]!,
      receivedAt: lastAt + waits[i]!,
      digest,
      key: key || '-',
      signature,
    }
  })
}

const rootOf = (lines: readonly string[]) => merkleRoot(lines.map(utf8))

/** Of every batch, also of those that no card rests on yet. */
export async function checkDigests(found: Findings, { rows, hours }: RecordBatches, all: All): Promise<void> {
  const keys = all<{ gateway: string; key: string; pinned_at: number | null }>(
    'SELECT gateway, key, pinned_at FROM gateway_key',
  )
  const pinned = new Set(keys.filter((one) => one.pinned_at !== null).map(({ gateway, key }) => `${gateway} ${key}`))
  for (const [name, batch] of rows) {
    if (batch.signature === '-') continue
    if (!(await isSealed(batch))) found.fault('record', 'record-batch-signature', name)
    if (!pinned.has(`${batch.gateway} ${batch.key}`)) found.fault('record', 'record-batch-key', name)
  }
  for (const hour of hours)
    if (hour.key !== '-' && !pinned.has(`${hour.gateway} ${hour.key}`))
      found.fault('record', 'record-batch-key', hourNameOf(hour))
  found.count('record', rows.size + hours.length)
}

type Kept = { said?: string; observations: object[] }

/** Observations that are still kept, against their digests. */
export function checkRaw(found: Findings, { rows }: RecordBatches, all: All): void {
  for (const { payload, ...name } of all<Pick<Batch, 'gateway' | 'epoch' | 'seq'> & { payload: Uint8Array }>(
    'SELECT gateway, epoch, seq, payload FROM batch',
  )) {
    const row = rows.get(nameOf(name))
    if (!row) found.fault('record', 'record-batch-undigested', nameOf(name))
    else if (!isOf(row, zstdDecompressSync(payload))) found.fault('record', 'record-raw-differs', nameOf(name))
  }
}

/** Whether a message as it is kept is that of the digest. Of one that was refused in part what counted is kept, and beside it all that was said. */
function isOf(row: Batch, message: Buffer): boolean {
  if (digestOf(row, message) === row.digest) return true
  try {
    const { said, observations }: Kept = JSON.parse(message.toString())
    if (observations.length !== row.count) return false
    if (row.count === 0) return true
    const bytes = Buffer.from(said!, 'latin1')
    const all = (JSON.parse(bytes.toString()) as Kept).observations
    return digestOf(row, bytes) === row.digest && isPartOf(observations, all)
  } catch {
    return false
  }
}

function digestOf({ signature }: Batch, message: Buffer): string {
  return sha256(
    signature === '-' ? message : Buffer.concat([message.subarray(0, message.length - suffixBytes), Buffer.from('}')]),
  )
}

/** In their order, each of them once. */
function isPartOf(some: readonly object[], all: readonly object[]): boolean {
  let next = 0
  for (const one of all) if (next < some.length && isDeepStrictEqual(one, some[next])) next++
  return next === some.length
}

export function checkSealedBatches(found: Findings, pack: Pack, record: RecordBatches): void {
  const { batches, hours, predicate, keys } = pack
  if (!predicate) return
  const sealed = new Set<string>()
  const ofHour = new Map<Hour, number>()
  for (const batch of batches) {
    const name = nameOf(batch)
    sealed.add(name)
    const row = record.rows.get(name)
    const hour = row ? undefined : record.hourOf(batch)
    if (hour) {
      ofHour.set(hour, (ofHour.get(hour) ?? 0) + 1)
      const lines = record.sealed.get(hour) ?? new Map<number, string>()
      record.sealed.set(hour, lines.set(batch.seq, lineOf(batch)))
    } else if (!row) found.fault('record', 'record-batch-missing', name)
    else if (lineOf(row) !== lineOf(batch)) found.fault('record', 'record-batch-differs', name)
  }
  const kept = new Set(record.hours.map(hourLineOf))
  const ownHours = new Set(hours.map(hourLineOf))
  for (const hour of hours)
    if (!kept.has(hourLineOf(hour))) found.fault('record', 'record-hour-differs', hourNameOf(hour))
  const gateways = new Set([...keys, ...batches, ...hours].map(({ gateway }) => gateway))
  const { from, to } = predicate.period
  for (const [name, { gateway, firstAt, lastAt, receivedAt }] of record.rows)
    if (
      gateways.has(gateway) &&
      receivedAt <= predicate.sealedAt &&
      lastAt >= from &&
      firstAt < to &&
      !sealed.has(name)
    )
      found.fault('record', 'record-batch-extra', name)
  // Of an hour at an edge of the period some batches are not of it.
  for (const hour of record.hours)
    if (
      gateways.has(hour.gateway) &&
      hour.receivedTo <= predicate.sealedAt &&
      hour.firstAt >= from &&
      hour.lastAt < to &&
      !ownHours.has(hourLineOf(hour)) &&
      ofHour.get(hour) !== hour.batches
    )
      found.fault('record', 'record-batch-extra', hourNameOf(hour))
}

/** When all packs have been read: hours all of whose batches they name, against their root. */
export async function checkHours(found: Findings, { sealed }: RecordBatches): Promise<void> {
  for (const [hour, lines] of sealed) {
    if (lines.size !== hour.batches) continue
    const sorted = [...lines].sort(([a], [b]) => a - b).map(([, line]) => line)
    if ((await rootOf(sorted)) !== hour.root) found.fault('record', 'record-batch-differs', hourNameOf(hour))
  }
}

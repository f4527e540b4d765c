/** The batches that a pack names, one by one or by the hour: whether they are those that were sealed, whole, and said by their gateways. */
import { isSigned, utf8 } from './bytes.ts'
import type { Findings } from './findings.ts'
import { merkleRoot } from './merkle.ts'

export type GatewayKey = {
  gateway: string
  key: string
  state: string
  pinnedAt: number | null
  retiredAt: number | null
}
export type Batch = {
  gateway: string
  epoch: number
  seq: number
  firstAt: number
  lastAt: number
  count: number
  receivedAt: number
  digest: string
  key: string
  signature: string
}
/** Batches of one spool that came within an hour, when their digests had gone: `root` is over their lines, by number. */
export type Hour = {
  gateway: string
  epoch: number
  seqs: string
  firstAt: number
  lastAt: number
  count: number
  receivedFrom: number
  receivedTo: number
  batches: number
  root: string
  key: string
}
type Gap = { gateway: string; epoch: number; from: number; to: number }
export type Evidence = {
  batches: number
  unsigned: number
  root: string
  missing: Gap[]
  hours?: { lines: number; batches: number; unsigned: number; root: string }
}

/** A gateway is asked for its key, and what is on its way then is not signed yet. */
const firstContactMs = 600_000

const columns = 'gateway\tepoch\tseq\tfirstAt\tlastAt\tcount\treceivedAt\tdigest\tkey\tsignature'

export function batchesOf(text: string): Batch[] {
  const [head, ...lines] = text.split('\n')
  if (head !== columns || lines.pop() !== '') throw new Error('batches.tsv')
  return lines.map((line) => {
    const [gateway, epoch, seq, firstAt, lastAt, count, receivedAt, digest, key, signature] = line.split('\t')
    return {
      gateway: gateway!,
      epoch: Number(epoch),
      seq: Number(seq),
      firstAt: Number(firstAt),
      lastAt: Number(lastAt),
      count: Number(count),
      receivedAt: Number(receivedAt),
      digest: digest!,
      key: key!,
      signature: signature!,
    }
  })
}

const hourColumns = 'gateway\tepoch\tseqs\tfirstAt\tlastAt\tcount\treceivedFrom\treceivedTo\tbatches\troot\tkey'

export function hoursOf(text: string): Hour[] {
  const [head, ...lines] = text.split('\n')
  if (head !== hourColumns || lines.pop() !== '') throw new Error('hours.tsv')
  return lines.map((line) => {
    const [gateway, epoch, seqs, firstAt, lastAt, count, receivedFrom, receivedTo, batches, root, key] =
      line.split('\t')
    return {
      gateway: gateway!,
      epoch: Number(epoch),
      seqs: seqs!,
      firstAt: Number(firstAt),
      lastAt: Number(lastAt),
      count: Number(count),
      receivedFrom: Number(receivedFrom),
      receivedTo: Number(receivedTo),
      batches: Number(batches),
      root: root!,
      key: key!,
    }
  })
}

export const hourLineOf = (h: Hour): string =>
  [
    h.gateway,
    h.epoch,
    h.seqs,
    h.firstAt,
    h.lastAt,
    h.count,
    h.receivedFrom,
    h.receivedTo,
    h.batches,
    h.root,
    h.key,
  ].join('\t')
export const hourNameOf = ({ gateway, epoch, seqs }: Hour): string => `${gateway}/${epoch}/${seqs}`
export const lineOf = (b: Batch): string =>
  [b.gateway, b.epoch, b.seq, b.firstAt, b.lastAt, b.count, b.receivedAt, b.digest, b.key, b.signature].join('\t')
export const nameOf = ({ gateway, epoch, seq }: Pick<Batch, 'gateway' | 'epoch' | 'seq'>): string =>
  `${gateway}/${epoch}/${seq}`

/** Whether the gateway's key has signed this digest under this name. */
export const isSealed = ({ gateway, epoch, seq, digest, key, signature }: Batch): Promise<boolean> =>
  isSigned(key, signature, utf8(`hengyang-hub batch v1\n${gateway}\n${epoch}\n${seq}\n${digest}\n`))

type Evident = { found: Findings; batches: readonly Batch[]; hours: readonly Hour[]; keys: readonly GatewayKey[] }

export async function checkBatches(
  { found, batches, hours, keys }: Evident,
  { evidence, sealedAt }: { evidence: Evidence; sealedAt: number },
): Promise<void> {
  found.count('batches', batches.length)
  if (batches.length !== evidence.batches)
    found.fault('batches', 'batch-count', `${batches.length} ≠ ${evidence.batches}`)
  const root = await merkleRoot(batches.map((batch) => utf8(lineOf(batch))))
  if (root !== evidence.root) found.fault('batches', 'batch-root', `${root} ≠ ${evidence.root}`)
  const unsigned = batches.filter(({ signature }) => signature === '-')
  if (unsigned.length !== evidence.unsigned)
    found.fault('batches', 'batch-unsigned-count', `${unsigned.length} ≠ ${evidence.unsigned}`)
  const atOnce = 256
  for (let i = 0; i < batches.length; i += atOnce)
    await Promise.all(
      batches.slice(i, i + atOnce).map(async (batch) => {
        if (batch.signature !== '-' && !(await isSealed(batch)))
          found.fault('batches', 'batch-signature', nameOf(batch))
      }),
    )
  for (const batch of batches) {
    const why = keyFault(batch, keys)
    if (why) found.fault('batches', why, `${nameOf(batch)} ${batch.key}`)
    if (batch.receivedAt > sealedAt) found.fault('batches', 'batch-later', nameOf(batch))
  }
  for (const [gateway, all] of Map.groupBy(unsigned, (batch) => batch.gateway))
    found.note('batches', 'unsigned', `${gateway}: ${all.length}`)
  await checkHours({ found, hours, keys }, evidence, sealedAt)
  checkGaps(found, [...batches.map(spanOf), ...hours.flatMap(spansOf)], evidence.missing)
}

/** Hours of which only numbers and root are left: no signature can be checked any more, but whose they were and that none is missing. */
async function checkHours(
  { found, hours, keys }: Omit<Evident, 'batches'>,
  { hours: said }: Evidence,
  sealedAt: number,
): Promise<void> {
  if (!said && hours.length === 0) return
  found.count('batches', hours.length)
  const sum = (of: (hour: Hour) => number) => hours.reduce((all, hour) => all + of(hour), 0)
  const is = {
    lines: hours.length,
    batches: sum((hour) => hour.batches),
    unsigned: sum((hour) => (hour.key === '-' ? hour.batches : 0)),
    root: await merkleRoot(hours.map((hour) => utf8(hourLineOf(hour)))),
  }
  for (const what of ['lines', 'batches', 'unsigned', 'root'] as const)
    if (said?.[what] !== is[what]) found.fault('batches', 'hour-differs', `${what}: ${is[what]} ≠ ${said?.[what]}`)
  for (const hour of hours) {
    const name = hourNameOf(hour)
    if (spansOf(hour).reduce((all, { from, to }) => all + to - from + 1, 0) !== hour.batches)
      found.fault('batches', 'hour-differs', name)
    const why = keyFault({ ...hour, signature: hour.key, receivedAt: hour.receivedTo }, keys)
    if (why) found.fault('batches', why, `${name} ${hour.key}`)
    if (hour.receivedTo > sealedAt) found.fault('batches', 'batch-later', name)
  }
  found.note('batches', 'hours', is.batches)
}

/** Only keys that were pinned, and only while they were. */
function keyFault(
  { gateway, key, signature, receivedAt }: Pick<Batch, 'gateway' | 'key' | 'signature' | 'receivedAt'>,
  keys: readonly GatewayKey[],
): string | undefined {
  const own = keys.filter((one) => one.gateway === gateway)
  if (signature === '-') {
    const pinnedAt = Math.min(...own.map((one) => one.pinnedAt ?? Number.POSITIVE_INFINITY))
    return receivedAt > pinnedAt + firstContactMs ? 'batch-unsigned-late' : undefined
  }
  const known = own.find((one) => one.key === key)
  if (!known) return 'key-unknown'
  if (known.pinnedAt === null) return 'key-unapproved'
  return known.retiredAt !== null && receivedAt > known.retiredAt ? 'key-retired' : undefined
}

type Numbers = { gateway: string; epoch: number; from: number; to: number }
const spanOf = ({ gateway, epoch, seq }: Batch): Numbers => ({ gateway, epoch, from: seq, to: seq })
/** `1-500,503`: the numbers of an hour, both ends included. */
export const spansOf = ({ gateway, epoch, seqs }: Hour): Numbers[] =>
  seqs.split(',').map((range) => {
    const [from, to = from] = range.split('-').map(Number)
    return { gateway, epoch, from: from!, to: to! }
  })

/** A gateway counts without gaps: what is missing between is missing. It is no fault where the hub itself has said so, signed. */
function checkGaps(found: Findings, numbers: readonly Numbers[], missing: readonly Gap[]): void {
  const spools = Map.groupBy(numbers, ({ gateway, epoch }) => `${gateway}/${epoch}`)
  const said = new Set(missing.map(({ gateway, epoch, from, to }) => `${gateway}/${epoch}/${from}-${to}`))
  for (const [spool, all] of spools) {
    const sorted = all.sort((a, b) => a.from - b.from)
    for (const [n, { from }] of sorted.entries()) {
      const before = sorted[n - 1]?.to ?? from - 1
      if (from <= before) found.fault('batches', 'batch-twice', `${spool}/${from}`)
      if (from <= before + 1) continue
      const gap = `${spool}/${before + 1}-${from - 1}`
      if (said.delete(gap)) found.note('batches', 'missing', gap)
      else found.fault('batches', 'batch-gap', gap)
    }
  }
  for (const gap of said) found.fault('batches', 'batch-not-missing', gap)
}

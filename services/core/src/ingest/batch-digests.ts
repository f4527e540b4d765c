/**
 * What stays of batches as it is written down: the line that a pack names one by, the numbers of many, and many digests in one text. Pure.
 * Digests and signatures are random and cannot be made smaller; all else of a batch follows from the one before, and is written by column.
 */

export type BatchDigest = {
  seq: number
  firstAt: number
  lastAt: number
  count: number
  receivedAt: number
  /** SHA-256 of the batch bytes, hex. */
  digest: string
  /** Base64url; '' for one that was not signed. */
  signature: string
}
export type BatchSource = { gateway: string; epoch: number; key: string }

/** A line of `batches.tsv`, and the leaf of a Merkle tree over such lines (reports/docs/pack.md). */
export const batchLine = (
  { gateway, epoch, key }: BatchSource,
  { seq, firstAt, lastAt, count, receivedAt, digest, signature }: BatchDigest,
): string => [gateway, epoch, seq, firstAt, lastAt, count, receivedAt, digest, key || '-', signature || '-'].join('\t')

/** Ascending numbers as `1-500,503,510-600`. */
export function seqRanges(seqs: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last && seq === last[1] + 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join()
}

/** What `seqRanges` has written, both ends included. */
export const rangesOf = (text: string): { from: number; to: number }[] =>
  text.split(',').map((range) => {
    const [from, to = from] = range.split('-').map(Number)
    return { from: from!, to: to! }
  })

const digestLength = 64
const signatureLength = 86

/** A line of tab-separated differences for each number, then the digests and the signatures on end. All of them are signed, or none. */
export function encodeDigests(batches: readonly BatchDigest[]): string {
  const steps = (of: (batch: BatchDigest) => number) =>
    batches.map((batch, i) => of(batch) - (i > 0 ? of(batches[i - 1]!) : 0)).join('\t')
  return [
    steps(({ seq }) => seq),
    steps(({ firstAt }) => firstAt),
    batches.map(({ firstAt, lastAt }) => lastAt - firstAt).join('\t'),
    batches.map(({ count }) => count).join('\t'),
    batches.map(({ lastAt, receivedAt }) => receivedAt - lastAt).join('\t'),
    batches.map(({ digest }) => digest).join(''),
    batches.map(({ signature }) => signature).join(''),
  ].join('\n')
}

export function decodeDigests(text: string): BatchDigest[] {
  const [seqs, firsts, lengths, counts, delays, digests, signatures] = text.split('\n') as [string, ...string[]]
  const numbers = (line: string | undefined) => line!.split('\t').map(Number)
  const [firstSteps, spans, counted, waits] = [firsts, lengths, counts, delays].map(numbers) as [
    number[],
    number[],
    number[],
    number[],
  ]
  let [seq, firstAt] = [0, 0]
  return numbers(seqs).map((step, i) => {
    seq += step
    firstAt += firstSteps[i]!
    const lastAt = firstAt + spans[i]!
    return {
      seq,
      firstAt,
      lastAt,
      count: counted[i]!,
      receivedAt: lastAt + waits[i]!,
      digest: digests!.slice(i * digestLength, (i + 1) * digestLength),
      signature: signatures!.slice(i * signatureLength, (i + 1) * signatureLength),
    }
  })
}

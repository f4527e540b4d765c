/** Which batches observations came in, and what their gateways signed of them. Asked on the thread of long queries: digests are packed by the hour. */
import { zstdDecompressSync } from 'node:zlib'
import type { Observation, SealedBatch } from '@hub/contracts'
import { decodeDigests } from '@hub/core'
import type { ReadSource } from '@hub/platform'
import type { BatchName } from './decode.ts'

/** `id`: of the batch, and of its digest while that is a row. */
export type PlacedBatch = BatchName & { id: number; gateway: string }
/** `batch` null: of a message that does not say its name where a gateway writes it. */
export type PlacedObservation = { observation: Observation; batch: PlacedBatch | null }

/** The batches of these observations, each once. */
export const batchesOf = (placed: readonly PlacedObservation[]): PlacedBatch[] => [
  ...new Map(placed.flatMap(({ batch }) => (batch ? [[batch.id, batch] as const] : []))).values(),
]

type Row = { receivedAt: number; digest: Uint8Array; signature: Uint8Array | null; key: string }
type Pack = { id: number; payload: Uint8Array | null }

/** In the order of the question. One whose digest has gone is left out. */
export const findSealed = (
  source: ReadSource,
  { batches }: { batches: readonly PlacedBatch[] },
): Promise<SealedBatch[]> =>
  source.snapshot((sqlite) => {
    const row = sqlite.prepare(
      `SELECT received_at AS receivedAt, digest, signature, key FROM batch_digest JOIN batch_source ON batch_source.id = source
       WHERE batch_digest.id = ? AND gateway = ? AND epoch = ? AND seq = ?`,
    )
    const sources = sqlite.prepare('SELECT id, key FROM batch_source WHERE gateway = ? AND epoch = ?')
    // Packs of a source follow one another, each by the id of its first batch: it is in the last that begins before it.
    const packBefore = sqlite.prepare(
      'SELECT id, payload FROM batch_digest_pack WHERE source = ? AND id <= ? ORDER BY id DESC LIMIT 1',
    )
    const unpacked = new Map<number, Map<number, Omit<SealedBatch, 'key'>>>()
    const ofPack = ({ id, payload }: Pack, { gateway, epoch }: PlacedBatch) => {
      const known = unpacked.get(id)
      if (known || payload === null) return known
      const made = decodeDigests(zstdDecompressSync(payload).toString()).map(
        ({ seq, receivedAt, digest, signature }) =>
          [seq, { gateway, epoch, seq, receivedAt, digest, signature: signature || null }] as const,
      )
      const bySeq = new Map(made)
      unpacked.set(id, bySeq)
      return bySeq
    }
    return batches.flatMap((batch): SealedBatch[] => {
      const { id, gateway, epoch, seq } = batch
      const found = row.get(id, gateway, epoch, seq) as Row | undefined
      if (found) {
        const signature = found.signature && Buffer.from(found.signature).toString('base64url')
        const digest = Buffer.from(found.digest).toString('hex')
        return [{ gateway, epoch, seq, receivedAt: found.receivedAt, digest, signature, key: found.key || null }]
      }
      for (const { id: of, key } of sources.all(gateway, epoch) as { id: number; key: string }[]) {
        const pack = packBefore.get(of, id) as Pack | undefined
        const sealed = pack && ofPack(pack, batch)?.get(seq)
        if (sealed) return [{ ...sealed, key: key || null }]
      }
      return []
    })
  })

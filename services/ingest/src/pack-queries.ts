/** What is done with packs away from the thread that acknowledges batches: they are made, and searched for one device. */
import type { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'
import { hourMs } from '@hub/core'
import type { ReadSource } from '@hub/platform'
import { batchBytes } from './batch-seal.ts'
import { nameIn } from './decode.ts'
import {
  type BatchPack,
  packMessages,
  placedObservationsIn,
  type RawMessage,
  rootOf,
  unpackMessages,
} from './raw-pack.ts'
import type { PlacedObservation } from './sealed-batches.ts'
import type { BatchRow } from './store.ts'

export { packOldestDigests } from './digest-packs.ts'
export { findSealed } from './sealed-batches.ts'

/** Batches of one pack, and observations: what is to be unpacked for a question, and deleted in one transaction. */
const batchesAtMost = 1_000
const observationsAtMost = 30_000

/**
 * The oldest batches of one gateway and hour that are not packed, as a pack. Null: there are none.
 * @param before only hours that had ended by then, and what of them had come by then
 * @param upTo the last batch that nobody needs as a row any more
 */
export const packOldest = (
  source: ReadSource,
  { before, upTo }: { before: number; upTo: number },
): Promise<{ pack: BatchPack; ids: number[] } | null> =>
  source.snapshot((sqlite) => {
    const rows = oldestHour(sqlite, before, upTo)
    if (rows.length === 0) return null
    const messages = rows.map(({ id, received_at, count, payload }): RawMessage => {
      return { id, receivedAt: received_at, count, message: batchBytes(zstdDecompressSync(payload)) }
    })
    const payload = packMessages(messages)
    const root = rootOf(messages)
    // Batches are deleted for it: it must be whole before.
    if (!rootOf(unpackMessages(payload)).equals(root)) throw new Error(`batch ${rows[0]!.id} is not packed whole`)
    const ids = rows.map(({ id }) => id)
    const pack = {
      id: Math.min(...ids),
      gateway: rows[0]!.gateway,
      firstAt: rows[0]!.first_at,
      lastAt: Math.max(...rows.map(({ last_at }) => last_at)),
      receivedAt: Math.max(...rows.map(({ received_at }) => received_at)),
      batches: rows.length,
      count: rows.reduce((sum, { count }) => sum + count, 0),
      root,
      payload,
    }
    return { pack, ids }
  })

function oldestHour(sqlite: DatabaseSync, before: number, upTo: number): BatchRow[] {
  const nextGateway = sqlite.prepare('SELECT min(gateway) AS gateway FROM batch WHERE gateway > ?')
  const firstFrom = sqlite.prepare('SELECT min(first_at) AS at FROM batch WHERE gateway = ? AND first_at >= ?')
  const ofHour = sqlite.prepare(
    `SELECT * FROM batch WHERE gateway = ? AND first_at >= ? AND first_at < ? AND received_at < ? AND id <= ?
     ORDER BY first_at, id LIMIT ${batchesAtMost}`,
  )
  const gatewayAfter = (id: string) => (nextGateway.get(id) as { gateway: string | null }).gateway
  for (let gateway = gatewayAfter(''); gateway !== null; gateway = gatewayAfter(gateway))
    for (let from = 0; ; from += hourMs) {
      const { at } = firstFrom.get(gateway, from) as { at: number | null }
      if (at === null) break
      from = Math.floor(at / hourMs) * hourMs
      if (from + hourMs > before) break
      const rows: BatchRow[] = []
      let observations = 0
      for (const row of ofHour.iterate(gateway, from, from + hourMs, before, upTo) as Iterable<BatchRow>) {
        rows.push(row)
        observations += row.count
        if (observations >= observationsAtMost) break
      }
      if (rows.length > 0) return rows
    }
  return []
}

export type PackedQuestion = { device: string; gateways: readonly string[]; from: number; to: number; limit: number }

/** Packs that are unpacked for one answer: half a day of a gateway that has a thousand devices. */
const packsAtMost = 48

/** Observations of a device in `[from, to)` that are packed, in no order. `truncated`: there may be more. */
export const findPacked = (
  source: ReadSource,
  { device, gateways, from, to, limit }: PackedQuestion,
): Promise<{ placed: PlacedObservation[]; truncated: boolean }> =>
  source.snapshot((sqlite) => {
    const packs = sqlite.prepare(
      `SELECT first_at, payload FROM batch_pack WHERE gateway = ? AND last_at >= ? AND first_at < ? AND payload IS NOT NULL
       ORDER BY first_at LIMIT ${packsAtMost + 1}`,
    )
    const placed: PlacedObservation[] = []
    let truncated = false
    for (const gateway of gateways) {
      let read = 0
      for (const { payload } of packs.iterate(gateway, from, to) as Iterable<{ payload: Uint8Array }>) {
        if (read++ === packsAtMost || placed.length > limit) {
          truncated = true
          break
        }
        for (const { json, id, head } of placedObservationsIn(payload, (id) => id === device)) {
          const observation = JSON.parse(json) as PlacedObservation['observation']
          const name = nameIn(head)
          if (observation.at >= from && observation.at < to)
            placed.push({ observation, batch: name && { id, gateway, ...name } })
        }
      }
    }
    return { placed, truncated }
  })

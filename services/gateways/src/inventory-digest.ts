/** What the centre holds of a gateway's inventory, compared with the gateway's own digest. */
import type { GatewayId, Inventory, InventoryWanted } from '@hub/contracts'
import { bucketRange, differingBuckets, digestText, hashText, inventoryBuckets } from '@hub/core'
import type { GatewaysDb as Db } from './tables.ts'

type Kind = 'found' | 'identified'
type Wanted = InventoryWanted['found']

/** Buckets of one message: some thousand hashes of a district's cameras. */
const perMessage = 32

/**
 * What is to be asked for, one message after another; nothing when the gateway has told all of it. Reads 512 sums, and beyond them the
 * hashes of the buckets that differ.
 */
export async function* wantedOf(
  db: Db,
  gateway: GatewayId,
  digest: NonNullable<Inventory['digest']>,
): AsyncGenerator<InventoryWanted, void> {
  for (const kind of ['found', 'identified'] as const) {
    const buckets = differingBuckets(digest[kind], await digestOf(db, gateway, kind))
    for (let at = 0; at < buckets.length; at += perMessage) {
      const wanted: Wanted = []
      for (const bucket of buckets.slice(at, at + perMessage))
        wanted.push({ bucket, held: (await hashesIn(db, gateway, kind, bucket)).map(hashText) })
      yield { v: 1, gateway, found: [], identified: [], [kind]: wanted }
    }
  }
}

async function digestOf(db: Db, gateway: GatewayId, kind: Kind): Promise<string> {
  const totals = Array<number>(inventoryBuckets).fill(0)
  for (const { bucket, total } of await db
    .selectFrom('inventory_digest')
    .select(['bucket', 'total'])
    .where('gateway', '=', gateway)
    .where('kind', '=', kind)
    .execute())
    totals[bucket] = total
  return digestText(totals)
}

async function hashesIn(db: Db, gateway: GatewayId, kind: Kind, bucket: number): Promise<number[]> {
  const { from, to } = bucketRange(bucket)
  const rows =
    kind === 'found'
      ? await db
          .selectFrom('discovered')
          .select('hash')
          .where('gateway', '=', gateway)
          .where('hash', '>=', from)
          .where('hash', '<', to)
          .execute()
      : await db
          .selectFrom('device_binding')
          .select('identity_hash as hash')
          .where('gateway', '=', gateway)
          .where('identity_hash', '>=', from)
          .where('identity_hash', '<', to)
          .execute()
  return rows.map(({ hash }) => hash!)
}

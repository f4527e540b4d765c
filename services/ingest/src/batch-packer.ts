/** Packs raw batches that nobody needs as rows any more, and digests: made on the thread of long queries, written in a short transaction here. */
import { hourMs, minuteMs } from '@hub/core'
import type { Clock, Reader, RecordStore } from '@hub/platform'
import type * as queries from './pack-queries.ts'
import type { Store } from './store.ts'

/** So long after its end an hour is packed: what is derived of it anew is most often derived by then. */
const calmMs = hourMs + 10 * minuteMs

export type BatchPackerDeps = {
  record: Pick<RecordStore, 'commit'>
  reader: Pick<Reader<typeof queries>, 'ask'>
  store: Pick<Store, 'firstReceivedAt' | 'putBatchPack' | 'firstDigestAt' | 'putDigestPacks'>
  clock: Clock
}

/**
 * One pack. @param upTo the last batch that nobody needs as a row any more
 * @returns false when there was nothing to pack
 */
export async function packBatches({ record, reader, store, clock }: BatchPackerDeps, upTo: number): Promise<boolean> {
  const before = clock.now() - calmMs
  // They are numbered as they came: where the first is young none is old, and the thread is left asleep.
  if ((store.firstReceivedAt() ?? before) >= before) return false
  const made = await reader.ask('packOldest', { before, upTo })
  if (!made) return false
  await record.commit(() => store.putBatchPack(made.pack, made.ids))
  return true
}

/** Digests of one hour, or a part of them. @returns false when there were none to pack */
export async function packDigests({ record, reader, store, clock }: BatchPackerDeps): Promise<boolean> {
  const before = clock.now() - calmMs
  if ((store.firstDigestAt() ?? before) >= before) return false
  const made = await reader.ask('packOldestDigests', { before })
  if (!made) return false
  await record.commit(() => store.putDigestPacks(made))
  return true
}

/** What ingest deletes: raw batches, dead letters and what cameras noticed, little by little, so that no transaction is long. */
import type { Clock, RecordStore } from '@hub/platform'
import type { Store } from './store.ts'

const day = 86_400_000
/** Rows in one transaction. */
const step = 500
const noticedStep = 20_000
/** Newest dead letters that stay. */
const deadLetters = 10_000
/** How long what cameras noticed is kept. */
const noticedDays = 30

/**
 * Raw batches older than `rawDays` go, unless replay still needs them (`checkpoint`). Their names stay in the ledger.
 * @returns rows deleted; as many as `step` means there is more.
 */
export function trim(
  deps: { record: Pick<RecordStore, 'commit'>; store: Store; clock: Clock },
  rawDays: number,
  checkpoint: number,
): Promise<number> {
  const { record, store, clock } = deps
  return record.commit(() => {
    store.dropDeadLetters(deadLetters)
    store.dropNoticed(clock.now() - noticedDays * day, noticedStep)
    return store.dropBatches(checkpoint, clock.now() - rawDays * day, step)
  })
}

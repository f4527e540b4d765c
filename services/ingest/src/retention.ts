/** What ingest deletes: raw batches, digests of them, dead letters and what cameras noticed, little by little, so that no transaction is long. */
import { dayMs } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Store } from './store.ts'

/** Rows in one transaction. */
const step = 500
const noticedStep = 20_000
const pastStep = 5_000
/** How long what cameras noticed is kept. */
const noticedDays = 30
/** How long it is shown that something was refused. */
const refusedDays = 90

/**
 * Raw batches go when their time is over, unless replay still needs them (`checkpoint`). Their names stay in the ledger, the roots of
 * packs where they are.
 * @param keptFrom raw batches that came before then go
 * @param digestsFrom and digests that came before then, down to their roots, and how intervals were known before then
 * @returns rows deleted; as many as `step` means there is more.
 */
export function trim(
  deps: { record: Pick<RecordStore, 'commit'>; store: Store; clock: Clock },
  keptFrom: (now: number) => number,
  checkpoint: number,
  digestsFrom: (now: number) => number = () => 0,
): Promise<number> {
  const { record, store, clock } = deps
  return record.commit(() => {
    const now = clock.now()
    store.dropNoticed(now - noticedDays * dayMs, noticedStep)
    store.dropRefusals(now - refusedDays * dayMs)
    store.emptyBatchPacks(keptFrom(now), step)
    store.emptyDigestPacks(digestsFrom(now), step)
    store.trimPast(digestsFrom(now), pastStep)
    return store.dropBatches(checkpoint, keptFrom(now), step)
  })
}

/** The newest dead letters stay: so many, and so many megabytes of them. */
export const trimDeadLetters = (
  { record, store }: { record: Pick<RecordStore, 'commit'>; store: Pick<Store, 'dropDeadLetters'> },
  { most, megabytes }: { most: number; megabytes: number },
): Promise<void> => record.commit(() => store.dropDeadLetters(most, megabytes * 1_000_000))

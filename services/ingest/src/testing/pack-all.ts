/** Packs all that may be packed, as if some days had passed: a week at the first time, then days, then a month that is settled. */
import { dayMs, settledUntil } from '@hub/core'
import { packBatches } from '../batch-packer.ts'
import { packOldest } from '../pack-queries.ts'
import { packRuns } from '../run-packer.ts'
import type { Centre } from './rig.ts'

/** @param times how often it was called: each time is later */
export async function packAll({ record, store, committer, clock }: Centre, times: number): Promise<void> {
  const later = { ...clock, now: () => clock.now() + 7 * dayMs + times * 5 * dayMs }
  await committer.flush(Number.POSITIVE_INFINITY)
  const source = { db: record.db, snapshot: record.commit } as never
  const reader = { ask: (_: string, question: never) => packOldest(source, question) } as never
  const upTo = Math.min(committer.checkpoint, store.newestBatch() - 1)
  while (await packBatches({ record, reader, store, clock: later }, upTo));
  const settled = (now: number) => settledUntil({ settleDays: 0 }, now)
  while (!(await packRuns({ record, store, clock: later, settled, evidenceDays: 1_000 })));
}

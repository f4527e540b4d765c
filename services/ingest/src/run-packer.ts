/**
 * Packs the runs of days that are over, device by device, in short transactions. Problem: a row for each device and hour is more than all
 * else that is kept. Invariant: only runs that can no longer grow are packed: their device has said something on a later day.
 */
import { dayMs, dayStart } from '@hub/core'
import type { Clock, RecordStore } from '@hub/platform'
import type { Store } from './store.ts'

/** A day is left alone for so long after its end: most of what is late has come by then. */
const calmMs = dayMs
/** Length of one transaction: acknowledgements wait no longer. */
const sliceMs = 10
const peekSize = 64
const key = 'runs:packed'

/** `after`: devices up to this code are done in the pass that is under way; null: none is. */
type Mark = { end: number; settled: number; after: string | null }

export type RunPackerDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  clock: Clock
  /** What was made before then is of months that are settled. */
  settled(now: number): number
  /** Runs are kept so long. */
  evidenceDays: number
}

/** One transaction. @returns true when there is nothing left to do */
export function packRuns({ record, store, clock, settled, evidenceDays }: RunPackerDeps): Promise<boolean> {
  const now = clock.now()
  return record.commit(() => {
    const goal = { end: dayStart(now - calmMs), settled: settled(now) }
    const was: Mark = JSON.parse(store.settings.get(key) ?? '{"end":0,"settled":0,"after":null}')
    if (was.after === null && was.end >= goal.end) return true
    const mark = was.after === null ? { ...goal, after: '' } : { ...was, after: was.after }
    const until = performance.now() + sliceMs
    const devices = store.devicesAfter(mark.after, peekSize)
    let isOver = false
    for (const { device, lastAt } of devices) {
      const before = Math.min(mark.end, dayStart(lastAt))
      let isWhole = false
      do isWhole = store.packRuns(device, { before, settled: mark.settled })
      while (!isWhole && performance.now() < until)
      if (isWhole) {
        store.emptyRuns(device, now - evidenceDays * dayMs)
        mark.after = device
      }
      isOver = !isWhole || performance.now() >= until
      if (isOver) break
    }
    const isDone = !isOver && devices.length < peekSize
    store.settings.put(key, JSON.stringify(isDone ? { ...mark, after: null } : mark))
    return isDone
  })
}

/**
 * Uptime buckets, derived from the Record and written to the History: as they end, again when late data changed the states under them, and
 * again when an exemption or correction was approved or withdrawn. Writing one again is harmless, and a failed write is only a delay.
 * Running hours and days are written up to the last five minutes, so that the coarse buckets are never behind the fine ones.
 */
import type { Span } from '@hub/core'
import {
  bucketMs,
  bucketStart,
  type Clock,
  createPacer,
  type Exemptions,
  type History,
  type Keep,
  keptFrom,
  type RecordStore,
  type Step,
  stepMs,
  type UptimeBucket,
} from '@hub/platform'
import type { DeviceAccounts, Tenure } from '../device-time.ts'
import type { PendingBuckets } from './pending.ts'
import { bucketsOfDevice, steps } from './times.ts'

export type BucketDeps = {
  record: Pick<RecordStore, 'commit'>
  accounts: Pick<DeviceAccounts, 'tenures' | 'after' | 'intervalsIn'>
  history: Pick<History, 'writeUptime'>
  pending: PendingBuckets
  exemptions: Exemptions
  keep: Keep
  clock: Clock
}

/** Buckets in one write. */
const writeSize = 5_000
/** Devices that are read at once. */
const readSize = 200
/** Devices whose time is derived again before it is written down that they are done. */
const pendingPage = 100
/** A long stretch is derived in pieces of this length. */
const pieceMs = 10 * stepMs['1d']
/** What is pending waits for the next run after this long: the newest buckets come first. */
const pendingMs = 20_000

/** @returns buckets written. Throws what History throws: run again later. */
export async function writeBuckets(deps: BucketDeps): Promise<number> {
  const { record, pending, clock } = deps
  const end = bucketStart('5m', clock.now())
  await record.commit(() => {
    if (pending.written() === 0) pending.setWritten(end)
    pending.begin(end)
  })
  const run = openRun(deps)
  await writeEnded(deps, run, end)
  await writePending(deps, run)
  return run.count()
}

type Run = ReturnType<typeof openRun>

/** Writes buckets as they fill a write. */
function openRun({ accounts, history, exemptions, keep, clock }: BucketDeps) {
  const pace = createPacer()
  const waiting: Record<Step, UptimeBucket[]> = { '5m': [], '1h': [], '1d': [] }
  const from: Record<Step, number> = {
    '5m': keptFrom(keep, 'fiveMinutes', clock.now()),
    '1h': keptFrom(keep, 'hours', clock.now()),
    '1d': keptFrom(keep, 'days', clock.now()),
  }
  let count = 0
  const flush = async (step: Step) => {
    const rows = waiting[step]
    waiting[step] = []
    for (let i = 0; i < rows.length; i += writeSize) await history.writeUptime(step, rows.slice(i, i + writeSize))
    count += rows.length
  }
  return {
    count: () => count,
    /** The buckets of a device that a stretch touches. */
    async times(device: readonly Tenure[], stretch: Span, end: number, withdraw: boolean) {
      const first = Math.max(
        stretch.from,
        Math.min(from['5m'], from['1h'], from['1d']),
        device.find((tenure) => tenure.from !== null)?.from ?? 0,
      )
      for (let at = first; at < Math.min(stretch.to, end); at += pieceMs) {
        const piece = { from: at, to: Math.min(stretch.to, at + pieceMs) }
        const buckets = bucketsOfDevice(device, piece, end, from, { accounts, exemptions }, withdraw)
        for (const step of steps) {
          for (const bucket of buckets[step]) waiting[step].push(bucket)
          if (waiting[step].length >= writeSize) await flush(step)
        }
        await pace()
      }
    },
    async flush() {
      for (const step of steps) await flush(step)
    },
  }
}

async function writeEnded({ record, accounts, pending, exemptions }: BucketDeps, run: Run, end: number): Promise<void> {
  for (let at = pending.written(); at < end; at += bucketMs) {
    const bucket = { from: at, to: at + bucketMs }
    exemptions.reload()
    for (let page = accounts.after('', readSize); page.length > 0; page = accounts.after(page.at(-1)![0]!.id, readSize))
      for (const device of page) await run.times(device, bucket, bucket.to, false)
    await run.flush()
    await record.commit(() => pending.setWritten(bucket.to))
  }
}

async function writePending(deps: BucketDeps, run: Run): Promise<void> {
  const { record, accounts, pending, exemptions, clock } = deps
  const giveUpAt = clock.now() + pendingMs
  for (let after = ''; clock.now() < giveUpAt; ) {
    // In one turn: whatever changes from here on marks its device once more.
    const page = pending.due(after, clock.now(), pendingPage)
    if (page.length === 0) return
    exemptions.reload()
    for (const { device: id, from, to } of page) {
      const device = accounts.tenures(id)
      if (device.length > 0) await run.times(device, { from, to }, pending.written(), true)
    }
    await run.flush()
    await record.commit(() => {
      for (const stretch of page) pending.settle(stretch)
    })
    after = page.at(-1)!.device
  }
}

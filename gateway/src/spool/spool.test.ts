import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createManualClock, silentLog } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { contents, decode, gateway, probe, scratchFolder, testSpool } from './fixtures.ts'
import { createSpool } from './spool.ts'

const second = 1_000

/** What a kill leaves behind: the files as they are, opened by another process. */
function crashed(path: string): string {
  const copy = join(scratchFolder(), 'spool.sqlite')
  cpSync(path, copy)
  cpSync(`${path}-wal`, `${copy}-wal`)
  return copy
}

describe('a batch', () => {
  it('batches a second of observations, and each add resolves when it is on disk', async () => {
    const { spool, clock, path } = testSpool()
    const done: number[] = []
    const adds = [1, 2, 3].map((at) => spool.add(probe(at)).then(() => done.push(at)))
    await clock.advanceAsync(999)
    expect(done).toEqual([])
    await clock.advanceAsync(1)
    await Promise.all(adds)
    const { spool: after } = testSpool({ path: crashed(path) })
    expect(contents(after)).toEqual([
      { v: 1, gateway, epoch: spool.epoch, seq: 1, observations: [probe(1), probe(2), probe(3)] },
    ])
  })

  it('holds at most 5,000 observations: more make several, all in one commit', async () => {
    const { spool, clock } = testSpool()
    const sent: number[] = []
    spool.onBatch(({ seq, payload }) => sent.push(seq, decode(payload).observations.length))
    const adds = Array.from({ length: 7_000 }, (_, at) => spool.add(probe(at)))
    await clock.advanceAsync(second)
    await Promise.all(adds)
    const counts = contents(spool).map((batch) => batch.observations.length)
    expect(counts.reduce((a, b) => a + b)).toBe(7_000)
    expect(Math.max(...counts)).toBeLessThanOrEqual(5_000)
    expect(sent).toEqual(counts.flatMap((count, i) => [i + 1, count]))
  })

  it('stays far below the packet limit of the hub', async () => {
    const { spool, clock } = testSpool()
    const values = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`measure-${i}`, Math.PI]))
    for (let at = 0; at < 5_000; at++) void spool.add(probe(at, { values }))
    await clock.advanceAsync(second)
    const sizes = spool.waiting(100).map((seq) => spool.payload(seq)!.length)
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThan(2 ** 20)
  })

  it('refuses an observation that the schema does not know, and keeps the others', async () => {
    const { spool, clock } = testSpool()
    const good = spool.add(probe(1))
    await expect(spool.add(probe(2, { ms: Number.NaN }))).rejects.toThrow(
      'observation: ms: Invalid input: expected number, received NaN',
    )
    await clock.advanceAsync(second)
    await good
    expect(contents(spool).flatMap((batch) => batch.observations)).toEqual([probe(1)])
  })
})

describe('the number of a batch', () => {
  it('goes on without a gap after a restart, also when everything was acknowledged', async () => {
    const { spool, clock, path } = testSpool()
    for (const at of [1, 2]) {
      void spool.add(probe(at))
      await clock.advanceAsync(second)
    }
    expect(spool.acknowledge(spool.epoch, 1)).toBe(true)
    expect(spool.acknowledge(spool.epoch, 2)).toBe(true)
    await spool.close()
    const later = createManualClock(clock.now() + 86_400_000)
    const { spool: again } = testSpool({ path, clock: later })
    expect(again.epoch).toBe(spool.epoch)
    expect(again.waiting(10)).toEqual([])
    void again.add(probe(3))
    await later.advanceAsync(second)
    expect(contents(again).map((batch) => batch.seq)).toEqual([3])
  })

  it('is used again by nobody when the file is new: the epoch is another', async () => {
    const first = testSpool()
    const second = testSpool({ clock: createManualClock(first.clock.now() + 1) })
    expect(second.spool.epoch).not.toBe(first.spool.epoch)
  })

  it('cannot be given twice: a second process is refused', () => {
    const { settings } = testSpool()
    expect(() => createSpool(settings)).toThrow('database is locked')
  })

  it('survives a file that cannot be read: it is put aside and a new epoch begins', () => {
    const path = join(scratchFolder(), 'spool.sqlite')
    writeFileSync(path, 'this is no database, and longer than its header'.repeat(100))
    const { spool } = testSpool({ path })
    expect(spool.waiting(1)).toEqual([])
    expect(spool.stats().seq).toBe(0)
  })
})

describe('an acknowledgement', () => {
  it('may come in any order, and takes away that batch only', async () => {
    const { spool, clock, path } = testSpool()
    for (const at of [1, 2, 3]) {
      void spool.add(probe(at))
      await clock.advanceAsync(second)
    }
    expect(spool.acknowledge(spool.epoch, 2)).toBe(true)
    expect(spool.waiting(10)).toEqual([1, 3])
    expect(spool.waiting(1)).toEqual([1])
    expect(spool.payload(2)).toBeUndefined()
    await clock.advanceAsync(second)
    const { spool: after } = testSpool({ path: crashed(path) })
    expect(after.waiting(10)).toEqual([1, 3])
  })

  it('of an unknown seq, of another epoch, or repeated, changes nothing', async () => {
    const { spool, clock } = testSpool()
    void spool.add(probe(1))
    await clock.advanceAsync(second)
    expect(spool.acknowledge(spool.epoch, 2)).toBe(false)
    expect(spool.acknowledge(spool.epoch + 1, 1)).toBe(false)
    expect(spool.acknowledge(spool.epoch, 1)).toBe(true)
    expect(spool.acknowledge(spool.epoch, 1)).toBe(false)
    expect(spool.stats()).toMatchObject({ batches: 0, bytes: 0 })
  })
})

describe('at its capacity', () => {
  it('sheds the oldest batches whole, counts them, and keeps the newest', async () => {
    const { spool, clock } = testSpool({ maxBytes: 1_000 })
    const bytes: number[] = []
    spool.onBatch(({ payload }) => bytes.push(payload.length))
    for (let at = 1; at <= 20; at++) {
      void spool.add(probe(at))
      await clock.advanceAsync(second)
    }
    const { batches, bytes: kept, shedBatches, shedObservations, seq } = spool.stats()
    expect(kept).toBeLessThanOrEqual(1_000)
    expect(kept).toBe(bytes.slice(-batches).reduce((a, b) => a + b))
    expect([shedBatches, shedObservations, seq]).toEqual([20 - batches, 20 - batches, 20])
    expect(spool.waiting(100)).toEqual(Array.from({ length: batches }, (_, i) => 20 - batches + 1 + i))
  })

  it('never sheds what it just took, however large', async () => {
    const { spool, clock } = testSpool({ maxBytes: 10 })
    const added = spool.add(probe(1))
    await clock.advanceAsync(second)
    await added
    expect(spool.waiting(10)).toEqual([1])
  })
})

describe('on a full disk', () => {
  /** A spool that may not grow any further, as SQLite's own page limit. */
  async function fullSpool() {
    const test = testSpool({ holdMs: 3 * second })
    void test.spool.add(probe(1))
    await test.clock.advanceAsync(second)
    await test.spool.close()
    const limit = new DatabaseSync(test.path)
    const { page_count } = limit.prepare('PRAGMA page_count').get() as { page_count: number }
    limit.close()
    return testSpool({ ...test.settings, maxPages: page_count + 2 })
  }
  const large = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`measure-${i}`, i]))
  const fill = (at: number) => probe(at, { values: large })

  it('holds new observations, then refuses them; what is stored stays', async () => {
    const { spool, clock } = await fullSpool()
    const results: string[] = []
    for (let at = 2; at < 12; at++)
      void spool.add(fill(at)).then(
        () => results.push('stored'),
        (e) => results.push(e.code),
      )
    await clock.advanceAsync(second)
    expect(results).toEqual([])
    expect(spool.stats()).toMatchObject({ writable: false, failedWrites: 1 })
    await clock.advanceAsync(3 * second)
    expect(results).toEqual(Array(10).fill('spool.full'))
    expect(spool.stats()).toMatchObject({ refused: 10, seq: 1, batches: 1 })
    expect(contents(spool).flatMap((batch) => batch.observations)).toEqual([probe(1)])
  })

  it('goes on without a restart when there is room again, and the number has no gap', async () => {
    const { spool, clock } = await fullSpool()
    const big = Array.from({ length: 10 }, (_, i) => spool.add(fill(i)).catch((e) => e.code))
    await clock.advanceAsync(4 * second)
    expect(new Set(await Promise.all(big))).toEqual(new Set(['spool.full']))
    spool.acknowledge(spool.epoch, 1)
    const small = spool.add(probe(2))
    await clock.advanceAsync(second)
    await small
    expect(spool.stats()).toMatchObject({ writable: true, seq: 2, batches: 1 })
  })

  it('still forgets what is acknowledged, though nothing new can be stored', async () => {
    const { spool, clock, path } = await fullSpool()
    for (let at = 2; at < 12; at++) void spool.add(fill(at)).catch(() => {})
    spool.acknowledge(spool.epoch, 1)
    await clock.advanceAsync(second)
    expect(spool.stats().writable).toBe(false)
    const { spool: after } = testSpool({ path: crashed(path) })
    expect(after.waiting(10)).toEqual([])
  })

  it('bounds what waits in memory', async () => {
    const { spool } = testSpool({ holdObservations: 2 })
    void spool.add(probe(1))
    void spool.add(probe(2))
    await expect(spool.add(probe(3))).rejects.toThrow(
      `the spool of gateway ${gateway} cannot store: 2 observations wait already`,
    )
  })
})

it('writes what is collected when it is closed, and refuses what comes after', async () => {
  const { spool, path } = testSpool()
  const added = spool.add(probe(1))
  await spool.close()
  await added
  await expect(spool.add(probe(2))).rejects.toThrow('the gateway is stopping')
  const { spool: again } = testSpool({ path, log: silentLog })
  expect(contents(again).length).toBe(1)
})

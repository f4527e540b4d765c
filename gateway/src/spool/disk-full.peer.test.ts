/** The spool on a file system that is really full: a small tmpfs, and something else that fills it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith } from '../../../test/support/need.ts'
import { contents, probe, scratchFolder, testSpool } from './fixtures.ts'

const second = 1_000
const megabytes = 4

/** A folder on a disk of its own. */
function smallDisk(): string {
  const folder = join(scratchFolder(), 'disk')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

function fillUp(file: string) {
  for (let block = 65_536; block > 0; block >>= 1)
    try {
      while (true) appendFileSync(file, Buffer.alloc(block))
    } catch {} // ENOSPC: smaller blocks find the last bytes
}

describeWith('the spool on a full disk', ['small disk'], () => {
  it('keeps what is stored, refuses what is new, and goes on by itself when there is room', async () => {
    const disk = smallDisk()
    const path = join(disk, 'spool.sqlite')
    const { spool, clock } = testSpool({ path, holdMs: 5 * second })
    const values = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`measure-${i}`, i]))
    const outcomes = new Map<number, string>()
    const add = (at: number) =>
      spool.add(probe(at, { values })).then(
        () => outcomes.set(at, 'stored'),
        (error) => outcomes.set(at, error.code),
      )
    for (const at of [1, 2, 3]) {
      void add(at)
      await clock.advanceAsync(second)
    }
    const ballast = join(disk, 'ballast')
    fillUp(ballast)

    // The write-ahead log still has room that it took before; then the disk refuses.
    let at = 3
    while (spool.stats().writable && at < 2_000) {
      for (let i = 0; i < 50; i++) void add(++at)
      await clock.advanceAsync(second)
    }
    expect(spool.stats().writable).toBe(false)
    const before = spool.stats().seq
    spool.acknowledge(spool.epoch, 1)
    await clock.advanceAsync(10 * second)
    const refused = [...outcomes].filter(([, outcome]) => outcome === 'spool.full').map(([each]) => each)
    expect(refused.length).toBeGreaterThan(0)
    expect(spool.stats()).toMatchObject({ seq: before, refused: refused.length })

    rmSync(ballast)
    void add(10_000)
    await clock.advanceAsync(2 * second)
    expect(outcomes.get(10_000)).toBe('stored')
    expect(spool.stats().writable).toBe(true)

    await spool.close()
    const { spool: again } = testSpool({ path })
    const batches = contents(again)
    expect(batches.map((batch) => batch.seq)).toEqual(Array.from({ length: before }, (_, i) => i + 2))
    const found = batches.flatMap((batch) => batch.observations.map(({ at }) => at))
    const stored = [...outcomes].filter(([, outcome]) => outcome === 'stored').map(([each]) => each)
    expect(found).toEqual(stored.filter((each) => each !== 1))
    await again.close()
  })
})

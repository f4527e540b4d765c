import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startProgram } from '../../../test/support/program.ts'
import { contents, scratchFolder, testSpool } from './fixtures.ts'

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const rounds = 20

/** Numerical Recipes' generator: the same moments in each run. */
function* seeded(seed: number) {
  for (let x = seed; ; ) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    yield x / 2 ** 32
  }
}

/** Runs the child until it was killed `ms` after its first word; what it said was on disk. */
async function runAndKill(path: string, first: number, ms: number): Promise<number[]> {
  const running = startProgram(process.execPath, ['--no-warnings', child, path, String(first)])
  await running.firstWords()
  await new Promise((resolve) => setTimeout(resolve, ms))
  const { stdout } = await running.stop('SIGKILL')
  return stdout.split('\n').slice(0, -1).map(Number)
}

it(`loses nothing that it acknowledged when it is killed at ${rounds} moments`, { timeout: 120_000 }, async () => {
  const path = join(scratchFolder(), 'spool.sqlite')
  const moments = seeded(20_261_121)
  const acknowledged: number[] = []
  for (let round = 0; round < rounds; round++)
    acknowledged.push(...(await runAndKill(path, round * 1_000_000, 60 * moments.next().value!)))

  const { spool } = testSpool({ path })
  const batches = contents(spool)
  const stored = batches.flatMap((batch) => batch.observations.map((observation) => observation.at))
  expect(acknowledged.length).toBeGreaterThan(rounds * 20)
  const onDisk = new Set(stored)
  expect(acknowledged.filter((at) => !onDisk.has(at))).toEqual([])
  expect(new Set(stored).size).toBe(stored.length)
  expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, i) => i + 1))
  expect(new Set(batches.map((batch) => batch.epoch)).size).toBe(1)
})

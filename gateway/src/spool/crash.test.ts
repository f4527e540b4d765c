import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
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
  const running = spawn(process.execPath, ['--no-warnings', child, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  running.stdout.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const closed = once(running, 'close')
  await once(running.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, ms))
  running.kill('SIGKILL')
  await closed
  return said.split('\n').slice(0, -1).map(Number)
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

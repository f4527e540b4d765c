/** How long something takes, run after run. */

/** Milliseconds of each run, ascending; a first run, which finds nothing in memory, is not counted. */
export async function timed(runs: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  await run(0)
  const all: number[] = []
  for (let i = 0; i < runs; i++) {
    const started = performance.now()
    await run(i)
    all.push(performance.now() - started)
  }
  return all.sort((a, b) => a - b)
}

/** Nearest rank, of values in ascending order. */
export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!

export const rounded = (n: number, digits: number): number => Number(n.toFixed(digits))

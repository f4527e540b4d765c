/** How long something takes, run after run. */

/** The reader thread compiles what it runs again and again: its first eight answers or so took two to ten times as long. */
const warmUps = 10

/** Milliseconds of each run, ascending. The runs before, which find nothing in memory and nothing compiled, are not counted. */
export async function timed(runs: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < warmUps; i++) await run(i)
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

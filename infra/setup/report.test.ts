import { expect, test } from 'vitest'

// Plain JavaScript, for it runs before anything is installed.
const { outcomeOf } = (await import(new URL('./report.mjs', import.meta.url).href)) as {
  outcomeOf(
    modules: unknown[],
    unhandled: unknown[],
  ): { count: Record<'passed' | 'failed' | 'skipped', number>; failures: string[]; skipped: string[] }
}

const one = (state: string, fullName: string, ...errors: unknown[]) => ({
  fullName,
  result: () => ({ state, errors }),
})
const module = (tests: unknown[], suites: unknown[] = [], errors: unknown[] = []) => ({
  moduleId: '/somewhere/x.peer.test.ts',
  errors: () => errors,
  children: { allTests: () => tests, allSuites: () => suites },
})

test('a skipped suite is one line with its reason, and nothing is skipped without a line', () => {
  const why = 'InfluxDB 1.x (skipped: no influxd (apt-get install influxdb))'
  const { count, skipped, failures } = outcomeOf(
    [
      module([
        one('passed', 'runs'),
        one('skipped', `${why} > a`),
        one('pending', `${why} > alone > b`),
        one('skipped', 'a suite > c'),
        one('skipped', 'd'),
      ]),
    ],
    [],
  )
  expect(count).toEqual({ passed: 1, failed: 0, skipped: 4 })
  expect(failures).toEqual([])
  expect(skipped).toEqual([
    `x.peer.test.ts: ${why}`,
    'x.peer.test.ts: a suite > c (skipped: no reason given)',
    'x.peer.test.ts: d (skipped: no reason given)',
  ])
})

test('whatever failed has its words: a test, a suite before its tests, a file that does not load, what nobody caught', () => {
  const suite = { fullName: 'a suite', errors: () => [{ message: 'no server' }] }
  const { count, failures } = outcomeOf(
    [
      module([one('failed', 'a suite > b', { message: 'one is not two', stack: 'Error: one is not two\n at x.ts:1' })]),
      module([], [suite]),
      module([], [], [{ message: 'cannot find module' }]),
    ],
    [{ message: 'write EPIPE', stack: ' at y.ts:2' }],
  )
  expect(count).toEqual({ passed: 0, failed: 4, skipped: 0 })
  expect(failures).toEqual([
    'x.peer.test.ts: a suite > b\nError: one is not two\n at x.ts:1',
    'x.peer.test.ts: a suite\nno server',
    'x.peer.test.ts: as a whole\ncannot find module',
    'thrown outside every test\nwrite EPIPE\n at y.ts:2',
  ])
})

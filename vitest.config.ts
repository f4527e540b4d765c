import { defineConfig } from 'vitest/config'

/**
 * The unit tests of many files share a process, so that a room and its libraries are loaded once and not once a file: it halves
 * the check. What makes it safe is that they leave nothing behind: no module mocks and no changed globals (a rule of test/rules
 * looks), spies put back by `restoreMocks`, modules without state of their own. `--sequence.shuffle.files` proves the order free.
 */
const shared = { isolate: false, restoreMocks: true, maxWorkers: '100%' }

/** `unit` needs nothing but Node and `components` a DOM, and both run in `npm run check`; `peers` talks to real servers and tools; `e2e` runs the whole hub. */
const project = (name: string, include: string[], testTimeout: number, options = {}) => ({
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', ...(name === 'unit' ? ['**/*.peer.test.ts', '**/*.component.test.ts'] : [])],
    testTimeout,
    // What is waited for comes late on a busy machine; that it never comes is told in time too.
    expect: { poll: { timeout: 20_000 } },
    ...options,
  },
})

export default defineConfig({
  test: {
    projects: [
      'console/vitest.config.ts',
      project(
        'unit',
        ['{services/*,gateway,device-sims,console,infra}/**/*.test.ts', 'test/{rules,support}/**/*.test.ts'],
        // For what hangs: a test on a busy machine is only slow.
        40_000,
        { ...shared, hookTimeout: 40_000 },
      ),
      project(
        'peers',
        ['{services/*,gateway,device-sims,infra}/**/*.peer.test.ts', 'test/peers/**/*.test.ts'],
        120_000,
        { fileParallelism: false, hookTimeout: 120_000 },
      ),
      project('e2e', ['test/e2e/**/*.test.ts'], 600_000, { fileParallelism: false, hookTimeout: 120_000 }),
    ],
  },
})

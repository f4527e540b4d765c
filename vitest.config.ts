import { defineConfig } from 'vitest/config'

/** `unit` needs nothing but Node and runs in `npm run check`; `peers` talks to real servers and tools; `e2e` runs the whole hub. */
const project = (name: string, include: string[], testTimeout: number, options = {}) => ({
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', ...(name === 'unit' ? ['**/*.peer.test.ts'] : [])],
    testTimeout,
    ...options,
  },
})

export default defineConfig({
  test: {
    projects: [
      project(
        'unit',
        ['{services/*,gateway,device-sims,console,infra}/**/*.test.ts', 'test/rules/**/*.test.ts'],
        20_000,
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

/** Tests of the components, in a DOM: they render what the user sees and let a hub of the test answer as the contracts say. */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'
import { recordLabels } from './build/contracts-data.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [recordLabels(), svelte(), svelteTesting()],
  test: {
    name: 'components',
    include: ['src/**/*.component.test.ts'],
    environment: './src/testing/dom.ts',
    setupFiles: ['src/testing/setup.ts'],
    // The files share a process and its modules, as the unit tests do: the hub of a test puts back what one leaves behind.
    isolate: false,
    // Files of projects that run together may not differ in this.
    maxWorkers: '100%',
    restoreMocks: true,
    // For what hangs: a test on a busy machine is only slow.
    testTimeout: 40_000,
  },
})

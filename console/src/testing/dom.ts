/** The DOM of the component tests: happy-dom, which keeps to itself what it would print of requests that a test refused or left. */
import { builtinEnvironments, type Environment } from 'vitest/runtime'

const dom = builtinEnvironments['happy-dom']

export default {
  ...dom,
  async setup(global, options) {
    const { console } = global
    global.console = { ...console, error: () => undefined }
    try {
      return await dom.setup(global, options)
    } finally {
      global.console = console
    }
  },
} satisfies Environment

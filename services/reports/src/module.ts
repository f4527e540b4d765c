/** Reports: scorecards and exports, beside the live work of the hub. */
import type { Module } from '@hub/platform'

export const reportsModule: Module = {
  name: 'reports',
  create: () => ({
    async start() {},
    async stop() {},
  }),
}

/** Outages: transitions become outages with a cause, an owner, a clock and an end. */
import type { Module } from '@hub/platform'

export const outagesModule: Module = {
  name: 'outages',
  create: () => ({
    async start() {},
    async stop() {},
  }),
}

/** Notify: who is told of what, when, and by which way. Whatever has been decided is in the Record. */
import type { Module } from '@hub/platform'
import { type NotifyConfig, notifyConfig } from './config.ts'
import { startDispatch } from './dispatch.ts'
import { channelHandlers } from './handlers.ts'
import { notifyMigrations } from './migrations/index.ts'
import { requests } from './requests.ts'

export const notifyModule: Module<NotifyConfig> = {
  name: 'notify',
  migrations: notifyMigrations,
  config: notifyConfig,
  consumes: [requests],
  routes: (deps) => ({ handlers: channelHandlers(deps) }),
  create(deps) {
    let dispatch: { stop(): Promise<void> } | undefined
    return {
      async start() {
        dispatch = await startDispatch(deps)
      },
      async stop() {
        await dispatch?.stop()
      },
    }
  },
}

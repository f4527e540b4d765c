/** Reports: scorecards, and exports that are made in the background beside the live work of the hub. */
import { minuteMs } from '@hub/core'
import type { Module } from '@hub/platform'
import { type ReportsConfig, reportsConfig } from './config.ts'
import { reportsDeps } from './deps.ts'
import { openFolder } from './exports/folder.ts'
import { type Make, onThread } from './exports/on-thread.ts'
import { createRunner, type Runner } from './exports/runner.ts'
import { exportHandlers } from './handlers/exports.ts'
import { scorecardHandlers } from './handlers/scorecards.ts'
import { reportsMigrations } from './migrations/index.ts'
import { openSealing } from './seal/lock.ts'
import { reportsViews } from './views.ts'

/** A message may be lost with the bus: the table is read again this often. */
const rereadMs = 5 * minuteMs

/** @param make where exports are made. */
export const createReports = (make: Make): Module<ReportsConfig> => ({
  name: 'reports',
  migrations: reportsMigrations,
  views: reportsViews,
  config: reportsConfig,
  routes(deps) {
    const sealing = openSealing(reportsDeps(deps))
    return {
      handlers: { ...exportHandlers(reportsDeps(deps)), ...scorecardHandlers(reportsDeps(deps), sealing) },
      start: sealing.start,
    }
  },
  create(deps) {
    const { config, bus, clock, log } = deps
    let runner: Runner
    let unsubscribe = async () => {}
    let stopRereading = () => {}
    const logged = (work: Promise<void>) =>
      work.catch((err: unknown) => log.error({ err }, 'the queue of exports was not read'))
    return {
      async start() {
        runner = createRunner(reportsDeps(deps), openFolder(config.data), make)
        await runner.start()
        unsubscribe = await bus.subscribe('changed', async ({ what, id }) => {
          if (what === 'exports') await logged(runner.changed(id ?? ''))
        })
        stopRereading = clock.every(rereadMs, () => void logged(runner.sweep().then(() => runner.changed(''))))
      },
      async stop() {
        stopRereading()
        await unsubscribe()
        await runner?.stop()
      },
    }
  },
})

export const reportsModule = createReports(onThread)

/** Reports: exports, made in the background beside the live work of the hub. */
import { Changed, parseOr, topicFilter } from '@hub/contracts'
import type { Module } from '@hub/platform'
import { openFolder } from './exports/folder.ts'
import { type Make, onThread } from './exports/on-thread.ts'
import { createRunner, type Runner } from './exports/runner.ts'

/** A notice may be lost with the bus: the table is read again now and then. */
const lookEveryMs = 5 * 60_000

/** @param make where exports are made. */
export const createReports = (make: Make): Module => ({
  name: 'reports',
  create(deps) {
    const { config, bus, clock, log } = deps
    let runner: Runner
    let unsubscribe = async () => {}
    let stopLooking = () => {}
    const guarded = (work: Promise<void>) =>
      work.catch((err: unknown) => log.error({ err }, 'exports could not be looked after'))
    return {
      async start() {
        runner = createRunner(deps, openFolder(config.data), make)
        await runner.start()
        unsubscribe = await bus.subscribe(topicFilter('exports'), async ({ payload }) => {
          const { id } = parseOr(Changed, JSON.parse(payload.toString()), 'payload.invalid', { value: 'exports' })
          await guarded(runner.changed(id))
        })
        stopLooking = clock.every(lookEveryMs, () => void guarded(runner.sweep().then(() => runner.changed(''))))
      },
      async stop() {
        stopLooking()
        await unsubscribe()
        await runner?.stop()
      },
    }
  },
})

export const reportsModule = createReports(onThread)

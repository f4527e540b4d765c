/**
 * Runs exports one after another, each on a thread of its own, so that acknowledgements never wait for a report. The queue is the
 * table: what is asked for, and what is cancelled, is read from there whenever the bus says that something changed.
 */
import { errorMessage, HubError } from '@hub/contracts'
import { dayMs } from '@hub/core'
import type { Deps, RecordStore } from '@hub/platform'
import type { ReportsData } from '../tables.ts'
import type { Outcome, Task } from '../task.ts'
import type { Folder } from './folder.ts'
import type { Make } from './on-thread.ts'
import { prepareExport } from './prepare.ts'
import {
  type ClaimedExport,
  claimExport,
  endExport,
  exportStatus,
  idsOfExportFiles,
  putExportProgress,
  restartExports,
  sweepExports,
} from './store.ts'

/** Files of exports are kept so long. */
const keptMs = 7 * dayMs

export type RunnerDeps = Pick<Deps, 'clock' | 'log' | 'publishChange' | 'uptime'> & {
  record: RecordStore<ReportsData>
}

export type Runner = {
  /** Takes up what waits. */
  start(): Promise<void>
  /** A row changed: there may be something to run, or to stop. */
  changed(id: string): Promise<void>
  /** Forgets what is old, with its files. */
  sweep(): Promise<void>
  /** Ends the running job, which is taken up again at the next start. */
  stop(): Promise<void>
}

export function createRunner(deps: RunnerDeps, folder: Folder, make: Make): Runner {
  const { record, clock, log, publishChange } = deps
  let running: { id: string; abort: AbortController; ended: Promise<void> } | undefined
  let stopped = false

  /** An export is its asker's alone. */
  const publish = ({ id, requestedBy: user }: Pick<ClaimedExport, 'id' | 'requestedBy'>) =>
    publishChange({ what: 'exports', id, districts: 'city', user })

  async function pump(): Promise<void> {
    while (!stopped && !running) {
      // Nobody else may claim while this one is being claimed.
      const abort = new AbortController()
      const ended = Promise.withResolvers<void>()
      running = { id: '', abort, ended: ended.promise }
      try {
        const job = await record.transaction(claimExport)
        if (!job) return
        running.id = job.id
        publish(job)
        await run(job, abort.signal)
      } catch (err) {
        log.error({ err }, 'an export could not be run')
        return
      } finally {
        running = undefined
        ended.resolve()
      }
    }
  }

  async function run(job: ClaimedExport, signal: AbortSignal): Promise<void> {
    const { id, request } = job
    const outcome = await produce(job, signal).catch((err: unknown): Outcome => failure(err, request.language, id))
    if (signal.aborted) return folder.remove(id)
    if (outcome.kind === 'done') {
      folder.keep(id, request.format)
      const { rows, bytes, fileName } = outcome
      if (!(await endExport(record.db, id, { status: 'done', rows, bytes, fileName }, clock.now()))) folder.remove(id)
    } else {
      folder.remove(id)
      await endExport(record.db, id, { status: 'failed', problem: outcome.problem }, clock.now())
    }
    publish(job)
  }

  function failure(err: unknown, language: 'zh' | 'en', id: string): Outcome {
    if (err instanceof HubError) return { kind: 'failed', problem: errorMessage(err.code, err.params, language) }
    log.error({ err, export: id }, 'an export failed')
    return { kind: 'failed', problem: errorMessage('internal', { value: id }, language) }
  }

  /** Given up when the signal is aborted. */
  async function produce(job: ClaimedExport, signal: AbortSignal): Promise<Outcome> {
    const { id, request, scope, devices, requestedBy } = job
    const { format, language } = request
    const now = clock.now()
    const prepared = await prepareExport(deps, request, { scope, devices: devices ? new Set(devices) : 'all' }, now)
    const file = folder.draft(id)
    const task: Task = { prepared, format, language, scope, now, requestedBy, record: record.path, file }
    if (signal.aborted) return { kind: 'failed', problem: '' }
    const outcome = await make(task, (progress) => void putProgress(job, progress), signal)
    if (outcome.kind === 'failed' && outcome.detail !== undefined) throw new Error(outcome.detail)
    return outcome
  }

  async function putProgress(
    job: ClaimedExport,
    { progress, rows }: { progress: number; rows: number },
  ): Promise<void> {
    try {
      if (await putExportProgress(record.db, job.id, progress, rows)) publish(job)
    } catch (err) {
      log.warn({ err }, 'the progress of an export was not written')
    }
  }

  return {
    async start() {
      await restartExports(record.db)
      await this.sweep()
      void pump()
    },
    async changed(id) {
      const status = await exportStatus(record.db, id)
      if (running?.id === id) {
        if (status !== 'running') running.abort.abort()
      } else if (status === undefined || status === 'cancelled') folder.remove(id)
      void pump()
    },
    async sweep() {
      await sweepExports(record.db, clock.now() - keptMs)
      folder.sweep(await idsOfExportFiles(record.db))
    },
    async stop() {
      stopped = true
      const { abort, ended } = running ?? {}
      abort?.abort()
      await ended
    },
  }
}

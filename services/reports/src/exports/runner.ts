/**
 * Runs exports one after another, each on a thread of its own, so that acknowledgements never wait for a report. The queue is the
 * table: what is asked for, and what is cancelled, is read from there whenever the bus says that something changed.
 */
import { type Changed, errorMessage, HubError, topic } from '@hub/contracts'
import {
  type ClaimedExport,
  claimExport,
  type Deps,
  endExport,
  exportStatus,
  idsOfExportFiles,
  putExportProgress,
  restartExports,
  sweepExports,
} from '@hub/platform'
import type { Task, Told } from '../gathered.ts'
import type { Folder } from './folder.ts'
import { gather } from './gather.ts'
import type { Make } from './on-thread.ts'

/** Files of exports are kept so long. */
const keptMs = 7 * 86_400_000

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

export function createRunner(deps: Deps, folder: Folder, make: Make): Runner {
  const { record, clock, bus, log } = deps
  let running: { id: string; abort: AbortController; ended: Promise<void> } | undefined
  let stopped = false

  const notice = (id: string) => {
    const message: Changed = { v: 1, at: clock.now(), id }
    bus
      .publish(topic('exports'), JSON.stringify(message))
      .catch((err: unknown) => log.warn({ err }, 'a change of an export was not published'))
  }

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
        notice(job.id)
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
    const told = await produce(job, signal).catch((err: unknown): Told => failure(err, request.language, id))
    if (signal.aborted) return folder.remove(id)
    if (told.kind === 'done') {
      folder.keep(id, request.format)
      const { rows, bytes, fileName } = told
      if (!(await endExport(record.db, id, { status: 'done', rows, bytes, fileName }, clock.now()))) folder.remove(id)
    } else if (told.kind === 'failed') {
      folder.remove(id)
      await endExport(record.db, id, { status: 'failed', problem: told.problem }, clock.now())
    }
    notice(id)
  }

  function failure(err: unknown, language: 'zh' | 'en', id: string): Told {
    if (err instanceof HubError) return { kind: 'failed', problem: errorMessage(err.code, err.params, language) }
    log.error({ err, export: id }, 'an export failed')
    return { kind: 'failed', problem: errorMessage('internal', { value: id }, language) }
  }

  /** What was said last; it was given up when the signal is aborted. */
  async function produce({ id, request, scope, requestedBy }: ClaimedExport, signal: AbortSignal): Promise<Told> {
    const { format, language } = request
    const now = clock.now()
    const gathered = await gather(deps, request, scope, now)
    const task: Task = {
      ...{ gathered, format, language, scope, now, requestedBy, record: record.path, file: folder.draft(id) },
    }
    if (signal.aborted) return { kind: 'failed', problem: '' }
    const told = await make(task, (told) => void progress(id, told), signal)
    if (told.kind === 'failed' && told.detail !== undefined) throw new Error(told.detail)
    return told
  }

  async function progress(id: string, told: { progress: number; rows: number }): Promise<void> {
    try {
      if (await putExportProgress(record.db, id, told.progress, told.rows)) notice(id)
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

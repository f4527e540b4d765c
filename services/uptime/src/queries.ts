/** The uptime questions as readings of a thread, each answered in one state of the Record. */
import type { DatabaseSync } from 'node:sqlite'
import type { UptimePoint, UptimeRow } from '@hub/contracts'
import type { Span } from '@hub/core'
import type { ReadSource, Uptime, UptimeSelection } from '@hub/platform'
import { type Answers, type Changes, createAnswers } from './answers.ts'
import { bucketsUnderway, type Underway } from './buckets/underway.ts'

/** Prepared once for a connection. */
const prepared = new WeakMap<DatabaseSync, Answers>()

function answersOn(sqlite: DatabaseSync): Answers {
  let answers = prepared.get(sqlite)
  if (!answers) {
    answers = createAnswers(sqlite)
    prepared.set(sqlite, answers)
  }
  return answers
}

export const by = (source: ReadSource, selection: Parameters<Uptime['by']>[0]): Promise<UptimeRow[]> =>
  source.snapshot((sqlite) => answersOn(sqlite).by(selection))

export const series = (source: ReadSource, selection: Parameters<Uptime['series']>[0]): Promise<UptimePoint[]> =>
  source.snapshot((sqlite) => answersOn(sqlite).series(selection))

export const hours = (source: ReadSource, selection: UptimeSelection): Promise<UptimePoint[]> =>
  source.snapshot((sqlite) => answersOn(sqlite).hours(selection))

export const underway = (source: ReadSource, span: Span): Promise<Underway> =>
  source.snapshot((sqlite) => bucketsUnderway(sqlite, span))

export const changes = (source: ReadSource, selection: Parameters<Answers['changes']>[0]): Promise<Changes> =>
  source.snapshot((sqlite) => answersOn(sqlite).changes(selection))

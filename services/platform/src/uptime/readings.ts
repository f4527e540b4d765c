/** The uptime questions as readings of a thread, each answered in one state of the Record. */
import type { DatabaseSync } from 'node:sqlite'
import type { UptimeRow } from '@hub/contracts'
import type { ReadSource } from '../record/reader.ts'
import { type Answers, createAnswers } from './answer.ts'
import type { Uptime, UptimePoint } from './port.ts'

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

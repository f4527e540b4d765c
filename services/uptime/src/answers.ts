/** The answers, from one connection in one state of the Record: run each inside a transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { UptimeChanges, UptimeGroup, UptimePoint, UptimeRow } from '@hub/contracts'
import { hourMs, intersectSpans, onlineRate, type Span } from '@hub/core'
import type { Uptime, UptimeSelection } from '@hub/platform'
import { createChanges } from './as-of/changes.ts'
import { createPast } from './as-of/past.ts'
import { rewind } from './as-of/rewind.ts'
import { cutAt, cutAtHours, isWhole, startOfHour, wholeDays } from './calendar.ts'
import { accountDevices } from './device-time.ts'
import { createExemptions } from './exemptions.ts'
import { rollupMarks } from './marks.ts'
import { narrow } from './narrowing.ts'
import { correctStale } from './pending-changes.ts'
import type { Question } from './question.ts'
import { addDays, addSums } from './rollup-tables.ts'
import { Tally } from './tally.ts'
import { addLive, addLiveEach, dueRows } from './unrolled.ts'

/** Beyond so many spans it is cheaper to read each device's intervals once. */
const scansAtMost = 4

export type Changes = Pick<UptimeChanges, 'before' | 'after' | 'total' | 'devices'>

export type Answers = {
  /** What is known otherwise than at `asOf`, and the sum then and now: the first devices, and how many there are. */
  changes(selection: UptimeSelection & { asOf: number; most: number }): Changes
  by(selection: Parameters<Uptime['by']>[0]): UptimeRow[]
  series(selection: Parameters<Uptime['series']>[0]): UptimePoint[]
  /** From the intervals of each device: hours are in no rollup. */
  hours(selection: UptimeSelection): UptimePoint[]
}

export function createAnswers(sqlite: DatabaseSync): Answers {
  const index = createExemptions(sqlite)
  const accounts = accountDevices(sqlite, index)
  const marks = rollupMarks(sqlite)
  const past = createPast(sqlite, accounts)

  /** @param buckets side by side; they make up the period */
  const questionOf = (
    { scope, filter }: UptimeSelection,
    by: readonly UptimeGroup[],
    buckets: readonly Span[],
    step: Question['step'],
  ): Question => {
    const tally = new Tally(buckets.length)
    const narrowing = narrow(scope, filter)
    const devices = filter.device && new Set(filter.device)
    index.reload()
    return { sqlite, index, accounts, narrowing, by, devices, buckets, step, tally }
  }

  const ask = (...asked: Parameters<typeof questionOf>): Question => {
    const question = questionOf(...asked)
    const { buckets, by, devices } = question
    const period = { from: buckets[0]!.from, to: buckets.at(-1)!.to }
    const frontier = marks.frontier()
    const { first, last, rest } = wholeDays(period, frontier)
    const live = rest.flatMap((span) => buckets.flatMap(({ from, to }) => intersectSpans([span], [{ from, to }])))
    if (live.length > scansAtMost) addLiveEach(question, live)
    else for (const span of live) addLive(question, span, frontier)
    if (first === last) return question
    const base = devices || by.includes('device') ? 'days' : 'sums'
    const exact = base === 'days' ? addDays(question, first, last) : addSums(question, first, last)
    correctStale(question, { first, last, base, exact })
    return question
  }

  const changes = createChanges(sqlite, accounts, past)

  const answers: Answers = {
    changes(selection) {
      const { scope, filter, asOf, from, most } = selection
      const period = { from, to: endOf(selection) }
      past.require(asOf, period)
      const [before] = answers.by({ ...selection, by: [] })
      const [after] = answers.by({ ...selection, to: period.to, asOf: undefined, by: [] })
      const devices = changes({ scope, filter, period, asOf })
      return { before: before!, after: after!, total: devices.length, devices: devices.slice(0, most) }
    },
    by(selection) {
      const { asOf } = selection
      const period = { from: selection.from, to: endOf(selection) }
      const by = [...new Set(selection.by)]
      if (period.from >= period.to) return by.length > 0 ? [] : [rowOf([], [], 0, nothing)]
      if (asOf !== undefined) past.require(asOf, period)
      const question = ask(selection, by, [period], null)
      const due = dueRows(question, period)
      const groups = asOf === undefined ? due : rewind(question, past, asOf, due)
      if (groups.length === 0 && by.length === 0) return [rowOf([], [], 0, nothing)]
      groups.sort((a, b) => compare(a.key, b.key))
      return groups.map(({ key, devices }) => rowOf(by, key, devices, question.tally.of(0, key)))
    },
    series(selection) {
      const { asOf, from } = selection
      const buckets = cutAt(selection.step, { from, to: endOf(selection) })
      if (buckets.length === 0) return []
      if (asOf !== undefined) past.require(asOf, { from, to: endOf(selection) })
      const question = ask(selection, [], buckets, selection.step)
      const { tally } = question
      if (asOf !== undefined) rewind(question, past, asOf, [])
      return buckets.map((span, i) => pointOf(span.from, tally.of(i, []), !isWhole(selection.step, span)))
    },
    hours(selection) {
      const { asOf, from } = selection
      const buckets = cutAtHours({ from, to: endOf(selection) })
      if (buckets.length === 0) return []
      if (asOf !== undefined) past.require(asOf, { from, to: endOf(selection) })
      const question = questionOf(selection, [], buckets, 'hour')
      addLiveEach(question, buckets)
      if (asOf !== undefined) rewind(question, past, asOf, [])
      return buckets.map(({ from, to }, i) => pointOf(startOfHour(from), question.tally.of(i, []), to - from < hourMs))
    },
  }
  return answers
}

const endOf = ({ to, now, asOf = now }: UptimeSelection): number => Math.min(to, now, asOf)

/** From the Record: nothing of it is ever behind. */
const pointOf = (at: number, totals: typeof nothing, partial: boolean): UptimePoint => ({
  at,
  ...totals,
  rate: onlineRate(totals),
  partial,
  recomputing: false,
})

const nothing = { up: 0, down: 0, unknown: 0, exempt: 0 }

function rowOf(by: readonly UptimeGroup[], key: readonly string[], devices: number, totals: typeof nothing): UptimeRow {
  return {
    key: Object.fromEntries(by.map((group, i) => [group, key[i]!])),
    devices,
    ...totals,
    rate: onlineRate(totals),
  }
}

function compare(a: readonly string[], b: readonly string[]): number {
  const i = a.findIndex((value, at) => value !== b[at])
  return i < 0 ? 0 : a[i]! < b[i]! ? -1 : 1
}

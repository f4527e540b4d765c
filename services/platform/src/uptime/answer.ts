/** The answers, from one connection in one state of the Record: run each inside a transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { UptimeGroup, UptimeRow } from '@hub/contracts'
import { intersectSpans, onlineRate, type Span } from '@hub/core'
import { accountDevices } from './account-device.ts'
import { createAdjustmentIndex } from './adjustment-index.ts'
import { cutAt, wholeDays } from './calendar.ts'
import { addLive, addLiveEach, dueRows } from './live.ts'
import { rollupMarks } from './marks.ts'
import { narrow } from './narrowing.ts'
import type { Uptime, UptimePoint, UptimeSelection } from './port.ts'
import type { Question } from './question.ts'
import { addDays, addSums } from './rolled.ts'
import { correctStale } from './stale.ts'
import { Tally } from './tally.ts'

/** Beyond so many spans it is cheaper to read each device's intervals once. */
const scansAtMost = 4

export type Answers = {
  by(selection: Parameters<Uptime['by']>[0]): UptimeRow[]
  series(selection: Parameters<Uptime['series']>[0]): UptimePoint[]
}

export function createAnswers(sqlite: DatabaseSync): Answers {
  const index = createAdjustmentIndex(sqlite)
  const accounts = accountDevices(sqlite, index)
  const marks = rollupMarks(sqlite)

  /** @param buckets side by side; they make up the period */
  const ask = (
    { scope, filter }: UptimeSelection,
    by: readonly UptimeGroup[],
    buckets: readonly Span[],
    step: Question['step'],
  ): Question => {
    const tally = new Tally(buckets.length)
    const narrowing = narrow(scope, filter)
    const devices = filter.device && [...new Set(filter.device)]
    const question: Question = { sqlite, index, accounts, narrowing, by, devices, buckets, step, tally }
    const period = { from: buckets[0]!.from, to: buckets.at(-1)!.to }
    const frontier = marks.frontier()
    const { first, last, rest } = wholeDays(period, frontier)
    index.reload()
    const live = rest.flatMap((span) => buckets.flatMap(({ from, to }) => intersectSpans([span], [{ from, to }])))
    if (live.length > scansAtMost) addLiveEach(question, live)
    else for (const span of live) addLive(question, span, frontier)
    if (first === last) return question
    const base = devices || by.includes('device') ? 'days' : 'sums'
    if (base === 'days') addDays(question, first, last)
    else addSums(question, first, last)
    correctStale(question, first, last, base)
    return question
  }

  return {
    by(selection) {
      const period = { from: selection.from, to: Math.min(selection.to, selection.now) }
      const by = [...new Set(selection.by)]
      if (period.from >= period.to) return by.length > 0 ? [] : [rowOf([], [], 0, nothing)]
      const question = ask(selection, by, [period], null)
      const groups = dueRows(question, period).sort((a, b) => compare(a.key, b.key))
      return groups.map(({ key, devices }) => rowOf(by, key, devices, question.tally.of(0, key)))
    },
    series(selection) {
      const to = Math.min(selection.to, selection.now)
      const buckets = cutAt(selection.step, { from: selection.from, to })
      if (buckets.length === 0) return []
      const { tally } = ask(selection, [], buckets, selection.step)
      return buckets.map(({ from: at }, i) => {
        const totals = tally.of(i, [])
        return { at, ...totals, rate: onlineRate(totals) }
      })
    },
  }
}

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

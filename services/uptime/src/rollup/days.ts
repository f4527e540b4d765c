/** Days of one device derived again: rows that differ are written, and the sums follow in the same transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { Exemptions } from '@hub/platform'
import { dayNumber, monthOfDay, startOfDay } from '../calendar.ts'
import { accountDevices, type Tenure } from '../device-time.ts'
import { blankDays, isBlank, type Time } from './blank-days.ts'
import { isSplit, type Part, type SummedDay, sameValues, summedReader } from './summed.ts'
import type { Sums } from './sums.ts'

/** Months have negative numbers. */
const everyDay = [0, Number.MAX_SAFE_INTEGER] as const

export class Days {
  readonly #accounts
  readonly #sums
  readonly #blanks
  readonly #summed
  readonly #put
  readonly #putPart
  readonly #dropParts
  readonly #addMonth
  readonly #dropMonth
  readonly #drop
  readonly #moved
  readonly #settleMove

  constructor(sqlite: DatabaseSync, index: Exemptions, sums: Sums) {
    this.#accounts = accountDevices(sqlite, index)
    this.#sums = sums
    this.#blanks = blankDays(sqlite)
    this.#summed = summedReader(sqlite)
    this.#put = sqlite.prepare('INSERT OR REPLACE INTO uptime_day VALUES (?, ?, ?, ?, ?, ?)')
    this.#putPart = sqlite.prepare('INSERT INTO uptime_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#dropParts = sqlite.prepare('DELETE FROM uptime_part WHERE device = ? AND day = ?')
    this.#addMonth = sqlite.prepare(
      `INSERT INTO uptime_day VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET up_ms = up_ms + excluded.up_ms,
       down_ms = down_ms + excluded.down_ms, unknown_ms = unknown_ms + excluded.unknown_ms, exempt_ms = exempt_ms + excluded.exempt_ms`,
    )
    this.#dropMonth = sqlite.prepare(
      'DELETE FROM uptime_day WHERE device = ? AND day = ? AND up_ms + down_ms + unknown_ms + exempt_ms = 0',
    )
    this.#drop = sqlite.prepare('DELETE FROM uptime_day WHERE device = ? AND day = ?')
    this.#moved = sqlite.prepare('SELECT said_at FROM uptime_moved WHERE device = ?')
    this.#settleMove = sqlite.prepare('DELETE FROM uptime_moved WHERE device = ?')
  }

  /**
   * Days `[first, last)`, all of them over. A device of whose past something else was said is summed by its tenures from here on, all its
   * days; one that has left the registry leaves no row.
   */
  derive(id: string, first: number, last: number): void {
    const tenures = this.#accounts.tenures(id)
    const moved = this.#moved.get(id) as { said_at: number } | undefined
    const was = moved ? this.#accounts.tenuresBefore(id, moved.said_at) : tenures
    const range = moved || tenures.length === 0 ? everyDay : ([first, last] as const)
    const stored = this.#summed(id, ...range, was)
    const due = this.#due(tenures, first, last)
    if (moved)
      for (const { day } of stored) if (isSplit(tenures, day)) due.set(day, this.#due(tenures, day, day + 1).get(day)!)
    const months = new Map<number, Time>()
    /** Of the days that change, whether they are stretches now. */
    const blank = new Map<number, boolean>()
    for (const before of stored) {
      const { day } = before
      const stays = (day < first || day >= last) && !due.has(day)
      this.#replace(id, before, stays ? relabelled(before, tenures) : due.get(day), { months, blank })
      due.delete(day)
    }
    for (const [day, parts] of due) this.#replace(id, { day, time: nothing, parts: [] }, parts, { months, blank })
    this.#blanks.change(id, blank)
    for (const [month, sum] of months) {
      if (sum.some((n) => n !== 0)) this.#addMonth.run(id, month, ...sum)
      if (sum.some((n) => n < 0)) this.#dropMonth.run(id, month)
    }
    if (moved) this.#settleMove.run(id)
  }

  /** Days `[first, last)` in which it was due, by the intervals and adjustments. */
  #due(tenures: readonly Tenure[], first: number, last: number): Map<number, Part[]> {
    const due = new Map<number, Part[]>()
    for (const tenure of tenures) {
      if (tenure.from === null) continue
      const begin = Math.max(first, dayNumber(tenure.from))
      const end = Math.min(last, tenure.to === null ? last : dayNumber(tenure.to - 1) + 1)
      const spans = Array.from({ length: Math.max(0, end - begin) }, (_, i) => ({
        from: startOfDay(begin + i),
        to: startOfDay(begin + i + 1),
      }))
      for (const [i, totals] of this.#accounts.totals(tenure, spans).entries()) {
        if (!totals) continue
        const part: Part = { values: tenure.values, time: [totals.up, totals.down, totals.unknown, totals.exempt] }
        const there = due.get(begin + i)
        if (there) due.set(begin + i, withPart(there, part))
        else due.set(begin + i, [part])
      }
    }
    return due
  }

  /** One day: its row, its parts and the sums. @param is undefined where it was not due */
  #replace(id: string, was: SummedDay, is: readonly Part[] | undefined, { months, blank }: Changed): void {
    const { day } = was
    if (is && sameParts(is, was.parts)) return
    for (const { values, time } of was.parts) this.#sums.add(day, values, time, -1)
    for (const { values, time } of is ?? []) this.#sums.add(day, values, time, 1)
    const time = (is ?? []).reduce<Time>((sum, part) => plus(sum, part.time), nothing)
    if (!is || was.parts.length === 0 || !same(time, was.time)) {
      if (isBlank(time)) blank.set(day, true)
      else if (isBlank(was.time)) blank.set(day, false)
      if (!is || isBlank(time)) this.#drop.run(id, day)
      else this.#put.run(id, day, ...time)
    }
    if (was.parts.length > 1) this.#dropParts.run(id, day)
    if (is && is.length > 1) for (const { values, time } of is) this.#putPart.run(id, day, ...values, ...time)
    const month = monthOfDay(day)
    months.set(month, plus(months.get(month) ?? nothing, minus(time, was.time)))
  }
}

/** What a derivation changes: of months by how much, of days whether they are blank. */
type Changed = { months: Map<number, Time>; blank: Map<number, boolean> }

const nothing: Time = [0, 0, 0, 0]
const plus = (a: Time, b: Time): Time => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]
const minus = (a: Time, b: Time): Time => [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]]
const same = (a: Time, b: Time): boolean => a.every((n, i) => n === b[i])

/** Two stretches of a day under the same attributes are one part. */
function withPart(parts: readonly Part[], part: Part): Part[] {
  const there = parts.find(({ values }) => sameValues(values, part.values))
  if (!there) return [...parts, part]
  return parts.map((one) => (one === there ? { ...one, time: plus(one.time, part.time) } : one))
}

function sameParts(a: readonly Part[], b: readonly Part[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ values, time }) => b.some((part) => sameValues(part.values, values) && same(part.time, time)))
  )
}

/** A day whose time stays, under the attributes that it lies under now. */
function relabelled({ day, time }: SummedDay, tenures: readonly Tenure[]): Part[] | undefined {
  const span = { from: startOfDay(day), to: startOfDay(day + 1) }
  const tenure = tenures.find(({ from, to }) => from !== null && from < span.to && (to === null || to > span.from))
  return tenure && [{ values: tenure.values, time }]
}

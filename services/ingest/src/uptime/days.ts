/** Days of one device derived again: rows that differ are written, and the sums follow in the same transaction. */
import type { DatabaseSync } from 'node:sqlite'
import { type AdjustmentIndex, accountDevices, dayNumber, monthOfDay, startOfDay } from '@hub/platform'
import type { Sums, Time } from './sums.ts'

type DayRow = [day: number, ...Time]
/** Months have negative numbers. */
const everyDay = [0, Number.MAX_SAFE_INTEGER] as const

export class Days {
  readonly #accounts
  readonly #sums
  readonly #rows
  readonly #put
  readonly #addMonth
  readonly #dropMonth
  readonly #drop
  readonly #moved
  readonly #settleMove

  constructor(sqlite: DatabaseSync, index: AdjustmentIndex, sums: Sums) {
    this.#accounts = accountDevices(sqlite, index)
    this.#sums = sums
    this.#rows = sqlite.prepare(
      'SELECT day, up_ms, down_ms, unknown_ms, exempt_ms FROM uptime_day WHERE device = ? AND day >= ? AND day < ?',
    )
    this.#rows.setReturnArrays(true)
    this.#put = sqlite.prepare('INSERT OR REPLACE INTO uptime_day VALUES (?, ?, ?, ?, ?, ?)')
    this.#addMonth = sqlite.prepare(
      `INSERT INTO uptime_day VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET up_ms = up_ms + excluded.up_ms,
       down_ms = down_ms + excluded.down_ms, unknown_ms = unknown_ms + excluded.unknown_ms, exempt_ms = exempt_ms + excluded.exempt_ms`,
    )
    this.#dropMonth = sqlite.prepare(
      'DELETE FROM uptime_day WHERE device = ? AND day = ? AND up_ms + down_ms + unknown_ms + exempt_ms = 0',
    )
    this.#drop = sqlite.prepare('DELETE FROM uptime_day WHERE device = ? AND day = ?')
    this.#moved = sqlite.prepare(
      'SELECT district, application, carrier, point_type, project, zone FROM uptime_moved WHERE device = ?',
    )
    this.#moved.setReturnArrays(true)
    this.#settleMove = sqlite.prepare('DELETE FROM uptime_moved WHERE device = ?')
  }

  /**
   * Days `[first, last)`, all of them over. A device that has moved is summed under its own attributes from here on; one that has left
   * the registry leaves no row.
   */
  derive(id: string, first: number, last: number): void {
    const device = this.#accounts.find(id)
    const moved = this.#moved.get(id) as unknown as string[] | undefined
    const was = moved ?? device?.values ?? []
    const whole = moved !== undefined || !device
    const stored = new Map(
      (this.#rows.all(id, ...(whole ? everyDay : [first, last])) as unknown as DayRow[]).map(([day, ...time]) => [
        day,
        time,
      ]),
    )
    const due = new Map<number, Time>()
    if (device && device.from !== null) {
      const begin = Math.max(first, dayNumber(device.from))
      const end = Math.min(last, device.to === null ? last : dayNumber(device.to - 1) + 1)
      const spans = Array.from({ length: Math.max(0, end - begin) }, (_, i) => ({
        from: startOfDay(begin + i),
        to: startOfDay(begin + i + 1),
      }))
      for (const [i, totals] of this.#accounts.totals(device, spans).entries())
        if (totals) due.set(begin + i, [totals.up, totals.down, totals.unknown, totals.exempt])
    }
    const months = new Map<number, [number, number, number, number]>()
    const change = (day: number, time: Time, sign: 1 | -1) => {
      const sum = months.get(monthOfDay(day)) ?? [0, 0, 0, 0]
      for (let i = 0; i < 4; i++) sum[i]! += sign * time[i]!
      months.set(monthOfDay(day), sum)
    }
    for (const [day, time] of stored) {
      const is = device && (day < first || day >= last) ? time : due.get(day)
      if (!moved && is && same(is, time)) continue
      this.#sums.add(day, was, time, -1)
      change(day, time, -1)
      if (!is) this.#drop.run(id, day)
      else {
        if (!same(is, time)) this.#put.run(id, day, ...is)
        this.#sums.add(day, device!.values, is, 1)
        change(day, is, 1)
      }
    }
    for (const [day, time] of due) {
      if (stored.has(day)) continue
      this.#put.run(id, day, ...time)
      this.#sums.add(day, device!.values, time, 1)
      change(day, time, 1)
    }
    for (const [month, sum] of months) {
      if (sum.some((n) => n !== 0)) this.#addMonth.run(id, month, ...sum)
      if (sum.some((n) => n < 0)) this.#dropMonth.run(id, month)
    }
    if (moved) this.#settleMove.run(id)
  }
}

const same = (a: Time, b: Time): boolean => a.every((n, i) => n === b[i])

/** Time of whole days out of the rollups, as they stand. */
import type { DatabaseSync } from 'node:sqlite'
import { arrays } from './account-device.ts'
import { rangesOf, startOfDay, startOfPeriod } from './calendar.ts'
import { attributes, deviceColumns, sumColumns } from './narrowing.ts'
import { bucketAt, keyOf, type Question } from './question.ts'

const times = ['up_ms', 'down_ms', 'unknown_ms', 'exempt_ms'] as const
const sums = times.map((column) => `sum(${column})`).join()

/** Days `[first, last)`, from the sums: wherever no device is asked for by name. */
export function addSums(question: Question, first: number, last: number): void {
  const { sqlite, by, buckets, step, narrowing, tally } = question
  const keys = by.map((group) => sumColumns[group as keyof typeof sumColumns])
  const grouped = step ? ['period', ...keys] : keys
  const ranges = step === 'day' ? [{ low: first, high: last - 1 }] : rangesOf(first, last)
  for (const { low, high } of ranges) {
    const rows = arrays(
      sqlite,
      `SELECT ${['min(period)', ...keys].join()}, ${sums} FROM uptime_sum WHERE period BETWEEN ${low} AND ${high}
       AND ${narrowing.sql(sumColumns)} ${grouped.length > 0 ? `GROUP BY ${grouped.join()}` : ''}`,
    ).all(...narrowing.parameters) as unknown as (string | number | null)[][]
    for (const [period, ...row] of rows) {
      if (period === null) continue
      const bucket = step ? bucketAt(buckets, startOfPeriod(period as number)) : 0
      const [up, down, unknown, exempt] = row.slice(keys.length) as [number, number, number, number]
      tally.add(bucket, row.slice(0, keys.length) as string[], up, down, unknown, exempt)
    }
  }
}

/** Days `[first, last)`, device by device. */
export function addDays(question: Question, first: number, last: number): void {
  const { sqlite, by, buckets, step, narrowing, devices, tally } = question
  const named = devices ? `id IN (${devices.map(() => '?').join()}) AND ` : ''
  const found = arrays(
    sqlite,
    `SELECT id, ${attributes.map((a) => deviceColumns[a]).join()} FROM device WHERE ${named}${narrowing.sql(deviceColumns)}`,
  ).all(...(devices ?? []), ...narrowing.parameters) as unknown as string[][]
  const total = arrays(sqlite, `SELECT ${sums} FROM uptime_day WHERE device = ? AND day >= ${first} AND day < ${last}`)
  const days = dayReader(sqlite)
  for (const [id, ...values] of found) {
    const key = keyOf(by, id!, values)
    if (step)
      for (const [day, ...time] of days(id!, first, last)) tally.add(bucketAt(buckets, startOfDay(day)), key, ...time)
    else {
      const [up, down, unknown, exempt] = total.get(id!) as unknown as [number | null, number, number, number]
      if (up !== null) tally.add(0, key, up, down, unknown, exempt)
    }
  }
}

type DayColumns = [day: number, up: number, down: number, unknown: number, exempt: number]

/** Rolled days `[first, last)` of a device. */
export function dayReader(sqlite: DatabaseSync): (id: string, first: number, last: number) => DayColumns[] {
  const select = arrays(sqlite, `SELECT day, ${times.join()} FROM uptime_day WHERE device = ? AND day >= ? AND day < ?`)
  return (id, first, last) => select.all(id, first, last) as unknown as DayColumns[]
}

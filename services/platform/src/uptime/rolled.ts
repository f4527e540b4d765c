/** Time of whole days out of the rollups, as they stand. */
import type { DatabaseSync } from 'node:sqlite'
import { arrays } from './account-device.ts'
import { rangesOf, startOfDay, startOfPeriod } from './calendar.ts'
import { deviceColumns, sumColumns } from './narrowing.ts'
import { bucketAt, groupingOf, type Question } from './question.ts'

const times = ['up_ms', 'down_ms', 'unknown_ms', 'exempt_ms'] as const
const sums = times.map((column) => `sum(${column})`).join()

/** Days `[first, last)`, from the sums: wherever no device is asked for by name. */
export function addSums(question: Question, first: number, last: number): void {
  const { sqlite, by, buckets, step, narrowing, tally } = question
  const { columns, pick } = groupingOf(by, sumColumns)
  // Of districts alone there are sums of their own: thousands of rows a day become twelve.
  const table = narrowing.coarse && by.every((group) => group === 'district') ? 'uptime_district' : 'uptime_sum'
  const ranges = step === 'day' ? [{ low: first, high: last - 1 }] : rangesOf(first, last)
  for (const { low, high } of ranges) {
    const rows = arrays(
      sqlite,
      `SELECT ${['period', ...columns].join()}, ${sums} FROM ${table} WHERE period BETWEEN ${low} AND ${high}
       AND ${narrowing.sql(sumColumns)} GROUP BY ${['period', ...columns].join()}`,
    ).all(...narrowing.parameters) as unknown as [number, ...(string | number)[]][]
    for (const [period, ...row] of rows) {
      const bucket = step ? bucketAt(buckets, startOfPeriod(period)) : 0
      const [up, down, unknown, exempt] = row.slice(columns.length) as [number, number, number, number]
      tally.add(bucket, pick(row), up, down, unknown, exempt)
    }
  }
}

/** Days `[first, last)`, device by device. */
export function addDays(question: Question, first: number, last: number): void {
  const { sqlite, by, buckets, step, narrowing, devices, tally } = question
  const { columns, pick } = groupingOf(by, deviceColumns)
  const named = devices ? `id IN (${devices.map(() => '?').join()}) AND ` : ''
  const ranges = step ? [{ low: first, high: last - 1 }] : rangesOf(first, last)
  for (const { low, high } of ranges) {
    // The registry first and in the order of its key, as the days are: nothing has to be sorted.
    const rows = arrays(
      sqlite,
      `SELECT ${['day', ...columns].join()}, ${sums} FROM device NOT INDEXED CROSS JOIN uptime_day ON uptime_day.device = device.id
       AND day BETWEEN ${low} AND ${high} WHERE ${named}${narrowing.sql(deviceColumns)} GROUP BY id${step ? ', day' : ''}`,
    ).all(...(devices ?? []), ...narrowing.parameters) as unknown as [number, ...(string | number)[]][]
    for (const [day, ...row] of rows) {
      const [up, down, unknown, exempt] = row.slice(columns.length) as [number, number, number, number]
      const bucket = step ? bucketAt(buckets, startOfDay(day)) : 0
      tally.add(bucket, pick(row), up, down, unknown, exempt)
    }
  }
}

type DayColumns = [day: number, up: number, down: number, unknown: number, exempt: number]

/** Rolled days `[first, last)` of a device. */
export function dayReader(sqlite: DatabaseSync): (id: string, first: number, last: number) => DayColumns[] {
  const select = arrays(sqlite, `SELECT day, ${times.join()} FROM uptime_day WHERE device = ? AND day >= ? AND day < ?`)
  return (id, first, last) => select.all(id, first, last) as unknown as DayColumns[]
}

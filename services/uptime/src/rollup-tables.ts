/** Time of whole days out of the rollups, as they stand. */
import { dayMs, rangesOf, startOfDay, startOfPeriod } from './calendar.ts'
import { arrays } from './device-time.ts'
import { bucketAt, groupingOf, passes, type Question, spansBetween } from './question.ts'
import { blankTime } from './rollup/blank-days.ts'
import { addTenure } from './unrolled.ts'

const times = ['up_ms', 'down_ms', 'unknown_ms', 'exempt_ms'] as const
const sums = times.map((column) => `sum(${column})`).join()

/** Days `[first, last)`, from the sums: wherever no device is asked for by name. @returns devices that are exact: none */
export function addSums(question: Question, first: number, last: number): ReadonlySet<string> {
  const { sqlite, by, buckets, step, narrowing, tally } = question
  const { columns, pick } = groupingOf(by)
  // Of districts alone there are sums of their own: thousands of rows a day become twelve.
  const table = narrowing.coarse && by.every((group) => group === 'district') ? 'uptime_district' : 'uptime_sum'
  const ranges = step === 'day' ? [{ low: first, high: last - 1 }] : rangesOf(first, last)
  for (const { low, high } of ranges) {
    const rows = arrays(
      sqlite,
      `SELECT ${['period', ...columns].join()}, ${sums} FROM ${table} WHERE period BETWEEN ${low} AND ${high}
       AND ${narrowing.sql} GROUP BY ${['period', ...columns].join()}`,
    ).all(...narrowing.parameters) as unknown as [number, ...(string | number)[]][]
    for (const [period, ...row] of rows) {
      const bucket = step ? bucketAt(buckets, startOfPeriod(period)) : 0
      const [up, down, unknown, exempt] = row.slice(columns.length) as [number, number, number, number]
      tally.add(bucket, pick(row), up, down, unknown, exempt)
    }
  }
  return none
}

const none: ReadonlySet<string> = new Set()

/** Days `[first, last)`, device by device. @returns devices whose attributes changed within: they are exact, whatever waits to be derived */
export function addDays(question: Question, first: number, last: number): ReadonlySet<string> {
  const { sqlite, accounts, by, buckets, step, tally } = question
  const [begin, end] = [startOfDay(first), startOfDay(last)]
  const { columns, pick } = groupingOf(by)
  const { sql, parameters } = unchangedIn(question, begin, end)
  const ranges = step ? [{ low: first, high: last - 1 }] : rangesOf(first, last)
  for (const { low, high } of ranges) {
    if (low >= 0) addBlank(question, { sql, parameters }, low, high + 1)
    // The registry first and in the order of its key, as the days are: nothing has to be sorted.
    const rows = arrays(
      sqlite,
      `SELECT ${['day', ...columns].join()}, ${sums} FROM registry_tenure AS device NOT INDEXED CROSS JOIN uptime_day ON uptime_day.device = device.id
       AND day BETWEEN ${low} AND ${high} WHERE ${sql} GROUP BY id${step ? ', day' : ''}`,
    ).all(...parameters) as unknown as [number, ...(string | number)[]][]
    for (const [day, ...row] of rows) {
      const [up, down, unknown, exempt] = row.slice(columns.length) as [number, number, number, number]
      const bucket = step ? bucketAt(buckets, startOfDay(day)) : 0
      tally.add(bucket, pick(row), up, down, unknown, exempt)
    }
  }
  const changed = new Set(accounts.changedIn({ from: begin, to: end }))
  const spans = spansBetween(buckets, begin, end)
  for (const id of changed)
    for (const tenure of accounts.tenures(id))
      if (passes(question, id, tenure.values)) addTenure(question, tenure, spans)
  return changed
}

/** Narrowed tenures that hold over all of `[begin, end)`. */
function unchangedIn({ narrowing, devices }: Question, begin: number, end: number) {
  const named = devices ? 'id IN (SELECT value FROM json_each(?)) AND ' : ''
  return {
    sql: `${named}${narrowing.sql} AND valid_from <= ${begin} AND (valid_to IS NULL OR valid_to >= ${end})`,
    parameters: [...(devices ? [JSON.stringify([...devices])] : []), ...narrowing.parameters],
  }
}

/** Of days `[first, last)` those that are unknown altogether, device by device, of tenures so narrowed. */
function addBlank(
  { sqlite, by, buckets, step, tally }: Question,
  { sql, parameters }: ReturnType<typeof unchangedIn>,
  first: number,
  last: number,
): void {
  const { columns, pick } = groupingOf(by)
  const rows = arrays(
    sqlite,
    `SELECT ${[...columns, `max(first, ${first})`, `min(last, ${last})`].join()} FROM registry_tenure AS device NOT INDEXED
     CROSS JOIN uptime_blank ON uptime_blank.device = device.id AND first < ${last} AND last > ${first} WHERE ${sql}`,
  ).all(...parameters) as unknown as (string | number)[][]
  for (const row of rows) {
    const [from, to] = row.slice(columns.length) as [number, number]
    const key = pick(row)
    if (!step) tally.add(0, key, 0, 0, (to - from) * dayMs, 0)
    else for (let day = from; day < to; day++) tally.add(bucketAt(buckets, startOfDay(day)), key, ...blankTime)
  }
}

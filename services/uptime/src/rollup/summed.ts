/** Days of a device as they are in the sums: each with the attributes under which it is summed, several where they changed within it. */
import type { DatabaseSync } from 'node:sqlite'
import { startOfDay } from '../calendar.ts'
import { arrays, dueIn, type Tenure } from '../device-time.ts'
import { attributeColumns, type Values } from '../narrowing.ts'
import { blankDays, blankTime, type Time } from './blank-days.ts'

/** Of one set of attributes; no two of a day have the same. */
export type Part = { values: Values; time: Time }
export type SummedDay = { day: number; time: Time; parts: readonly Part[] }

const times = 'up_ms, down_ms, unknown_ms, exempt_ms'

/** Days `[first, last)`. @param was the tenures of which the sums are */
export function summedReader(
  sqlite: DatabaseSync,
): (id: string, first: number, last: number, was: readonly Tenure[]) => SummedDay[] {
  const days = arrays(sqlite, `SELECT day, ${times} FROM uptime_day WHERE device = ? AND day >= ? AND day < ?`)
  const split = arrays(
    sqlite,
    `SELECT day, ${times}, ${attributeColumns.join()} FROM uptime_part WHERE device = ? AND day >= ? AND day < ?`,
  )
  const blanks = blankDays(sqlite)
  return (id, first, last, was) => {
    const parts = new Map<number, Part[]>()
    for (const [day, up, down, unknown, exempt, ...values] of split.all(id, first, last) as unknown as [
      number,
      ...Time,
      ...string[],
    ][])
      parts.set(day, [...(parts.get(day) ?? []), { values, time: [up, down, unknown, exempt] }])
    const rows = days.all(id, first, last) as unknown as [number, ...Time][]
    for (const day of blanks.days(id, first, last)) rows.push([day, ...blankTime])
    return rows.map(([day, ...time]) => {
      const values = valuesOn(was, day)
      return { day, time, parts: parts.get(day) ?? (values ? [{ values, time }] : []) }
    })
  }
}

/** The attributes of a day that lies under one set of them; undefined where the device was not due. */
function valuesOn(tenures: readonly Tenure[], day: number): Values | undefined {
  if (tenures.length < 2) return tenures[0]?.values
  const span = { from: startOfDay(day), to: startOfDay(day + 1) }
  return tenures.find((tenure) => isDue(tenure, span))?.values
}

/** Whether a day lies under several sets of attributes. */
export function isSplit(tenures: readonly Tenure[], day: number): boolean {
  if (tenures.length < 2) return false
  const span = { from: startOfDay(day), to: startOfDay(day + 1) }
  const due = tenures.filter((tenure) => isDue(tenure, span))
  return due.some(({ values }) => !sameValues(values, due[0]!.values))
}

function isDue(tenure: Tenure, span: Parameters<typeof dueIn>[1]): boolean {
  const { from, to } = dueIn(tenure, span)
  return from < to
}

export const sameValues = (a: Values, b: Values): boolean => a.every((value, i) => value === b[i])

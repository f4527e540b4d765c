/** Rolled days that are unknown from midnight to midnight: kept as stretches, read as days. */
import type { DatabaseSync } from 'node:sqlite'
import { dayMs } from '../calendar.ts'

/** Milliseconds up, down, unknown, exempt. */
export type Time = readonly [up: number, down: number, unknown: number, exempt: number]

export const blankTime: Time = [0, 0, dayMs, 0]

export const isBlank = ([up, down, unknown, exempt]: Time): boolean =>
  unknown === dayMs && up === 0 && down === 0 && exempt === 0

type Stretch = { first: number; last: number }

export function blankDays(sqlite: DatabaseSync) {
  const touching = sqlite.prepare(
    'SELECT first, last FROM uptime_blank WHERE device = ? AND first <= ? AND last >= ? ORDER BY first',
  )
  const put = sqlite.prepare('INSERT INTO uptime_blank VALUES (?, ?, ?)')
  const drop = sqlite.prepare('DELETE FROM uptime_blank WHERE device = ? AND first = ?')
  const stretches = (device: string, first: number, last: number) =>
    touching.all(device, last, first) as unknown as Stretch[]

  return {
    /** Those of `[first, last)`. */
    *days(device: string, first: number, last: number): Generator<number> {
      for (const stretch of stretches(device, first, last))
        for (let day = Math.max(first, stretch.first); day < Math.min(last, stretch.last); day++) yield day
    },

    /** Inside a transaction. @param changed whether each of these days is blank now */
    change(device: string, changed: ReadonlyMap<number, boolean>): void {
      if (changed.size === 0) return
      const days = [...changed.keys()].sort((a, b) => a - b)
      const was = stretches(device, days[0]!, days.at(-1)! + 1)
      const is: Stretch[] = []
      const add = (first: number, last: number) => {
        const before = is.at(-1)
        if (first >= last) return
        if (before && before.last >= first) before.last = Math.max(before.last, last)
        else is.push({ first, last })
      }
      // What was blank and is not named stays so: between two named days, and beyond the ends.
      const edges = [
        ...new Set([...was.flatMap(({ first, last }) => [first, last]), ...days, ...days.map((d) => d + 1)]),
      ]
      edges.sort((a, b) => a - b)
      for (const [i, first] of edges.entries()) {
        const last = edges[i + 1] ?? first
        if (changed.get(first) ?? was.some((stretch) => stretch.first <= first && first < stretch.last))
          add(first, last)
      }
      for (const { first } of was) drop.run(device, first)
      for (const { first, last } of is) put.run(device, first, last)
    },
  }
}

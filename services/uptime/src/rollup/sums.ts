/** Sums of the rollups, kept as differences: what a change of a device's days adds and takes, gathered and written once a transaction. */
import type { DatabaseSync } from 'node:sqlite'
import { monthOfDay } from '../calendar.ts'
import { attributeColumns } from '../narrowing.ts'
import type { Time } from './blank-days.ts'

type Change = { period: number; values: readonly string[]; sum: [number, number, number, number, number] }

export class Sums {
  readonly #changes = new Map<string, Map<number, Change>>()
  readonly #full
  readonly #districts

  constructor(sqlite: DatabaseSync) {
    this.#full = writer(sqlite, 'uptime_sum', attributeColumns)
    this.#districts = writer(sqlite, 'uptime_district', ['district'])
  }

  /** One day of one device, or a part of it, comes (`sign` 1) or goes (−1). */
  add(day: number, values: readonly string[], time: Time, sign: 1 | -1): void {
    const month = monthOfDay(day)
    for (const group of [values, values.slice(0, 1)]) {
      const name = group.join('\u0000')
      let changes = this.#changes.get(name)
      if (!changes) {
        changes = new Map()
        this.#changes.set(name, changes)
      }
      for (const period of [day, month]) {
        let change = changes.get(period)
        if (!change) {
          change = { period, values: group, sum: [0, 0, 0, 0, 0] }
          changes.set(period, change)
        }
        change.sum[0] += sign
        for (let i = 0; i < 4; i++) change.sum[i + 1]! += sign * time[i]!
      }
    }
  }

  /** Inside the transaction that changes the days. */
  write(): void {
    for (const changes of this.#changes.values())
      for (const { period, values, sum } of changes.values()) {
        if (sum.every((n) => n === 0)) continue
        const table = values.length === 1 ? this.#districts : this.#full
        table.put.run(period, ...values, ...sum)
        if (sum[0] < 0) table.drop.run(period, ...values)
      }
    this.#changes.clear()
  }

  /** The transaction failed. */
  forget(): void {
    this.#changes.clear()
  }
}

function writer(sqlite: DatabaseSync, table: string, columns: readonly string[]) {
  const times = ['devices', 'up_ms', 'down_ms', 'unknown_ms', 'exempt_ms']
  const all = ['period', ...columns, ...times]
  return {
    put: sqlite.prepare(
      `INSERT INTO ${table} (${all.join()}) VALUES (${all.map(() => '?').join()})
       ON CONFLICT DO UPDATE SET ${times.map((column) => `${column} = ${column} + excluded.${column}`).join()}`,
    ),
    drop: sqlite.prepare(
      `DELETE FROM ${table} WHERE period = ? AND ${columns.map((column) => `${column} = ?`).join(' AND ')} AND devices = 0`,
    ),
  }
}

/** Sums of the rollups, kept as differences: what a change of a device's days adds and takes, gathered and written once a transaction. */
import type { DatabaseSync } from 'node:sqlite'
import { monthOfDay } from '@hub/platform'

/** Milliseconds up, down, unknown, exempt. */
export type Time = readonly [up: number, down: number, unknown: number, exempt: number]

type Change = { period: number; values: readonly string[]; sum: [number, number, number, number, number] }

export class Sums {
  readonly #changes = new Map<string, Change>()
  readonly #put
  readonly #drop

  constructor(sqlite: DatabaseSync) {
    this.#put = sqlite.prepare(
      `INSERT INTO uptime_sum (period, district, application, carrier, point_type, project, zone, devices, up_ms, down_ms,
       unknown_ms, exempt_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET devices = devices + excluded.devices, up_ms = up_ms + excluded.up_ms,
       down_ms = down_ms + excluded.down_ms, unknown_ms = unknown_ms + excluded.unknown_ms, exempt_ms = exempt_ms + excluded.exempt_ms`,
    )
    this.#drop = sqlite.prepare(
      `DELETE FROM uptime_sum WHERE period = ? AND district = ? AND application = ? AND carrier = ? AND point_type = ?
       AND project = ? AND zone = ? AND devices = 0`,
    )
  }

  /** One day of one device comes (`sign` 1) or goes (−1). */
  add(day: number, values: readonly string[], time: Time, sign: 1 | -1): void {
    for (const period of [day, monthOfDay(day)]) {
      const name = `${period} ${values.join('\u0000')}`
      let change = this.#changes.get(name)
      if (!change) {
        change = { period, values, sum: [0, 0, 0, 0, 0] }
        this.#changes.set(name, change)
      }
      change.sum[0] += sign
      for (let i = 0; i < 4; i++) change.sum[i + 1]! += sign * time[i]!
    }
  }

  /** Inside the transaction that changes the days. */
  write(): void {
    for (const { period, values, sum } of this.#changes.values()) {
      if (sum.every((n) => n === 0)) continue
      this.#put.run(period, ...values, ...sum)
      if (sum[0] < 0) this.#drop.run(period, ...values)
    }
    this.#changes.clear()
  }

  /** The transaction failed. */
  forget(): void {
    this.#changes.clear()
  }
}

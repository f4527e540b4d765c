/** The time of one device, from its intervals and what adjustments say: the one way to figures that are in no rollup. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DeviceState } from '@hub/contracts'
import { type AdjustableDevice, accountEach, type Claim, type Span, type Totals } from '@hub/core'
import type { AdjustmentIndex } from './adjustment-index.ts'
import { attributes, deviceColumns, type Values } from './narrowing.ts'

export type DueDevice = AdjustableDevice & {
  values: Values
  /** Null: never in service. */
  from: number | null
  to: number | null
}

export type DeviceAccounts = {
  find(id: string): DueDevice | undefined
  /** Its due time in each of the spans; null where it was not due. Spans ascend, are apart, and end by now. */
  totals(device: DueDevice, spans: readonly Span[]): (Totals | null)[]
  /** What adjustments change in a span; null when they say nothing about it. */
  adjusted(device: DueDevice, span: Span): Totals | null
}

type DeviceColumns = [...string[], string, string | null, string | null, number | null, number | null]
type IntervalColumns = [number, number | null, DeviceState]

export function accountDevices(sqlite: DatabaseSync, index: AdjustmentIndex): DeviceAccounts {
  const device = arrays(
    sqlite,
    `SELECT ${attributes.map((a) => deviceColumns[a]).join()}, kind, pole, feed, in_service_from, in_service_to
     FROM device WHERE id = ?`,
  )
  const intervals = arrays(
    sqlite,
    `SELECT from_at, to_at, state FROM interval WHERE device = ?1 AND from_at < ?3 AND from_at >=
     coalesce((SELECT max(from_at) FROM interval WHERE device = ?1 AND from_at <= ?2), 0) ORDER BY from_at`,
  )
  const intervalsIn = (id: string, { from, to }: Span) =>
    (intervals.all(id, from, to) as unknown as IntervalColumns[]).map(([from, to, state]) => ({ from, to, state }))
  const dueIn = ({ from, to }: DueDevice, span: Span): Span => ({
    from: Math.max(span.from, from ?? Number.POSITIVE_INFINITY),
    to: Math.min(span.to, to ?? Number.POSITIVE_INFINITY),
  })
  const account = (id: string, due: readonly Span[], claims: readonly Claim[]) =>
    due.length === 0 ? [] : accountEach(intervalsIn(id, { from: due[0]!.from, to: due.at(-1)!.to }), due, claims)

  return {
    find(id) {
      const row = device.get(id) as unknown as DeviceColumns | undefined
      if (!row) return undefined
      const values = row.slice(0, attributes.length) as string[]
      const [kind, pole, feed, from, to] = row.slice(attributes.length) as [string, string?, string?, number?, number?]
      const [district, application, carrier] = values as [string, string, string]
      return {
        ...{ id, values, district, application, carrier, kind },
        ...{ pole: pole ?? null, feed: feed ?? null, from: from ?? null, to: to ?? null },
      }
    },
    totals(device, spans) {
      const cut = spans.map((span) => dueIn(device, span))
      const due = cut.filter((span) => span.from < span.to)
      if (due.length === 0) return spans.map(() => null)
      const claims = index.claims(device, { from: due[0]!.from, to: due.at(-1)!.to })
      const totals = account(device.id, due, claims)
      let next = 0
      return cut.map((span) => (span.from < span.to ? totals[next++]! : null))
    },
    adjusted(device, span) {
      const due = dueIn(device, span)
      if (due.from >= due.to) return null
      const claims = index.claims(device, due)
      if (claims.length === 0) return null
      const [plain, adjusted] = [account(device.id, [due], [])[0]!, account(device.id, [due], claims)[0]!]
      return {
        up: adjusted.up - plain.up,
        down: adjusted.down - plain.down,
        unknown: adjusted.unknown - plain.unknown,
        exempt: adjusted.exempt - plain.exempt,
      }
    },
  }
}

/** A statement whose rows are arrays: at 20,000 rows the objects would cost more than the query. */
export function arrays(sqlite: DatabaseSync, sql: string): StatementSync {
  const statement = sqlite.prepare(sql)
  statement.setReturnArrays(true)
  return statement
}

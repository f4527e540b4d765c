/** The time of one device, from its intervals and what adjustments say: the one way to figures that are in no rollup. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DeviceState } from '@hub/contracts'
import { type AdjustableDevice, accountEach, type Claim, type Span, type Timed, type Totals } from '@hub/core'
import type { Exemptions } from '@hub/platform'
import { attributeColumns, attributes, type Values } from './narrowing.ts'

/** A stretch of a device's time under one set of attributes. */
export type Tenure = AdjustableDevice & {
  values: Values
  /** When the attributes are true: half-open; 0: ever, null: no end. */
  since: number
  until: number | null
  /** The due time in it. Null: none. */
  from: number | null
  to: number | null
}

export type DeviceAccounts = {
  /** Of one device, as known now, ascending and side by side. None: no such device. */
  tenures(id: string): Tenure[]
  /** As they were known before something was said. */
  tenuresBefore(id: string, saidAt: number): Tenure[]
  /** Of all devices in the order of their codes, those after this one: all of a device or none. */
  after(id: string, limit: number): Tenure[][]
  /** Devices whose attributes have changed inside the span. */
  changedIn(span: Span): string[]
  /** Its intervals that overlap the span. */
  intervalsIn(id: string, span: Span): Timed[]
  /** Its due time in each of the spans; null where it was not due. Spans ascend, are apart, and end by now. */
  totals(tenure: Tenure, spans: readonly Span[]): (Totals | null)[]
  /** What adjustments change in a span; null when they say nothing about it. */
  adjusted(tenure: Tenure, span: Span): Totals | null
}

/** After the attributes. */
type Rest = [
  kind: string,
  pole: string | null,
  feed: string | null,
  since: number,
  until: number | null,
  from: number | null,
  to: number | null,
  id: string,
]
type TenureColumns = [...string[], ...Rest]
type IntervalColumns = [number, number | null, DeviceState]

export function accountDevices(sqlite: DatabaseSync, index: Pick<Exemptions, 'claims'>): DeviceAccounts {
  const ofDevice = tenureReader(sqlite, 'registry_tenure WHERE id = ?')
  const before = tenureReader(
    sqlite,
    'registry_tenure_said WHERE id = ?1 AND said_at < ?2 AND coalesce(superseded_at, ?2) >= ?2',
  )
  const ofDevices = tenureReader(
    sqlite,
    `registry_tenure WHERE id > ?1 AND id <= coalesce(
     (SELECT max(id) FROM (SELECT id FROM registry_device WHERE id > ?1 ORDER BY id LIMIT ?2)), '')`,
  )
  const changed = arrays(
    sqlite,
    'SELECT DISTINCT id FROM registry_tenure WHERE valid_from > 0 AND valid_from > ? AND valid_from < ?',
  )
  const intervals = arrays(
    sqlite,
    `SELECT from_at, to_at, state FROM ingest_interval WHERE device = ?1 AND from_at < ?3 AND from_at >=
     coalesce((SELECT max(from_at) FROM ingest_interval WHERE device = ?1 AND from_at <= ?2), 0) ORDER BY from_at`,
  )
  const intervalsIn = (id: string, { from, to }: Span): Timed[] =>
    (intervals.all(id, from, to) as unknown as IntervalColumns[]).map(([from, to, state]) => ({ from, to, state }))
  const account = (id: string, due: readonly Span[], claims: readonly Claim[]) =>
    due.length === 0 ? [] : accountEach(intervalsIn(id, { from: due[0]!.from, to: due.at(-1)!.to }), due, claims)

  return {
    tenures: ofDevice,
    tenuresBefore: before,
    after(id, limit) {
      const devices: Tenure[][] = []
      for (const tenure of ofDevices(id, limit))
        if (devices.at(-1)?.at(0)?.id === tenure.id) devices.at(-1)!.push(tenure)
        else devices.push([tenure])
      return devices
    },
    changedIn: ({ from, to }) => (changed.all(from, to) as unknown as [string][]).map(([id]) => id),
    intervalsIn,
    totals: (tenure, spans) =>
      accountTenure(tenure, spans, (due, whole) => account(tenure.id, due, index.claims(tenure, whole))),
    adjusted(tenure, span) {
      const due = dueIn(tenure, span)
      if (due.from >= due.to) return null
      const claims = index.claims(tenure, due)
      if (claims.length === 0) return null
      const [plain, adjusted] = [account(tenure.id, [due], [])[0]!, account(tenure.id, [due], claims)[0]!]
      return {
        up: adjusted.up - plain.up,
        down: adjusted.down - plain.down,
        unknown: adjusted.unknown - plain.unknown,
        exempt: adjusted.exempt - plain.exempt,
      }
    },
  }
}

/** @param where what follows FROM. In the order of devices and of their time. */
export function tenureReader(sqlite: DatabaseSync, where: string): (...parameters: (string | number)[]) => Tenure[] {
  const columns = `${attributeColumns.join()}, kind, pole, feed, valid_from, valid_to, in_service_from, in_service_to, id`
  const statement = arrays(sqlite, `SELECT ${columns} FROM ${where} ORDER BY id, valid_from`)
  return (...parameters) => (statement.all(...parameters) as unknown as TenureColumns[]).map(tenureOf)
}

/** The part of a span in which a device was due under these attributes; empty where it was not. */
export const dueIn = ({ from, to }: Pick<Tenure, 'from' | 'to'>, span: Span): Span => ({
  from: Math.max(span.from, from ?? Number.POSITIVE_INFINITY),
  to: Math.min(span.to, to ?? Number.POSITIVE_INFINITY),
})

/** Tenures that hold at some time of a span, each with the part of it. */
export const heldIn = (tenures: readonly Tenure[], { from, to }: Span): { tenure: Tenure; span: Span }[] =>
  tenures
    .map((tenure) => ({
      tenure,
      span: { from: Math.max(from, tenure.since), to: Math.min(to, tenure.until ?? Number.POSITIVE_INFINITY) },
    }))
    .filter(({ span }) => span.from < span.to)

/** What adjustments say of a device in a span, due or not. */
export const claimsOn = (tenures: readonly Tenure[], span: Span, index: Pick<Exemptions, 'claims'>): Claim[] =>
  heldIn(tenures, span).flatMap(({ tenure, span }) => index.claims(tenure, span))

/** The due time in each of the spans, null where there is none. @param account of the due spans, and of all around them */
export function accountTenure(
  tenure: Pick<Tenure, 'from' | 'to'>,
  spans: readonly Span[],
  account: (due: readonly Span[], whole: Span) => Totals[],
): (Totals | null)[] {
  const cut = spans.map((span) => dueIn(tenure, span))
  const due = cut.filter((span) => span.from < span.to)
  if (due.length === 0) return spans.map(() => null)
  const totals = account(due, { from: due[0]!.from, to: due.at(-1)!.to })
  let next = 0
  return cut.map((span) => (span.from < span.to ? totals[next++]! : null))
}

function tenureOf(row: TenureColumns): Tenure {
  const values = row.slice(0, attributes.length) as string[]
  const [kind, pole, feed, since, until, from, to, id] = row.slice(attributes.length) as Rest
  const [district, application, carrier] = values as [string, string, string]
  return { id, values, district, application, carrier, kind, pole, feed, since, until, from, to }
}

/** A statement whose rows are arrays: at 20,000 rows the objects would cost more than the query. */
export function arrays(sqlite: DatabaseSync, sql: string): StatementSync {
  const statement = sqlite.prepare(sql)
  statement.setReturnArrays(true)
  return statement
}

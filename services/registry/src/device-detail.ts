/** One device as it is on record and as it stands, for who may see it. */
import type {
  DeviceDetail,
  DeviceRecord,
  DeviceRemarks,
  DeviceRow,
  Interval,
  Observation,
  Rule,
  Scope,
} from '@hub/contracts'
import { accountEach, type Claim, daysIn, intersectSpans, type Span, secondMs } from '@hub/core'
import type { Selectable } from 'kysely'
import { rowColumns, rowOf, visible } from './device-list.ts'
import type { RegistryDb, RegistryTables } from './tables.ts'

export type FullDevice = {
  row: DeviceRow
  record: DeviceRecord
  rule: Rule | null
  probes: Observation[]
  identity: { [name: string]: string | number | boolean } | null
  remarks: DeviceRemarks | null
  /** Stretches of its time under one set of attributes, ascending. */
  tenures: DeviceTenure[]
}

export type DeviceTenure = Selectable<RegistryTables['device_tenure']>

/** Undefined when there is none, or when it is out of scope: the two look the same. */
export async function findDevice(db: RegistryDb, scope: Scope, id: string): Promise<FullDevice | undefined> {
  const found = await visible(db, scope)
    .select(rowColumns)
    .select(['record', 'identity', 'remarks', 'rule', 'recent'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) return undefined
  return {
    row: rowOf(found),
    record: JSON.parse(found.record),
    rule: found.rule === null ? null : JSON.parse(found.rule),
    probes: found.recent === null ? [] : JSON.parse(found.recent),
    identity: found.identity === null ? null : JSON.parse(found.identity),
    remarks: found.remarks === null ? null : JSON.parse(found.remarks),
    tenures: await tenuresOf(db, id),
  }
}

/** As known now, ascending and side by side. */
export const tenuresOf = (db: RegistryDb, id: string): Promise<DeviceTenure[]> =>
  db
    .selectFrom('device_tenure')
    .selectAll()
    .where('device', '=', id)
    .where('superseded_at', 'is', null)
    .orderBy('valid_from')
    .execute()

/** The intervals that touch `[from, to)`, oldest first, whole as they are recorded. */
export async function intervalsOf(db: RegistryDb, id: string, from: number, to: number): Promise<Interval[]> {
  const rows = await db
    .selectFrom('ingest_interval')
    .selectAll()
    .where('device', '=', id)
    .where('from_at', '<', to)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('from_at')
    .execute()
  return rows.map((row) => ({
    from: row.from_at,
    to: row.to_at,
    state: row.state as Interval['state'],
    rule: JSON.parse(row.rule),
  }))
}

/** Seconds of each state on each day, of the time that the device was due. @param claimsOn what adjustments say of a tenure */
export function dayStrip(
  intervals: readonly Interval[],
  period: Span,
  tenures: readonly DeviceTenure[],
  claimsOn: (tenure: DeviceTenure, within: Span) => Claim[],
): DeviceDetail['days'] {
  const days = daysIn(period)
  const spent = days.map(() => ({ up: 0, down: 0, unknown: 0, exempt: 0 }))
  for (const tenure of tenures) {
    if (tenure.in_service_from === null) continue
    const due = { from: tenure.in_service_from, to: tenure.in_service_to ?? period.to }
    const parts = days.flatMap((day, i) =>
      intersectSpans([day], due.from < due.to ? [due] : []).map((part) => ({ ...part, i })),
    )
    if (parts.length === 0) continue
    const whole = { from: parts[0]!.from, to: parts.at(-1)!.to }
    for (const [n, totals] of accountEach(intervals, parts, claimsOn(tenure, whole)).entries()) {
      const day = spent[parts[n]!.i]!
      for (const state of ['up', 'down', 'unknown', 'exempt'] as const) day[state] += totals[state] / secondMs
    }
  }
  return days.map(({ day }, i) => ({ day, ...spent[i]! }))
}

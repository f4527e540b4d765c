/** What was known at an instant: the record as it had been said, the adjustments that held, the intervals of what had arrived. */
import type { DatabaseSync } from 'node:sqlite'
import { type Adjustment, type CountedState, type DeviceState, HubError, limitText } from '@hub/contracts'
import { type AdjustmentIndex, accountEach, indexAdjustments, type Span, type Timed, type Totals } from '@hub/core'
import type { ApprovedAdjustment } from '@hub/platform'
import { listCovered } from '../covered.ts'
import { accountTenure, arrays, type DeviceAccounts, type Tenure, tenureReader } from '../device-time.ts'
import { type ApprovedRow, approvedOf } from '../exemptions.ts'

/** A device's time as it was known at an instant. */
type PastAccounts = {
  tenures(id: string): Tenure[]
  totals(tenure: Tenure, spans: readonly Span[]): (Totals | null)[]
}

export type Past = {
  /** @throws HubError `asof.not-kept` where something that had been known then cannot be told any more */
  require(at: number, period: Span): void
  /** Devices of whose time in the period something else may be known since. */
  changedSince(at: number, period: Span): Set<string>
  accounts(at: number): PastAccounts
  /** Whether an adjustment covers a device. */
  covers(adjustment: string, device: string): boolean
}

type Standing = { id: string; at: number }

export function createPast(sqlite: DatabaseSync, now: Pick<DeviceAccounts, 'intervalsIn'>): Past {
  const seeded = sqlite.prepare('SELECT max(said_at) AS at FROM registry_statement WHERE seeded = 1')
  const kept = sqlite.prepare('SELECT min(since) AS at FROM ingest_interval_past_kept')
  const unknownApproval = sqlite.prepare(
    `SELECT max(decided_at) AS at FROM adjustment WHERE status = 'withdrawn' AND requested_at <= :at AND decided_at > :at AND from_at < :to
     AND to_at > :from AND id IN (SELECT adjustment FROM adjustment_step WHERE unsure = 1)`,
  )
  const stated = arrays(
    sqlite,
    `SELECT DISTINCT device FROM registry_statement WHERE said_at > :at AND from_at < :to AND (to_at IS NULL OR to_at > :from)`,
  )
  const observed = arrays(
    sqlite,
    'SELECT DISTINCT device FROM ingest_interval_past WHERE until_at > :at AND touched_from < :to',
  )
  const decided = sqlite.prepare(
    `SELECT * FROM adjustment WHERE kind <> 'record' AND from_at < :to AND to_at > :from
     AND id IN (SELECT adjustment FROM adjustment_step WHERE at > :at)`,
  )
  const standing = sqlite.prepare(
    `SELECT adjustment AS id, max(at) AS at FROM adjustment_step WHERE at <= ? GROUP BY adjustment HAVING status = 'approved'`,
  )
  const adjustment = sqlite.prepare("SELECT * FROM adjustment WHERE id = ? AND kind <> 'record'")
  const tenuresAt = tenureReader(
    sqlite,
    'registry_tenure_said WHERE id = ?1 AND said_at <= ?2 AND coalesce(superseded_at, ?2 + 1) > ?2',
  )
  const before = arrays(
    sqlite,
    `SELECT from_at, to_at, state, min(until_at) FROM ingest_interval_past WHERE device = ? AND until_at > ? AND from_at < ? GROUP BY from_at`,
  )

  const intervalsAt = (id: string, span: Span, at: number): Timed[] => {
    const was = before.all(id, at, span.to) as unknown as [number, number | null, DeviceState | null, number][]
    if (was.length === 0) return now.intervalsIn(id, span)
    const changed = new Set(was.map(([from]) => from))
    return [
      ...now.intervalsIn(id, span).filter(({ from }) => !changed.has(from)),
      ...was.flatMap(([from, to, state]) => (state === null ? [] : [{ from, to, state }])),
    ]
  }
  const indexAt = (at: number): AdjustmentIndex<ApprovedAdjustment> =>
    indexAdjustments(
      (standing.all(at) as Standing[]).flatMap(({ id, at: decidedAt }) => {
        const row = adjustment.get(id) as ApprovedRow | undefined
        return row ? [{ ...approvedOf(row), decidedAt }] : []
      }),
    )

  return {
    require(at, period) {
      const since = (row: unknown) => (row as { at: number | null }).at
      const observations = since(kept.get())
      const missing = [
        ['record', since(seeded.get()) ?? 0],
        ['observations', observations ?? Number.POSITIVE_INFINITY],
        ['adjustments', since(unknownApproval.get({ at, ...period })) ?? 0],
      ] as const
      const first = missing.find(([, since]) => at < since)
      if (first)
        throw new HubError('asof.not-kept', {
          field: first[0],
          value: at,
          limit: Number.isFinite(first[1]) ? limitText('kept-since', { at: first[1] }) : limitText('never-kept'),
        })
    },
    changedSince(at, period) {
      const asked = { at, ...period }
      const ids = new Set((stated.all(asked) as unknown as [string][]).map(([id]) => id))
      for (const [id] of observed.all({ at, to: period.to }) as unknown as [string][]) ids.add(id)
      for (const row of decided.all(asked) as AdjustmentReach[])
        for (const id of listCovered(sqlite, reachOf(row), 'city')) ids.add(id)
      return ids
    },
    covers(id, device) {
      const row = adjustment.get(id) as AdjustmentReach | undefined
      return row !== undefined && listCovered(sqlite, reachOf(row), 'city').includes(device)
    },
    accounts(at) {
      const index = indexAt(at)
      return {
        tenures: (id) => tenuresAt(id, at),
        totals: (tenure, spans) =>
          accountTenure(tenure, spans, (due, whole) =>
            accountEach(intervalsAt(tenure.id, whole, at), due, index.claims(tenure, whole)),
          ),
      }
    },
  }
}

type AdjustmentReach = { scope: string; within: string; from_at: number; to_at: number; count_as: CountedState }
const reachOf = ({
  scope,
  within,
  from_at,
  to_at,
}: AdjustmentReach): Pick<Adjustment, 'scope' | 'within' | 'from' | 'to'> => ({
  scope: JSON.parse(scope),
  within: JSON.parse(within),
  from: from_at,
  to: to_at,
})

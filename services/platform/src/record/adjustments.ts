/** Exemptions and corrections in the Record. Each act is one transaction: the row, its audit line, and what must be derived again. */
import type { DatabaseSync } from 'node:sqlite'
import {
  type Adjustment,
  type AdjustmentDecision,
  type AdjustmentKind,
  type AdjustmentRequest,
  type AdjustmentStatus,
  HubError,
  inScope,
  type Scope,
} from '@hub/contracts'
import { countCovered } from '../uptime/covered.ts'
import { markAdjusted } from '../uptime/dirty.ts'
import type { RecordStore } from './open.ts'

type Store = Pick<RecordStore, 'commit'>

/** Those that a viewer may see, newest request first. `devices` counts those of the viewer's districts. */
export function listAdjustments(
  record: Store,
  viewer: Scope,
  { status, kind }: { status?: AdjustmentStatus | undefined; kind?: AdjustmentKind | undefined } = {},
): Promise<Adjustment[]> {
  return record.commit((sqlite) => {
    const rows = sqlite
      .prepare(
        `SELECT * FROM adjustment WHERE (:status IS NULL OR status = :status) AND (:kind IS NULL OR kind = :kind)
         ORDER BY requested_at DESC, id`,
      )
      .all({ status: status ?? null, kind: kind ?? null }) as AdjustmentRow[]
    return rows.flatMap((row) => seen(sqlite, row, viewer) ?? [])
  })
}

/** @throws HubError `adjustment.unknown`, also for one that the viewer may not see. */
export function findAdjustment(record: Store, viewer: Scope, id: string): Promise<Adjustment> {
  return record.commit((sqlite) => find(sqlite, viewer, id))
}

/** Enters a request. It counts for nothing until another person approves it. */
export function insertAdjustment(
  record: Store,
  request: AdjustmentRequest,
  { id, within, requestedBy, requestedAt }: Pick<Adjustment, 'id' | 'within' | 'requestedBy' | 'requestedAt'>,
): Promise<Adjustment> {
  const { kind, countAs, scope, from, to, recurrence, reason, applicant } = request
  return record.commit((sqlite) => {
    sqlite
      .prepare(
        `INSERT INTO adjustment (id, kind, count_as, status, scope, within, from_at, to_at, recurrence, reason, applicant,
         requested_by, requested_at) VALUES (?, ?, ?, 'requested', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, kind, countAs, JSON.stringify(scope), JSON.stringify(within), from, to],
        recurrence ? JSON.stringify(recurrence) : null,
        ...[reason, applicant, requestedBy, requestedAt],
      )
    audit(sqlite, requestedAt, requestedBy, 'request', id, { kind, countAs, by: scope.by, from, to, reason })
    return find(sqlite, within, id)
  })
}

const steps = {
  approve: { from: ['requested'], to: 'approved' },
  reject: { from: ['requested'], to: 'rejected' },
  withdraw: { from: ['requested', 'approved'], to: 'withdrawn' },
} as const satisfies Record<AdjustmentDecision['decision'], { from: AdjustmentStatus[]; to: AdjustmentStatus }>

/**
 * Decides, or withdraws. The figures it touches are answered right from this transaction on, and derived again in the background.
 * @throws HubError `adjustment.unknown`; `adjustment.decided` when its status allows no such step; `approval.own` when the one who
 * entered it would approve or reject it
 */
export function decideAdjustment(
  record: Store,
  viewer: Scope,
  id: string,
  { decision, note, decidedBy, decidedAt }: AdjustmentDecision & { decidedBy: string; decidedAt: number },
): Promise<Adjustment> {
  return record.commit((sqlite) => {
    const was = find(sqlite, viewer, id)
    const step = steps[decision]
    if (!(step.from as readonly string[]).includes(was.status)) {
      const legal = Object.entries(steps).flatMap(([name, { from }]) =>
        (from as readonly string[]).includes(was.status) ? [name] : [],
      )
      throw new HubError('adjustment.decided', { field: id, value: was.status, limit: legal.join(', ') || 'none' })
    }
    if (decision !== 'withdraw' && was.requestedBy === decidedBy)
      throw new HubError('approval.own', { value: decidedBy, limit: decision })
    sqlite
      .prepare('UPDATE adjustment SET status = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?')
      .run(step.to, decidedBy, decidedAt, note ?? null, id)
    audit(sqlite, decidedAt, decidedBy, decision, id, { from: was.status, to: step.to, note: note ?? null })
    if (step.to === 'approved' || was.status === 'approved') markAdjusted(sqlite, was)
    return find(sqlite, viewer, id)
  })
}

function find(sqlite: DatabaseSync, viewer: Scope, id: string): Adjustment {
  const row = sqlite.prepare('SELECT * FROM adjustment WHERE id = ?').get(id) as AdjustmentRow | undefined
  const adjustment = row && seen(sqlite, row, viewer)
  if (!adjustment) throw new HubError('adjustment.unknown', { value: id })
  return adjustment
}

/** Undefined when it covers nothing of the viewer's districts and was entered for others. */
function seen(sqlite: DatabaseSync, row: AdjustmentRow, viewer: Scope): Adjustment | undefined {
  const adjustment = adjustmentOf(row)
  const { within } = adjustment
  const devices = countCovered(sqlite, adjustment, viewer)
  const own = viewer === 'city' || (within !== 'city' && within.every((district) => inScope(viewer, district)))
  return devices > 0 || own ? { ...adjustment, devices } : undefined
}

function audit(sqlite: DatabaseSync, at: number, actor: string, act: string, subject: string, detail: object): void {
  sqlite
    .prepare('INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)')
    .run(at, actor, `adjustment.${act}`, subject, JSON.stringify(detail))
}

type AdjustmentRow = {
  id: string
  kind: AdjustmentKind
  count_as: Adjustment['countAs']
  status: AdjustmentStatus
  scope: string
  within: string
  from_at: number
  to_at: number
  recurrence: string | null
  reason: string
  applicant: string
  requested_by: string
  requested_at: number
  decided_by: string | null
  decided_at: number | null
  note: string | null
}

const adjustmentOf = (row: AdjustmentRow): Omit<Adjustment, 'devices'> => ({
  id: row.id,
  kind: row.kind,
  countAs: row.count_as,
  status: row.status,
  scope: JSON.parse(row.scope),
  within: JSON.parse(row.within),
  from: row.from_at,
  to: row.to_at,
  ...(row.recurrence !== null && { recurrence: JSON.parse(row.recurrence) }),
  reason: row.reason,
  applicant: row.applicant,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  note: row.note,
})

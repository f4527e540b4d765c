/** Exemptions and corrections in the Record. Each act is one transaction: the row, its audit line, and what must be derived again. */
import type { DatabaseSync } from 'node:sqlite'
import {
  type Adjustment,
  type AdjustmentDecision,
  type AdjustmentKind,
  type AdjustmentRequest,
  type AdjustmentStatus,
  type CountedState,
  HubError,
  inScope,
  namedDevices,
  type Scope,
} from '@hub/contracts'
import type { AuditPort, Outbox, Outgoing, RecordStore } from '@hub/platform'
import { countCovered, coveredDistricts, covers, listCovered, type Reach } from '../covered.ts'
import { markAdjusted } from '../pending.ts'

type Store = Pick<RecordStore, 'commit'>
type Acting = { record: Store; audit: AuditPort }
type Deciding = Acting & { outbox: Pick<Outbox, 'appendAll'> }
/** An adjustment as its viewer sees it, and the districts that hear of the act. */
export type Decided = { adjustment: Adjustment; districts: Adjustment['within'] }

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

/** Those that cover a device at some time of theirs. */
export async function listCovering(record: Store, viewer: Scope, device: string): Promise<Adjustment[]> {
  const all = await listAdjustments(record, viewer)
  return record.commit((sqlite) => all.filter((one) => covers(sqlite, one, device)))
}

/** @throws HubError `adjustment.unknown`, also for one that the viewer may not see. */
export function findAdjustment(record: Store, viewer: Scope, id: string): Promise<Adjustment> {
  return record.commit((sqlite) => find(sqlite, viewer, id))
}

/** Enters a request. It counts for nothing until another person approves it. */
export function insertAdjustment(
  { record, audit }: Acting,
  request: AdjustmentRequest,
  { id, within, requestedBy, requestedAt }: Pick<Adjustment, 'id' | 'within' | 'requestedBy' | 'requestedAt'>,
): Promise<Decided> {
  return record.commit((sqlite) => {
    const adjustment = enterAdjustment({ sqlite, audit }, request, { id, within, requestedBy, requestedAt })
    return { adjustment, districts: audienceOf(sqlite, adjustment) }
  })
}

type Entering = Pick<Adjustment, 'id' | 'within' | 'requestedBy' | 'requestedAt'>

/** `insertAdjustment` in the caller's transaction. */
export function enterAdjustment(
  { sqlite, audit }: { sqlite: DatabaseSync; audit: AuditPort },
  request: AdjustmentRequest,
  { id, within, requestedBy, requestedAt }: Entering,
): Adjustment {
  const { kind, countAs, change, evidence, scope, from, to, recurrence, reason, applicant } = request
  sqlite
    .prepare(
      `INSERT INTO adjustment (id, kind, count_as, status, scope, within, from_at, to_at, recurrence, reason, applicant,
       requested_by, requested_at, change, evidence) VALUES (?, ?, ?, 'requested', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[id, kind, countAs ?? '', JSON.stringify(scope), JSON.stringify(within), from, to],
      recurrence ? JSON.stringify(recurrence) : null,
      ...[reason, applicant, requestedBy, requestedAt],
      ...[change ? JSON.stringify(change) : null, evidence ?? null],
    )
  const what = change ? { change, evidence } : { countAs }
  audit.appendSync(sqlite, {
    at: requestedAt,
    actor: requestedBy,
    action: 'adjustment.request',
    subject: id,
    detail: { kind, ...what, by: scope.by, from, to, reason },
  })
  return find(sqlite, within, id)
}

const steps = {
  approve: { from: ['requested'], to: 'approved' },
  reject: { from: ['requested'], to: 'rejected' },
  withdraw: { from: ['requested', 'approved'], to: 'withdrawn' },
} as const satisfies Record<AdjustmentDecision['decision'], { from: AdjustmentStatus[]; to: AdjustmentStatus }>

/**
 * Decides, or withdraws. The figures it touches are answered right from this transaction on, and derived again in the background.
 * @throws HubError `adjustment.unknown`; `adjustment.decided` when its status allows no such step; `approval.own` when the one who
 * entered it would approve or reject it; `adjustment.overlaid` when another one has said something of the same past since
 */
export function decideAdjustment(
  { record, audit, outbox }: Deciding,
  viewer: Scope,
  id: string,
  { decision, note, decidedBy, decidedAt }: AdjustmentDecision & { decidedBy: string; decidedAt: number },
): Promise<Decided> {
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
    if (was.change && step.to === 'withdrawn' && was.status === 'approved') refuseOverlaid(sqlite, was)
    sqlite
      .prepare('UPDATE adjustment SET status = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?')
      .run(step.to, decidedBy, decidedAt, note ?? null, id)
    audit.appendSync(sqlite, {
      at: decidedAt,
      actor: decidedBy,
      action: `adjustment.${decision}`,
      subject: id,
      detail: { from: was.status, to: step.to, note: note ?? null },
    })
    if (step.to === 'approved' || was.status === 'approved') {
      if (was.change === undefined) markAdjusted(sqlite, was)
      else outbox.appendAll(sayDecided(sqlite, was, { holds: step.to === 'approved', user: decidedBy, at: decidedAt }))
    }
    return { adjustment: find(sqlite, viewer, id), districts: audienceOf(sqlite, was) }
  })
}

type Decision = { holds: boolean; user: string; at: number }

/** Who keeps the record hears of it with this commit. */
function sayDecided(sqlite: DatabaseSync, adjustment: Adjustment, { holds, user, at }: Decision): Outgoing[] {
  const { id, from, to, change } = adjustment
  return [...namedDevices(listCovered(sqlite, adjustment, 'city'))].map((devices) => ({
    name: 'recordChangeDecided',
    params: {},
    value: { v: 1, at, adjustment: id, holds, devices, from, to, change: change!, user },
  }))
}

/** What was said later of the same time stands on what was said before. @throws HubError `adjustment.overlaid` */
function refuseOverlaid(sqlite: DatabaseSync, { id, from, to, decidedAt, ...reach }: Adjustment): void {
  const later = sqlite
    .prepare(
      `SELECT * FROM adjustment WHERE kind = 'record' AND status = 'approved' AND id <> ? AND decided_at >= ? AND from_at < ? AND to_at > ?
       ORDER BY decided_at`,
    )
    .all(id, decidedAt, to, from) as AdjustmentRow[]
  const devices = new Set(listCovered(sqlite, { ...reach, from, to }, 'city'))
  for (const row of later) {
    const shared = listCovered(sqlite, adjustmentOf(row), 'city').find((device) => devices.has(device))
    if (shared) throw new HubError('adjustment.overlaid', { field: id, value: shared, limit: row.id })
  }
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

/** Whom a change concerns: the districts of the devices that it covers; of one that covers none, those of whoever entered it. */
function audienceOf(sqlite: DatabaseSync, reach: Reach): Adjustment['within'] {
  const districts = coveredDistricts(sqlite, reach)
  return districts.length > 0 ? districts : reach.within
}

type AdjustmentRow = {
  id: string
  kind: AdjustmentKind
  count_as: CountedState | ''
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
  change: string | null
  evidence: string | null
}

const adjustmentOf = (row: AdjustmentRow): Omit<Adjustment, 'devices'> => ({
  id: row.id,
  kind: row.kind,
  ...(row.count_as !== '' && { countAs: row.count_as }),
  ...(row.change !== null && { change: JSON.parse(row.change) }),
  ...(row.evidence !== null && { evidence: row.evidence }),
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

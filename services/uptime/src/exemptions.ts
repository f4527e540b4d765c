/** The approved exemptions and corrections of the Record, as an index by device. */
import type { DatabaseSync } from 'node:sqlite'
import type { Adjustment, CountedState } from '@hub/contracts'
import { type AdjustmentIndex, indexAdjustments } from '@hub/core'
import { type ApprovedAdjustment, type Exemptions, settingsOf } from '@hub/platform'

/** Counts the changes of adjustments: triggers of the database keep it. */
const versionKey = 'adjustments:version'

export function adjustmentsVersion(sqlite: DatabaseSync): () => string | undefined {
  const settings = settingsOf(sqlite, 'uptime')
  return () => settings.get(versionKey)
}

export function createExemptions(sqlite: DatabaseSync): Exemptions {
  const version = adjustmentsVersion(sqlite)
  const approved = sqlite.prepare(
    "SELECT * FROM adjustment WHERE status = 'approved' AND kind <> 'record' ORDER BY decided_at, id",
  )
  let read: string | undefined | null = null
  let index: AdjustmentIndex<ApprovedAdjustment> = indexAdjustments<ApprovedAdjustment>([])

  return {
    reload() {
      const current = version()
      if (current === read) return current
      read = current
      index = indexAdjustments((approved.all() as ApprovedRow[]).map(approvedOf))
      return current
    },
    claims: (device, within) => index.claims(device, within),
    touching: (within) => index.touching(within),
  }
}

/** Of the table of adjustments. */
export type ApprovedRow = {
  id: string
  kind: Adjustment['kind']
  count_as: CountedState
  scope: string
  within: string
  from_at: number
  to_at: number
  recurrence: string | null
  decided_at: number | null
}

export const approvedOf = (row: ApprovedRow): ApprovedAdjustment => ({
  id: row.id,
  kind: row.kind,
  countAs: row.count_as,
  status: 'approved',
  scope: JSON.parse(row.scope),
  within: JSON.parse(row.within),
  from: row.from_at,
  to: row.to_at,
  ...(row.recurrence !== null && { recurrence: JSON.parse(row.recurrence) }),
  decidedAt: row.decided_at,
})

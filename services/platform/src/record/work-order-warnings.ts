/** Work orders that are overtime, and which recipient has been told of which colour. */
import type { DatabaseSync } from 'node:sqlite'
import type { WorkOrder } from '@hub/contracts'
import type { Colour, Warning } from '@hub/core'

export type OrderWarning = Warning & {
  id: string
  told: { channel: string; colour: Colour }[]
}

/** Of orders that are not over, as they were last marked. */
export function listWarnings(sqlite: DatabaseSync): OrderWarning[] {
  const rows = sqlite
    .prepare(
      `SELECT w.id, w.overtime AS colour, w.unit, w.districts, w.rule ->> '$.class' AS class, o.silenced_until AS silencedUntil,
         (SELECT json_group_array(json_object('channel', t.channel, 'colour', t.colour)) FROM work_order_told t
           WHERE t.work_order = w.id) AS told
       FROM work_order w LEFT JOIN outage o ON o.id = w.outage
       WHERE w.status NOT IN ('closed', 'cancelled') AND w.overtime <> 'none' ORDER BY w.repair_by, w.number`,
    )
    .all() as Stored[]
  return rows.map((row) => ({ ...row, districts: JSON.parse(row.districts), told: JSON.parse(row.told) }))
}

export type Warned = { workOrder: string; channel: string; colour: Colour }

/** With the notice that tells it, in one transaction: a restart neither tells twice nor forgets. */
export function putWarned(sqlite: DatabaseSync, warned: readonly Warned[], now: number): void {
  sqlite
    .prepare(
      `INSERT OR IGNORE INTO work_order_told (work_order, channel, colour, at)
       SELECT value->>'workOrder', value->>'channel', value->>'colour', ? FROM json_each(?)`,
    )
    .run(now, JSON.stringify(warned))
}

type Stored = {
  id: string
  colour: Colour
  unit: string
  class: WorkOrder['rule']['class']
  districts: string
  silencedUntil: number | null
  told: string
}

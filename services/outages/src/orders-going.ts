/** Which work orders go along when devices leave an outage: those of which all devices do. */
import { limitText } from '@hub/contracts'
import { type Kysely, sql } from 'kysely'
import { refusal } from './plan.ts'
import type { OutagesDb } from './tables.ts'

/**
 * @param parts devices that go to one outage each; the rest stays
 * @returns of each part the orders that go with it, closed ones too
 * @throws HubError `outage.judgement` for one that is not closed and has devices on both sides, by its number
 */
export async function ordersGoing(
  db: Kysely<OutagesDb>,
  outage: string,
  parts: readonly (readonly string[])[],
): Promise<string[][]> {
  const partOf = new Map(parts.flatMap((devices, n) => devices.map((device) => [device, n] as const)))
  const { rows } = await sql<{ id: string; number: string; status: string; devices: string }>`
    SELECT w.id, w.number, w.status, (SELECT json_group_array(d.device) FROM work_orders_device d WHERE d.work_order = w.id) AS devices
    FROM work_orders_order w WHERE w.outage = ${outage} ORDER BY w.number`.execute(db)
  const going: string[][] = parts.map(() => [])
  for (const { id, number, status, devices } of rows) {
    const [first, ...others] = new Set((JSON.parse(devices) as string[]).map((device) => partOf.get(device)))
    if (others.length === 0) {
      if (first !== undefined) going[first]!.push(id)
    } else if (status !== 'closed' && status !== 'cancelled')
      throw refusal(outage, limitText('judge-order', { order: number }))
  }
  return going
}

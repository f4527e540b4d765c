/** The circle that holds the devices of an outage, as the key of a place: `longitude,latitude/metres`. */
import { circleAround } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import type { OutagesDb } from './tables.ts'

/** @returns null when no device of it has a position */
export async function circleOf(db: Kysely<OutagesDb>, outage: string): Promise<string | null> {
  const { rows } = await sql<{ longitude: number; latitude: number }>`
    SELECT DISTINCT d.id, d.longitude, d.latitude FROM outage_member m JOIN registry_device d ON d.id = m.device
    WHERE m.outage = ${outage} AND d.longitude IS NOT NULL AND d.latitude IS NOT NULL`.execute(db)
  if (rows.length === 0) return null
  const { centre, metres } = circleAround(rows)
  return `${centre.longitude.toFixed(4)},${centre.latitude.toFixed(4)}/${metres}`
}

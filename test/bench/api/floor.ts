/** The least that a list of all devices costs: one statement on the same file and its rows as JSON, in this very process. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { quantile, rounded, timed } from '../report/timed.ts'

export async function floor(folder: string, repeats: number): Promise<{ devices_all_p50_ms: number }> {
  const sqlite = new DatabaseSync(join(folder, 'record.db'), { readOnly: true })
  const all = sqlite.prepare(
    `SELECT device.id, name, kind, district, application, carrier, point_type, project, stage, longitude, latitude, address, ip_address,
      gateway, state, since, last_at FROM device LEFT JOIN device_state ON device_state.device = device.id LEFT JOIN device_binding ON device_binding.device = device.id ORDER BY device.id`,
  )
  const times = await timed(repeats, async () => JSON.stringify(all.all()))
  sqlite.close()
  return { devices_all_p50_ms: rounded(quantile(times, 0.5), 1) }
}

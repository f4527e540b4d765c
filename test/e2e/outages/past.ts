/** An outage of yesterday in the Record, handled and closed: what happens today has happened before. */
import { DatabaseSync } from 'node:sqlite'
import { audit } from '@hub/access'
import type { DistrictCode } from '@hub/contracts'
import { outageWriter } from '@hub/outages'

const [day, hour] = [86_400_000, 3_600_000]

/** @param file of the Record; its hub may be running */
export function writeYesterday(file: string, key: string, district: DistrictCode, devices: readonly string[]): void {
  const sqlite = new DatabaseSync(file, { timeout: 5_000 })
  const [id, from, of] = ['yesterday', Date.now() - day, devices.length]
  const to = from + hour
  sqlite.exec('BEGIN IMMEDIATE')
  const writer = outageWriter(sqlite, audit)
  writer.putFacts(
    {
      id,
      from,
      to,
      districts: [district],
      expected: false,
      countsFrom: null,
      held: false,
      members: of,
      down: 0,
      importance: 'normal',
      cause: { kind: 'switch', key, mode: 'together' },
      evidence: { down: of, of, withinMs: 9_000, rejected: [] },
    },
    to,
  )
  writer.putMembers(
    devices.map((device) => ({
      device,
      from,
      to,
      outage: id,
      was: null,
      sign: 'path',
      expected: false,
      countsFrom: null,
    })),
  )
  sqlite.prepare("UPDATE outage SET status = 'closed', closed_at = ? WHERE id = ?").run(to + hour, id)
  sqlite.exec('COMMIT')
  sqlite.close()
}

/** Gateways as viewers see them: those that serve one of their districts. */
import { type DistrictCode, type GatewayRow, inScope, type Scope } from '@hub/contracts'
import type { RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'

/** A gateway says how it is every five seconds: after four of them in silence it is not online, whatever it said last. */
const silentMs = 20_000

const neverHeard = (gateway: string) => ({
  v: 1 as const,
  gateway,
  online: false,
  at: 0,
  version: '',
  assignment: 0,
  devices: 0,
  spooled: 0,
  clockOffsetMs: null,
  blind: false,
})

export async function listGateways(db: Kysely<RecordTables>, scope: Scope, now: number): Promise<GatewayRow[]> {
  const rows = await db.selectFrom('gateway').selectAll().orderBy('id').execute()
  return rows
    .map((row) => {
      const status: ReturnType<typeof neverHeard> = row.status === null ? neverHeard(row.id) : JSON.parse(row.status)
      const heard = row.last_seen_at !== null && now - row.last_seen_at < silentMs
      const districts: DistrictCode[] = JSON.parse(row.districts)
      return { ...status, online: status.online && heard, name: row.name, districts, lastSeenAt: row.last_seen_at }
    })
    .filter((gateway) => gateway.districts.some((district) => inScope(scope, district)))
}

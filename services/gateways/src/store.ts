/** Gateways in the Record: who they are, and what they last said. */
import type { GatewayId, GatewayStatus } from '@hub/contracts'
import type { GatewaysDb as Db } from './tables.ts'

/** Enters the configured gateways; one that is already there keeps its status and assignment. */
export async function putGateways(
  db: Db,
  gateways: readonly { id: GatewayId; name: string; districts: readonly string[]; passwordHash: string }[],
): Promise<void> {
  if (gateways.length === 0) return
  await db
    .insertInto('gateway')
    .values(
      gateways.map(({ id, name, districts, passwordHash }) => ({
        id,
        name,
        districts: JSON.stringify(districts),
        password_hash: passwordHash,
        status: null,
        last_seen_at: null,
        assignment_version: 1,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        name: row.ref('excluded.name'),
        districts: row.ref('excluded.districts'),
        password_hash: row.ref('excluded.password_hash'),
      })),
    )
    .execute()
}

/** The districts that a gateway serves; none for a gateway that is not there. */
export async function districtsOf(db: Db, gateway: GatewayId): Promise<readonly (string | undefined)[]> {
  const row = await db.selectFrom('gateway').select('districts').where('id', '=', gateway).executeTakeFirst()
  return row ? (JSON.parse(row.districts) as string[]) : []
}

/** Keeps what a gateway said of itself. `now`: the centre's clock. */
export async function putGatewayStatus(db: Db, status: GatewayStatus, now: number): Promise<void> {
  // A will says how the spool was when the connection began.
  const isDrained = status.online && status.spooled === 0
  await db
    .updateTable('gateway')
    .set({
      status: JSON.stringify(status),
      last_seen_at: now,
      // Not later than it was said: a message that was kept for a subscriber tells of its own time.
      ...(isDrained && { drained_at: Math.min(now, status.at) }),
    })
    .where('id', '=', status.gateway)
    .execute()
}

/** Gateways in the Record: who they are, what they last said, and what is assigned to them. */
import type { AssignedDevice, GatewayId, GatewayStatus } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { RecordTables } from './schema.ts'

type Db = Kysely<RecordTables>

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
        ...{ id, name, districts: JSON.stringify(districts), password_hash: passwordHash },
        ...{ status: null, last_seen_at: null, assignment_version: 1 },
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
  await db
    .updateTable('gateway')
    .set({ status: JSON.stringify(status), last_seen_at: now })
    .where('id', '=', status.gateway)
    .execute()
}

/** Says that the assignment of these gateways has changed: the next status exchange sends it. */
export async function bumpAssignment(db: Db, gateways: Iterable<GatewayId>): Promise<void> {
  const ids = [...new Set(gateways)]
  if (ids.length === 0) return
  await db
    .updateTable('gateway')
    .set((row) => ({ assignment_version: row('assignment_version', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

/** What a gateway has to watch: approved cameras, and sensors that hold a credential. Retired devices are left alone. Undefined: no such gateway. */
export async function readAssignment(
  db: Db,
  gateway: GatewayId,
): Promise<{ version: number; devices: AssignedDevice[] } | undefined> {
  const found = await db.selectFrom('gateway').select('assignment_version').where('id', '=', gateway).executeTakeFirst()
  if (!found) return undefined
  const rows = await db
    .selectFrom('device')
    .leftJoin('sensor_credential', 'sensor_credential.device', 'device.id')
    .select(['id', 'kind', 'xaddr', 'endpoint', 'credential', 'every_ms', 'password_hash'])
    .where('gateway', '=', gateway)
    .where('stage', '!=', 'retired')
    .orderBy('id')
    .execute()
  return { version: found.assignment_version, devices: rows.flatMap((row) => assigned(row) ?? []) }
}

type AssignedRow = {
  id: string
  kind: string
  xaddr: string | null
  endpoint: string | null
  credential: string | null
  every_ms: number
  password_hash: string | null
}

function assigned(row: AssignedRow): AssignedDevice | undefined {
  const { id, xaddr, endpoint, credential, every_ms: every, password_hash: passwordHash } = row
  if (row.kind === 'sensor') return passwordHash === null ? undefined : { kind: 'sensor', id, passwordHash, every }
  if (xaddr === null || credential === null) return undefined
  return { kind: 'camera', id, xaddr, credential, every, ...(endpoint !== null && { endpoint }) }
}
